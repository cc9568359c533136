import { FAMILIES, type DedicatedGroup, type Grant, type RequiredPort } from '../../core/plan.js';

/** `ipv4:pl-0abc:443-443`, as `request.ts` reads it. */
export const grantText = ({ family, prefixListId, fromPort, toPort }: Grant): string =>
  `${family}:${prefixListId}:${String(fromPort)}-${String(toPort)}`;

/** `NAME=ipv4:pl-0abc:443-443`, as `request.ts` reads it. */
export const dedicatedText = ({ name, grant }: DedicatedGroup): string => `${name}=${grantText(grant)}`;

/** `ipv4/443`, as `request.ts` reads it. */
export const requiredText = ({ family, port }: RequiredPort): string => `${family}/${String(port)}`;

/** The port that `requiredText` wrote, or `null`. */
export function toRequired(text: string): RequiredPort | null {
  const [family, port = '', ...rest] = text.split('/');
  const known = FAMILIES.find((each) => each === family);
  return known === undefined || !/^\d{1,5}$/.test(port) || rest.length > 0
    ? null
    : { family: known, port: Number(port) };
}
