import { OriginGuardError } from '../../core/errors.js';
import type { PolicyDocument } from './statement.js';

interface TemplateRole {
  readonly Type: string;
  readonly Properties?: {
    readonly RoleName?: unknown;
    readonly Policies?: readonly { readonly PolicyDocument: unknown }[];
  };
}

/**
 * What each role of a template may do as plain JSON, by its name without the Region. `${...}` stands where the template
 * fills in a parameter or an ARN, and statements that hang on a condition are there. Raises `E9001` for a role that has not
 * exactly one policy.
 */
export function policiesIn(template: unknown): Readonly<Record<string, PolicyDocument>> {
  const { Resources } = template as { readonly Resources: Readonly<Record<string, TemplateRole>> };
  const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  return Object.fromEntries(
    roles.map(([id, { Properties }]) => {
      const [policy, ...others] = Properties?.Policies ?? [];
      if (policy === undefined || others.length > 0) {
        throw new OriginGuardError('E9001', `the role ${id} of a template has not exactly one policy`);
      }
      const name = String(plain(Properties?.RoleName)).replace('-${AWS::Region}', '');
      return [name, plain(policy.PolicyDocument) as PolicyDocument];
    }),
  );
}

/** A value of a template as a person reads it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, held] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (name === 'Ref') return `\${${String(held)}}`;
    if (name === 'Fn::Sub') return held;
    if (name === 'Fn::GetAtt') return `\${${(held as readonly string[]).join('.')}}`;
    if (name === 'Fn::Join') return (held as readonly [string, readonly unknown[]])[1].map(plain).join('');
    if (name === 'Fn::If') return plain((held as readonly unknown[])[1]);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
