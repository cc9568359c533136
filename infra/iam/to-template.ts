import { toStatement, type Grant } from './statement.js';

/**
 * A document as a template writes it: every text that holds `${...}` is filled in by CloudFormation.
 *
 * @remarks Documents are plain JSON first, so that a person can read one and a policy simulator can run one.
 */
export function toTemplate(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('${') ? { 'Fn::Sub': value } : value;
  if (Array.isArray(value)) return value.map(toTemplate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toTemplate(each)]));
}

/** The statements as a policy of a template; one that hangs on a parameter stands behind the condition of that parameter. */
export const policyInTemplate = (
  grants: readonly Grant[],
  conditions: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> => ({
  Version: '2012-10-17',
  Statement: grants.map((grant) => {
    const statement = toTemplate(toStatement(grant));
    return grant.onlyWith === undefined
      ? statement
      : { 'Fn::If': [conditions[grant.onlyWith], statement, { Ref: 'AWS::NoValue' }] };
  }),
});
