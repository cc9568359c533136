import {
  BatchImportFindingsCommand,
  GetFindingsCommand,
  type AwsSecurityFinding,
  type BatchImportFindingsCommandOutput,
} from '@aws-sdk/client-securityhub';
import { OriginGuardError } from '../../core/errors.js';
import type { FindingStore, HubAnswer } from '../../core/reporting.js';
import { FindingItem, ImportAnswer } from '../../wire/security-hub.js';
import { isCausedBy, isDenied, toCodedError } from '../failures.js';
import { readItem } from '../read/items.js';
import { listOf, readPages } from '../read/pages.js';
import { startBudget } from '../budget.js';
import type { Session } from '../session.js';

/** What looking for findings may call. */
export const readIamActions = ['securityhub:GetFindings'] as const;

/** What reporting findings may call. */
export const reportIamActions = ['securityhub:BatchImportFindings'] as const;

/** The largest page, and the most values of one filter. Source: API reference of GetFindings and AwsSecurityFindingFilters. */
const PAGE_SIZE = 100;
const VALUES = 20;

/** How long a look at findings may take, in milliseconds: one that gets no answer must leave time for AWS Config. */
const LOOK_MS = 6_000;

/**
 * How Security Hub says that it is not switched on: for each finding, or for the whole call. It says the first also where
 * the account has turned custom findings off.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
const OFF = 'InvalidAccess';
const OFF_AS_EXCEPTION = 'InvalidAccessException';

/** The findings in the Security Hub of one account and Region; both ways take their time from what is kept for reporting. */
export const securityHubStore = ({ reporting }: { readonly reporting: Session }): FindingStore => ({
  findings: (which) =>
    orOff(async () => {
      const look = startBudget(LOOK_MS);
      try {
        const within = { ...reporting, budget: look };
        return await reporting.budget.run('reading findings', () => readFindings(within, which));
      } finally {
        look.end();
      }
    }),
  importFindings: (findings) => orOff(() => sendFindings(reporting, findings)),
});

const readFindings: InSession<FindingStore['findings']> = async (session, { productArn, generatorId, ids }) => {
  if (ids.length === 0) return on([]);
  const wanted = ids === 'every' ? null : new Set(ids);
  const Filters = {
    ProductArn: [equals(productArn)],
    GeneratorId: [equals(generatorId)],
    // More ids would be several questions; all that there are may be fewer pages.
    ...(wanted === null || wanted.size > VALUES ? {} : { Id: [...wanted].map(equals) }),
  };
  const pages = await readPages(session, {
    fact: 'findings',
    what: 'the findings of Security Hub',
    action: readIamActions[0],
    command: 'get-findings',
    page: (NextToken, options) =>
      session.clients.securityHub.send(new GetFindingsCommand({ Filters, MaxResults: PAGE_SIZE, NextToken }), options),
    next: ({ NextToken }) => NextToken,
  });
  // Without them a finding cannot be kept as the verdicts are.
  if (!pages.known) throw new OriginGuardError('E2004', pages.gap.detail);
  const held = pages.value
    .flatMap((page) => listOf(page.Findings, 'Findings'))
    .map((element) => readItem(FindingItem, element, 'a finding'))
    .filter(
      (item) =>
        item.productArn === productArn &&
        item.generatorId === generatorId &&
        item.awsAccountId === session.accountId &&
        (wanted === null || wanted.has(item.id)),
    );
  return on(
    held.map(({ id, createdAt, updatedAt, recordState }) => ({
      id,
      createdAt,
      updatedAt,
      recordState: recordState ?? 'ACTIVE',
    })),
  );
};

const sendFindings: InSession<FindingStore['importFindings']> = async (session, findings) => {
  const { accountId, region, clients, budget } = session;
  const doing = `sending findings to Security Hub of account ${accountId} in ${region}`;
  const command = new BatchImportFindingsCommand({ Findings: findings as readonly object[] as AwsSecurityFinding[] });
  let answer: BatchImportFindingsCommandOutput;
  try {
    answer = await budget.run(doing, () => clients.securityHub.send(command, { abortSignal: budget.signal }));
  } catch (error) {
    if (isDenied(error)) {
      throw new OriginGuardError('E2004', `${doing} was denied; allow ${reportIamActions[0]}`, { cause: error });
    }
    throw toCodedError(error, doing, isCausedBy(error, 'InvalidInputException') ? 'E2004' : 'E2001');
  }
  const refused = readItem(ImportAnswer, answer, 'the answer of Security Hub');
  const [first] = refused;
  const isOff = refused.length === findings.length && refused.every(({ errorCode }) => errorCode === OFF);
  return first !== undefined && isOff
    ? { isOn: false, why: wordsOf(first.errorCode, first.errorMessage) }
    : on(refused.map(({ id, errorCode, errorMessage }) => ({ id, why: wordsOf(errorCode, errorMessage) })));
};

type InSession<Ask extends (asked: never) => unknown> = (
  session: Session,
  ...asked: Parameters<Ask>
) => ReturnType<Ask>;

/** An answer, or that the account has not switched Security Hub on, which the whole call says as an exception. */
async function orOff<T>(ask: () => Promise<HubAnswer<T>>): Promise<HubAnswer<T>> {
  try {
    return await ask();
  } catch (error) {
    if (!isCausedBy(error, OFF_AS_EXCEPTION)) throw error;
    return { isOn: false, why: (error as OriginGuardError).detail };
  }
}

const wordsOf = (code: string, message: string | null | undefined): string =>
  `${code}: ${message ?? 'no reason given'}`;

const on = <T>(value: T): HubAnswer<T> => ({ isOn: true, value });

const equals = (Value: string) => ({ Value, Comparison: 'EQUALS' }) as const;
