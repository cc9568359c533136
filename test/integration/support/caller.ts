import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { z } from 'zod';
import { runCommand, venvFolder } from './command.js';
import type { MotoServer } from './moto-server.js';

/** Somebody who calls AWS: with which keys, in which Region. */
export interface Caller {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** moto takes any key that it did not give out for its default account, 123456789012. */
export const DEFAULT_ACCOUNT = '123456789012';
export const defaultCaller: Caller = { region: 'us-east-1', accessKeyId: 'testing', secretAccessKey: 'testing' };

export interface Clients {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly cloudfront: CloudFrontClient;
}

/** The SDK's clients, talking to moto. */
export function clientsFor({ url }: MotoServer, { region, ...credentials }: Caller): Clients {
  const settings = { endpoint: url, region, credentials };
  return {
    region,
    ec2: new EC2Client(settings),
    elbv2: new ElasticLoadBalancingV2Client(settings),
    cloudfront: new CloudFrontClient(settings),
  };
}

/** The environment of an `aws` command that talks to moto and to nobody else; nothing of the user's own settings. */
export const cliEnv = ({ url }: MotoServer, caller: Caller, home: string): Readonly<Record<string, string>> => ({
  PATH: `${venvFolder()}:${process.env['PATH'] ?? ''}`,
  HOME: home,
  AWS_ENDPOINT_URL: url,
  AWS_DEFAULT_REGION: caller.region,
  AWS_ACCESS_KEY_ID: caller.accessKeyId,
  AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
  ...(caller.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: caller.sessionToken }),
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** What one `aws` command prints; a command that fails is an error here. */
export async function aws(moto: MotoServer, caller: Caller, cwd: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand('aws', args, { cwd, env: cliEnv(moto, caller, cwd) });
  if (code !== 0) throw new Error(`aws ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return stdout;
}

const Assumed = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
});

/** A caller in another account, by the way AWS has for it: the keys of a role there. */
export async function callerIn(accountId: string, region: string, moto: MotoServer, cwd: string): Promise<Caller> {
  const role = `arn:aws:iam::${accountId}:role/reader`;
  const printed = await aws(moto, defaultCaller, cwd, [
    ...['sts', 'assume-role', '--role-arn', role, '--role-session-name', 'integration-test'],
  ]);
  const { AccessKeyId, SecretAccessKey, SessionToken } = Assumed.parse(JSON.parse(printed)).Credentials;
  return { region, accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
