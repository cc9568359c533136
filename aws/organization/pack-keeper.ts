import {
  DescribeOrganizationConformancePacksCommand,
  DescribeOrganizationConformancePackStatusesCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  PutOrganizationConformancePackCommand,
  type OrganizationConformancePack,
} from '@aws-sdk/client-config-service';
import { OriginGuardError } from '../../core/errors.js';
import type { AccountId } from '../../core/ids.js';
import type { DeployedPack, PackKeeper, PackMember, PackState } from '../../core/organization-pack.js';
import {
  OrganizationPackItem,
  OrganizationPackMemberItem,
  OrganizationPackStatusItem,
} from '../../wire/organization-pack.js';
import { isCausedBy, isDenied, toCodedError } from '../failures.js';
import { readItem } from '../read/items.js';
import { listOf, readPages, type Question } from '../read/pages.js';
import type { Session } from '../session.js';

/** What looking at the pack may call. */
export const readIamActions = [
  'config:DescribeOrganizationConformancePackStatuses',
  'config:DescribeOrganizationConformancePacks',
  'config:GetOrganizationConformancePackDetailedStatus',
] as const;

/** What putting it again may call. */
export const writeIamActions = ['config:PutOrganizationConformancePack'] as const;

/**
 * What AWS Config calls with our permissions to find out who we are in the organization; no call of ours.
 * Source: API reference of PutOrganizationConformancePack.
 */
export const behindIamActions = [
  'organizations:DescribeOrganization',
  'organizations:ListDelegatedAdministrators',
] as const;

/** The largest page. Source: API reference of GetOrganizationConformancePackDetailedStatus. */
const PAGE_SIZE = 100;

/** How AWS Config says that there is no such pack, and that it is at work on it. */
const NO_SUCH_PACK = 'NoSuchOrganizationConformancePackException';
const BUSY = 'ResourceInUseException';

export interface KeptPack {
  readonly name: string;
  /** The template with which it was deployed: AWS Config does not give it back. */
  readonly templateBody: string;
}

/** The keeper of one organization's pack, from the account and Region that deployed it. */
export function packKeeper(session: Session, pack: KeptPack): PackKeeper {
  return {
    deployedPack: () => readPack(session, pack.name),
    putAgain: () => putPack(session, pack),
  };
}

async function readPack(session: Session, name: string): Promise<DeployedPack | null> {
  const item = await findPack(session, name);
  if (item === null) return null;
  const { lastUpdateTime } = readItem(
    OrganizationPackItem,
    { ...item, LastUpdateTime: item.LastUpdateTime?.toISOString() },
    `the pack ${name}`,
  );
  const [statuses, members] = await Promise.all([readStatus(session, name), readMembers(session, name)]);
  const status = statuses.find(({ organizationConformancePackName }) => organizationConformancePackName === name);
  if (status === undefined) throw new OriginGuardError('E2006', `the answer has no status of the pack ${name}`);
  return { state: status.status as PackState, putAt: lastUpdateTime, members };
}

/** The pack as AWS Config describes it, with all that it was put with but its template. */
async function findPack(session: Session, name: string): Promise<OrganizationConformancePack | null> {
  const pages = await orNone(() =>
    askAll(session, {
      action: readIamActions[1],
      command: 'describe-organization-conformance-packs',
      page: (NextToken, options) =>
        session.clients.config.send(
          new DescribeOrganizationConformancePacksCommand({ OrganizationConformancePackNames: [name], NextToken }),
          options,
        ),
      next: ({ NextToken }) => NextToken,
    }),
  );
  return (
    pages
      ?.flatMap((page) => listOf(page.OrganizationConformancePacks, 'OrganizationConformancePacks'))
      .find(({ OrganizationConformancePackName }) => OrganizationConformancePackName === name) ?? null
  );
}

