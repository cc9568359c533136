/** A DNS name in the one form in which names are compared: lower case, no trailing dot, no `dualstack.`. */
export function normalizeDomain(name: string): string {
  const bare = name.trim().toLowerCase().replace(/\.$/, '');
  return bare.startsWith('dualstack.') && isElbName(bare) ? bare.slice('dualstack.'.length) : bare;
}

const ELB = /\.elb\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/;
const S3 = /(?:^|\.)s3(?:-[a-z0-9-]+)?(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;

/** Whether a name is one that Elastic Load Balancing gives out. */
export const isElbName = (name: string): boolean => ELB.test(name);

/** Whether a name is a bucket's, by the REST or the website endpoint. */
export const isS3Name = (name: string): boolean => !isElbName(name) && S3.test(name);

const PLACEHOLDER = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** Whether a domain name waits for the parameters of a distribution tenant. */
export const isTemplate = (domain: string): boolean => domain.includes('{{');

/** The domain with every `{{parameter}}` filled in, or the first parameter that has no value. */
export function fillTemplate(
  domain: string,
  values: Readonly<Record<string, string>>,
): { readonly domain: string } | { readonly missing: string } {
  let absent: string | undefined;
  const filled = domain.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) absent ??= name;
    return value ?? '';
  });
  return absent === undefined ? { domain: filled } : { missing: absent };
}
