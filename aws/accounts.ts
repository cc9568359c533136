import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types';
import pLimit from 'p-limit';
import { OriginGuardError } from '../core/errors.js';
import { scopeOfArn, toAccountId, toRegion, type AccountId, type Region } from '../core/ids.js';
import type { DeniedItem } from '../wire/denied.js';
import type { Budget } from './budget.js';
import { clientSettings, equip, makeClients } from './clients.js';
import { isDenied, toCodedError } from './failures.js';
import type { CallCounter } from './middleware/count-calls.js';
import { listOf } from './read/pages.js';
import type { SeenPage, Session } from './session.js';

/** What opening live accounts may call, beside what the readers call. */
export const iamActions = ['ec2:DescribeRegions', 'sts:AssumeRole', 'sts:GetCallerIdentity'] as const;

export interface AccountsOptions {
  /** @default - the SDK's usual chain: environment, shared files, instance or task role */
  readonly profile?: string;
  /** A role in each further account. */
  readonly roleArns: readonly string[];
  /** `all` is every Region that the account has enabled. */
  readonly regions: readonly Region[] | 'all';
  readonly budget: Budget;
  readonly counter: CallCounter;
  readonly onPage?: (page: SeenPage) => void;
  readonly onDenied?: (denied: DeniedItem) => void;
}

/** How many questions may be under way at a time, over all accounts and Regions. */
const CONCURRENCY = 16;

/**
 * The sessions to read live accounts through: the caller's own account first, then that of each role, every Region of
 * one before the next.
 *
 * Raises `E2007` when the credentials are no good, `E2003` when the Regions may not be listed, `E1003` for two roles in
 * one account.
 */
export async function openAccounts(options: AccountsOptions): Promise<readonly [Session, ...Session[]]> {
  const home =
    options.regions === 'all'
      ? await homeRegion(options.profile)
      : (options.regions[0] ?? (await homeRegion(options.profile)));
  const own = keepUntilExpiry(
    fromNodeProviderChain({
      ...(options.profile === undefined ? {} : { profile: options.profile, logger: QUIET }),
      clientConfig: { region: home },
    }),
  );
  const accounts: Account[] = [{ accountId: await ownAccount(own, home, options), credentials: own }];
  for (const roleArn of options.roleArns) {
    const { accountId } = scopeOfArn(roleArn);
    if (accountId === null) {
      throw new OriginGuardError(
        'E1003',
        `--role-arn is "${roleArn}"; allowed: the ARN of a role such as arn:aws:iam::111122223333:role/NAME`,
      );
    }
    if (accounts.some((account) => account.accountId === accountId)) {
      throw new OriginGuardError(
        'E1003',
        `--role-arn ${roleArn}: account ${accountId} is read already; allowed: one role for each further account`,
      );
    }
    accounts.push({ accountId, credentials: await assume(roleArn, own, home, options) });
  }
  const limit = pLimit(CONCURRENCY);
  const sessions: Session[] = [];
  for (const { accountId, credentials } of accounts) {
    const sessionAt = (region: Region): Session => ({
      accountId,
      region,
      clients: makeClients({ region, credentials, counter: options.counter }),
      budget: options.budget,
      areCredentialsProven: true,
      limit,
      ...(options.onPage === undefined ? {} : { onPage: options.onPage }),
      ...(options.onDenied === undefined ? {} : { onDenied: options.onDenied }),
    });
    const regions = options.regions === 'all' ? await enabledRegions(sessionAt(home)) : options.regions;
    sessions.push(...(regions.length === 0 ? [home] : regions).map(sessionAt));
  }
  const [first, ...rest] = sessions;
  if (first === undefined) throw new RangeError('no account has a Region');
  return [first, ...rest];
}

interface Account {
  readonly accountId: AccountId;
  readonly credentials: AwsCredentialIdentityProvider;
}

/** The SDK warns of keys in the environment beside a profile; who names one on the command line has decided. */
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The Region that the environment or the profile names, as the AWS CLI finds it. */
async function homeRegion(profile: string | undefined): Promise<Region> {
  const named = toRegion(process.env['AWS_REGION']) ?? toRegion(process.env['AWS_DEFAULT_REGION']);
  if (named !== null) return named;
  try {
    const region = toRegion(await new STSClient(profile === undefined ? {} : { profile }).config.region());
    if (region !== null) return region;
  } catch {
    // Nothing names a Region: the error below says what to do.
  }
  throw new OriginGuardError('E1003', 'no Region is named; give --region, or read saved data with --from PATH');
}

async function ownAccount(
  credentials: AwsCredentialIdentityProvider,
  region: Region,
  { budget, counter, profile }: AccountsOptions,
): Promise<AccountId> {
  const sts = new STSClient(clientSettings({ region, credentials }));
  equip(sts, counter);
  const doing =
    profile === undefined
      ? 'asking whose credentials these are'
      : `asking whose the credentials of profile ${profile} are`;
  try {
    const { Account } = await budget.run(doing, () =>
      sts.send(new GetCallerIdentityCommand({}), { abortSignal: budget.signal }),
    );
    const accountId = toAccountId(Account);
    if (accountId !== null) return accountId;
    throw new OriginGuardError('E2006', `${doing}: the answer names no account`);
  } catch (error) {
    throw toCodedError(error, doing);
  }
}

/** The credentials of a role in another account; asked for at once, so that a role that is no good is named here. */
async function assume(
  roleArn: string,
  own: AwsCredentialIdentityProvider,
  region: Region,
  { budget }: AccountsOptions,
): Promise<AwsCredentialIdentityProvider> {
  const provider = keepUntilExpiry(
    fromTemporaryCredentials({
      masterCredentials: own,
      params: { RoleArn: roleArn, RoleSessionName: 'origin-guard' },
      clientConfig: { region },
    }),
  );
  const doing = `assuming the role ${roleArn}`;
  try {
    await budget.run(doing, () => provider());
    return provider;
  } catch (error) {
    throw toCodedError(error, doing, 'E2007');
  }
}

/** Credentials are renewed so long before they end, in milliseconds. */
const RENEW_MS = 300_000;

/** Every client asks for credentials by itself; one answer serves them all. */
function keepUntilExpiry(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let held: Promise<AwsCredentialIdentity> | undefined;
  return async (properties) => {
    const current = await held?.catch(() => undefined);
    if (current !== undefined && (current.expiration?.getTime() ?? Infinity) > Date.now() + RENEW_MS) return current;
    held = provider(properties);
    return held;
  };
}

/** The Regions of an answer, sorted. Raises `E2006` for one that is none. */
export const regionsIn = (
  regions: readonly { readonly RegionName?: string | undefined }[] | undefined,
  doing: string,
): readonly Region[] =>
  listOf(regions, 'Regions')
    .map(({ RegionName }) => {
      const region = toRegion(RegionName);
      if (region === null) throw new OriginGuardError('E2006', `${doing}: "${RegionName ?? ''}" is no Region`);
      return region;
    })
    .sort();

async function enabledRegions(session: Session): Promise<readonly Region[]> {
  const { budget, clients, accountId } = session;
  const doing = `listing the Regions of account ${accountId}`;
  try {
    const { Regions } = await budget.run(doing, () =>
      clients.ec2.send(new DescribeRegionsCommand({ AllRegions: false }), { abortSignal: budget.signal }),
    );
    return regionsIn(Regions, doing);
  } catch (error) {
    if (isDenied(error)) {
      throw new OriginGuardError(
        'E2003',
        `${doing} was denied; allow ${iamActions[0]}, or name the Regions with --region`,
        { cause: error },
      );
    }
    throw toCodedError(error, doing);
  }
}
