import type { DedicatedGroup, Grant, RequiredPort } from '../../core/plan.js';

/** `ipv4:pl-0abc:443-443`, as `request.ts` reads it. */
export const grantText = ({ family, prefixListId, fromPort, toPort }: Grant): string =>
  `${family}:${prefixListId}:${String(fromPort)}-${String(toPort)}`;

/** `NAME=ipv4:pl-0abc:443-443`, as `request.ts` reads it. */
export const dedicatedText = ({ name, grant }: DedicatedGroup): string => `${name}=${grantText(grant)}`;

/** `ipv4/443`, as `request.ts` reads it. */
export const requiredText = ({ family, port }: RequiredPort): string => `${family}/${String(port)}`;
