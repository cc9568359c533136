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
