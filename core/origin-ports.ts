import type { CustomOrigin } from './model/distribution.js';
import type { LinkedBy } from './path.js';

/** Links that say that CloudFront comes, but not by which origin settings. */
const WITHOUT_SETTINGS: ReadonlySet<LinkedBy> = new Set(['declared', 'resolved-address']);

/** How CloudFront connects by a link, or `null` where the origin's settings need not be those of the connection. */
export const settingsBy = (linkedBy: LinkedBy, custom: CustomOrigin | null): CustomOrigin | null =>
  WITHOUT_SETTINGS.has(linkedBy) ? null : custom;

/** The ports to which CloudFront connects. */
export function originPorts({ protocolPolicy, httpPort, httpsPort }: CustomOrigin): readonly number[] {
  switch (protocolPolicy) {
    case 'http-only':
      return [httpPort];
    case 'https-only':
      return [httpsPort];
    case 'match-viewer':
      return [httpPort, httpsPort];
  }
}
