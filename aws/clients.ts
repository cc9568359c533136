import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, MiddlewareStack } from '@aws-sdk/types';
import { version } from '../package.json';
import type { Region } from '../core/ids.js';
import { countCalls, type CallCounter } from './middleware/count-calls.js';
import { takeTurns } from './middleware/take-turns.js';
import { requireWholeAnswers } from './middleware/whole-answers.js';

/** The clients of one account and Region. */
export interface Clients {
  readonly ec2: EC2Client;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly cloudfront: CloudFrontClient;
  readonly config: ConfigServiceClient;
  readonly securityHub: SecurityHubClient;
}

export interface ClientOptions {
  readonly region: Region;
  /** @default - the SDK's usual chain */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly counter: CallCounter;
}

/** How long one attempt may take, in milliseconds, and how many there may be. */
const CONNECT_MS = 3_000;
const ANSWER_MS = 10_000;
const MAX_ATTEMPTS = 5;
/** How many calls of one client run beside each other, each on a connection of its own. */
const CALLS_AT_ONCE = 8;

/**
 * What every client of ours has in common: a time-out for each attempt, adaptive retries, few connections, our name.
 *
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const clientSettings = ({ region, credentials }: Pick<ClientOptions, 'region' | 'credentials'>) => ({
  region,
  ...(credentials === undefined ? {} : { credentials }),
  maxAttempts: MAX_ATTEMPTS,
  retryMode: 'adaptive',
  customUserAgent: [['origin-guard', version]] satisfies [string, string][],
  requestHandler: {
    connectionTimeout: CONNECT_MS,
    requestTimeout: ANSWER_MS,
    throwOnRequestTimeout: true,
    socketTimeout: ANSWER_MS,
    httpAgent: { maxSockets: CALLS_AT_ONCE },
    httpsAgent: { maxSockets: CALLS_AT_ONCE },
  },
});

/** Makes the clients of one account and Region; nothing is sent before a command is. */
export function makeClients(options: ClientOptions): Clients {
  const settings = clientSettings(options);
  const clients: Clients = {
    ec2: new EC2Client(settings),
    elbv2: new ElasticLoadBalancingV2Client(settings),
    cloudfront: new CloudFrontClient(settings),
    config: new ConfigServiceClient(settings),
    securityHub: new SecurityHubClient(settings),
  };
  for (const client of Object.values(clients) as readonly { readonly middlewareStack: unknown }[])
    equip(client, options.counter);
  return clients;
}

/** Adds what every client of ours bounds, counts and checks. */
export function equip(client: { readonly middlewareStack: unknown }, counter: CallCounter): void {
  bound(client, counter).use(requireWholeAnswers(ANSWER_MS));
}

/** Adds what every client bounds and counts, also one whose answers are no documents. */
export function bound(
  client: { readonly middlewareStack: unknown },
  counter: CallCounter,
): MiddlewareStack<object, object> {
  const stack = client.middlewareStack as MiddlewareStack<object, object>;
  stack.use(takeTurns(CALLS_AT_ONCE));
  stack.use(countCalls(counter));
  return stack;
}
