import {
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
  type PutEvaluationsCommandOutput,
  type ResourceType,
} from '@aws-sdk/client-config-service';
import { OriginGuardError } from '../../core/errors.js';
import { known, missing } from '../../core/fact.js';
import type { EvaluationReporter, ItemReader, Reported, ResultReader } from '../../core/reporting.js';
import { EvaluationResultItem, FailedEvaluationItem, HistoryItem } from '../../wire/config.js';
import { isCausedBy, isDenied, toCodedError } from '../failures.js';
import { readItem } from '../read/items.js';
import { listOf, readPages } from '../read/pages.js';
import type { Session } from '../session.js';

/** What looking for results and items may call. */
export const readIamActions = ['config:GetComplianceDetailsByConfigRule', 'config:GetResourceConfigHistory'] as const;

/** What telling results may call. */
export const reportIamActions = ['config:PutEvaluations'] as const;

/** The largest page. Source: API reference of GetComplianceDetailsByConfigRule. */
const PAGE_SIZE = 100;

/** The token with which a function is tried out. Source: AWS's own samples; API reference of PutEvaluations. */
const TEST_TOKEN = 'TESTMODE';

/** Speaks with the AWS Config of one account and Region; each way takes its time from its own session. */
export const configReporter = ({
  session,
  reporting,
}: {
  readonly session: Session;
  readonly reporting: Session;
}): EvaluationReporter & ResultReader & ItemReader => ({
  reportEvaluations: (evaluations, resultToken) => putEvaluations(reporting, evaluations, resultToken),
  resultsOf: (configRuleName) => readResults(session, configRuleName),
  configurationItem: (summary) => readHistoryItem(session, summary),
});

async function putEvaluations(
  { accountId, region, clients, budget }: Session,
  ...[evaluations, resultToken]: Parameters<EvaluationReporter['reportEvaluations']>
): Promise<readonly Reported[]> {
  const doing = `telling AWS Config ${String(evaluations.length)} results of account ${accountId} in ${region}`;
  const command = new PutEvaluationsCommand({
    Evaluations: evaluations.map(({ resourceType, resourceId, compliance, annotation, orderingTimestamp }) => ({
      ComplianceResourceType: resourceType,
      ComplianceResourceId: resourceId,
      ComplianceType: compliance,
      Annotation: annotation,
      OrderingTimestamp: new Date(orderingTimestamp),
    })),
    ResultToken: resultToken,
    ...(resultToken === TEST_TOKEN ? { TestMode: true } : {}),
  });
  let answer: PutEvaluationsCommandOutput;
  try {
    answer = await budget.run(doing, () => clients.config.send(command, { abortSignal: budget.signal }));
  } catch (error) {
    if (isDenied(error)) {
      throw new OriginGuardError('E2002', `${doing} was denied; allow ${reportIamActions[0]}`, { cause: error });
    }
    throw toCodedError(error, doing, REFUSALS.some((name) => isCausedBy(error, name)) ? 'E2002' : 'E2001');
  }
  return listOf(answer.FailedEvaluations ?? [], 'FailedEvaluations').map((each) =>
    readItem(FailedEvaluationItem, each, 'a refused result'),
  );
}

/** How AWS Config says that it does not take what it was told. Source: API reference of PutEvaluations. */
const REFUSALS = [
  'InvalidParameterValueException',
  'InvalidResultTokenException',
  'NoSuchConfigRuleException',
  'ValidationException',
] as const;

/** The longest name that results can be asked by, while a rule's own may have 128. Source: API reference. */
const NAME_LIMIT = 64;

const readResults: InSession<ResultReader['resultsOf']> = async (session, configRuleName) => {
  if (configRuleName.length > NAME_LIMIT) {
    return missing({
      fact: 'results',
      cause: 'incomplete',
      detail: `the results of the AWS Config rule ${configRuleName} cannot be read: its name has ${String(configRuleName.length)} characters, allowed: ${String(NAME_LIMIT)} (a conformance pack adds 26)`,
    });
  }
  try {
    const pages = await readPages(session, {
      fact: 'results',
      what: `the results of the AWS Config rule ${configRuleName}`,
      action: readIamActions[0],
      command: 'get-compliance-details-by-config-rule',
      page: (NextToken, options) =>
        session.clients.config.send(
          new GetComplianceDetailsByConfigRuleCommand({
            ConfigRuleName: configRuleName,
            ComplianceTypes: ['COMPLIANT', 'NON_COMPLIANT'],
            Limit: PAGE_SIZE,
            NextToken,
          }),
          options,
        ),
      next: ({ NextToken }) => NextToken,
    });
    if (!pages.known) return pages;
    const results = pages.value.flatMap((page) => listOf(page.EvaluationResults, 'EvaluationResults'));
    return known(results.map((each) => readItem(EvaluationResultItem, each, 'a result')));
  } catch (error) {
    // Deleted while the function runs: its results go with it.
    if (isCausedBy(error, 'NoSuchConfigRuleException')) return known([]);
    throw error;
  }
};

/** How far the time of an item may lie before the one in its event, in milliseconds: the two are not written alike. */
const TOLERANCE_MS = 1_000;

const readHistoryItem: InSession<ItemReader['configurationItem']> = async (
  session,
  { resourceType, resourceId, capturedAt },
) => {
  const fact = `configuration item of ${resourceId}`;
  const unseen = missing({
    fact,
    cause: 'not-recorded',
    detail: `the configuration item of ${resourceId} from ${capturedAt} is not in the history of AWS Config, or not yet`,
  });
  try {
    const pages = await readPages(session, {
      fact,
      what: `the ${fact}`,
      action: readIamActions[1],
      command: 'get-resource-config-history',
      page: (nextToken, options) =>
        session.clients.config.send(
          new GetResourceConfigHistoryCommand({
            resourceType: resourceType as ResourceType,
            resourceId,
            // An older item would name what the resource used, and not what it uses.
            earlierTime: new Date(Date.parse(capturedAt) - TOLERANCE_MS),
            laterTime: new Date(capturedAt),
            limit: 1,
            nextToken,
          }),
          options,
        ),
      // A page may be empty with another one behind it.
      next: ({ configurationItems, nextToken }) => (configurationItems?.length === 0 ? nextToken : null),
    });
    if (!pages.known) return pages;
    const [item] = pages.value.flatMap((page) => listOf(page.configurationItems, 'configurationItems'));
    return item === undefined ? unseen : known(readItem(HistoryItem, item, `the ${fact}`));
  } catch (error) {
    if (isCausedBy(error, 'ResourceNotDiscoveredException')) return unseen;
    throw error;
  }
};

type InSession<Ask extends (asked: never) => unknown> = (
  session: Session,
  ...asked: Parameters<Ask>
) => ReturnType<Ask>;
