import { createRequire } from 'node:module';
import type { Gap } from '../core/fact.js';

/**
 * The oldest client of each kind with which every fact was seen; `npm run test:oldest-clients` reads with these.
 *
 * Older ones drop what they do not know from an answer, without a word: CloudFront's drops VPC origins in 3.693, and
 * does not know tenants in 3.796. EC2's leaves `IncludeManagedResources` out of a question before 3.1035, which counts
 * only in an account that has chosen to hide what AWS services manage.
 */
export const OLDEST_TESTED = {
  '@aws-sdk/client-cloudfront': '3.798.0',
  '@aws-sdk/client-ec2': '3.798.0',
  '@aws-sdk/client-elastic-load-balancing-v2': '3.798.0',
} as const satisfies Readonly<Record<string, string>>;

/**
 * The oldest client of each kind that shows a plan what it needs besides: CloudFront's drops the address type of an
 * origin in 3.879, and has it in 3.882.
 */
export const OLDEST_FOR_PLANS = {
  ...OLDEST_TESTED,
  '@aws-sdk/client-cloudfront': '3.882.0',
} as const satisfies Readonly<Record<string, string>>;

/** CloudFront's client drops the client certificate of an origin in 3.980, and has it in 3.981. */
const SHOWS_CERTIFICATES = '3.981.0';

/** Whether this process's client of CloudFront shows the client certificates of origins; one of no known version does not. */
export const showsCertificates = (installed: Readonly<Record<string, string>>): boolean =>
  isAtLeast(installed['@aws-sdk/client-cloudfront'], SHOWS_CERTIFICATES);

/** The clients whose facts decide verdicts. */
export type ReadingClient = keyof typeof OLDEST_TESTED;

const CLIENTS = Object.keys(OLDEST_TESTED) as readonly ReadingClient[];

/** Why the facts of these clients cannot be relied on: one of them is too old, or of no known version; else `null`. */
export function versionGap(
  installed: Readonly<Record<string, string>>,
  oldest: Readonly<Record<ReadingClient, string>> = OLDEST_TESTED,
): Gap | null {
  const doubtful = CLIENTS.filter((client) => !isAtLeast(installed[client], oldest[client]));
  if (doubtful.length === 0) return null;
  const named = doubtful.map((client) => {
    const version = installed[client] ?? 'of unknown version';
    return `${client.replace('@aws-sdk/', '')} ${version} (oldest tested: ${oldest[client]})`;
  });
  return {
    fact: 'distributions',
    cause: 'incomplete',
    detail: `the answers of ${named.join(', ')} may lack what CloudFront fronts; run the function on a newer runtime, or with a layer of newer clients`,
  };
}

/** A version that is none of three numbers, such as one before a release, is not known to be new enough. */
function isAtLeast(version: string | undefined, oldest: string): boolean {
  const own = numbersOf(version ?? '');
  const needed = numbersOf(oldest);
  if (own === null || needed === null) return false;
  const place = needed.findIndex((number, at) => number !== own[at]);
  return place === -1 || (own[place] ?? 0) > (needed[place] ?? 0);
}

function numbersOf(version: string): readonly number[] | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  return parts === null ? null : parts.slice(1).map(Number);
}

/**
 * The version of each client that this process would load, by package name; one that cannot be read is left out.
 *
 * Source: https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/AWS_LAMBDA.md
 */
export function installedVersions(): Readonly<Record<string, string>> {
  // The clients are outside of the bundle, and so is what they say of themselves.
  const load = createRequire(__filename);
  return Object.fromEntries(
    CLIENTS.flatMap((client) => {
      const version = versionIn(() => load(`${client}/package.json`) as unknown);
      return version === null ? [] : [[client, version] as const];
    }),
  );
}

function versionIn(load: () => unknown): string | null {
  try {
    const found = load();
    return found !== null && typeof found === 'object' && 'version' in found && typeof found.version === 'string'
      ? found.version
      : null;
  } catch {
    // Not known is no failure here: `versionGap` makes a gap of it.
    return null;
  }
}