async function readStatus(session: Session, name: string) {
  const pages = await askAll(session, {
    action: readIamActions[0],
    command: 'describe-organization-conformance-pack-statuses',
    page: (NextToken, options) =>
      session.clients.config.send(
        new DescribeOrganizationConformancePackStatusesCommand({ OrganizationConformancePackNames: [name], NextToken }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages
    .flatMap((page) => listOf(page.OrganizationConformancePackStatuses, 'OrganizationConformancePackStatuses'))
    .map((element) => readItem(OrganizationPackStatusItem, element, 'the status of a pack'));
}

async function readMembers(session: Session, name: string): Promise<readonly PackMember[]> {
  const pages = await askAll(session, {
    action: readIamActions[2],
    command: 'get-organization-conformance-pack-detailed-status',
    page: (NextToken, options) =>
      session.clients.config.send(
        new GetOrganizationConformancePackDetailedStatusCommand({
          OrganizationConformancePackName: name,
          Limit: PAGE_SIZE,
          NextToken,
        }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages
    .flatMap((page) =>
      listOf(page.OrganizationConformancePackDetailedStatuses, 'OrganizationConformancePackDetailedStatuses'),
    )
    .map((element) => {
      const { accountId, status, errorMessage } = readItem(
        OrganizationPackMemberItem,
        element,
        'the status of a pack in an account',
      );
      return {
        accountId: accountId as AccountId,
        state: status as PackState,
        why: errorMessage?.replaceAll(/\s+/g, ' ').slice(0, 200) ?? null,
      };
    });
}

/** Every page; without permission nothing can be told, so that is an error. */
async function askAll<Page extends object>(
  session: Session,
  question: Omit<Question<Page>, 'fact' | 'what'>,
): Promise<readonly Page[]> {
  const pages = await readPages(session, { ...question, fact: 'organizationPack', what: 'the conformance pack' });
  if (!pages.known) throw new OriginGuardError('E2009', pages.gap.detail);
  return pages.value;
}

async function orNone<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isCausedBy(error, NO_SUCH_PACK)) return null;
    throw error;
  }
}

/** Puts what is deployed once more: what is not given again would be taken away. */
async function putPack(session: Session, { name, templateBody }: KeptPack): Promise<'put' | 'busy'> {
  const { accountId, region, clients, budget } = session;
  const doing = `putting the conformance pack ${name} of account ${accountId} in ${region} again`;
  const deployed = await findPack(session, name);
  if (deployed === null) throw new OriginGuardError('E2009', `${doing}: it is not there any more; deploy it again`);
  const command = new PutOrganizationConformancePackCommand({
    OrganizationConformancePackName: name,
    TemplateBody: templateBody,
    DeliveryS3Bucket: deployed.DeliveryS3Bucket,
    DeliveryS3KeyPrefix: deployed.DeliveryS3KeyPrefix,
    ConformancePackInputParameters: deployed.ConformancePackInputParameters,
    ExcludedAccounts: deployed.ExcludedAccounts,
  });
  try {
    await budget.run(doing, () => clients.config.send(command, { abortSignal: budget.signal }));
    return 'put';
  } catch (error) {
    if (isCausedBy(error, BUSY)) return 'busy';
    if (isDenied(error)) {
      throw new OriginGuardError('E2009', `${doing} was denied; allow ${writeIamActions[0]}`, { cause: error });
    }
    throw toCodedError(error, doing, isRefusal(error) ? 'E2009' : 'E2001');
  }
}

/** How AWS Config says that the pack itself, or who puts it, is not as it has to be. */
const REFUSALS: readonly string[] = [
  'OrganizationConformancePackTemplateValidationException',
  'OrganizationAccessDeniedException',
  'NoAvailableOrganizationException',
  'OrganizationAllFeaturesNotEnabledException',
  'InsufficientPermissionsException',
  'ValidationException',
];

const isRefusal = (error: unknown): boolean => REFUSALS.some((name) => isCausedBy(error, name));
