import { json, serviceError, type WholeAnswer } from './faults.js';
import type { Passing, StandIn } from './recording-proxy.js';

type Compliance = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/** A result as AWS Config holds it. */
export interface HeldResult {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly compliance: Compliance;
  readonly annotation: string | null;
  /** Seconds since 1970. */
  readonly orderingTimestamp: number;
}

/** A configuration item as the API prints it: the configuration is JSON in a text. */
export type HistoryItem = Readonly<Record<string, unknown>> & {
  readonly resourceType: string;
  readonly resourceId: string;
  /** Seconds since 1970. */
  readonly configurationItemCaptureTime: number;
};

/** The part of AWS Config that moto lacks: results of custom rules, and the history of what it does not record. */
export interface ConfigStandIn {
  readonly standIn: StandIn;
  /** A token with which results may be put, as an event of the rule carries it. */
  readonly tokenFor: (configRuleName: string) => string;
  /** What `GetComplianceDetailsByConfigRule` tells of, by type and id. */
  readonly resultsOf: (configRuleName: string) => readonly HeldResult[];
  /** Every result in the order in which it was put, whether it is held or not. */
  readonly put: () => readonly HeldResult[];
  /** Holds results as if they had been put before. */
  readonly hold: (configRuleName: string, results: readonly HeldResult[]) => void;
  /** Has results of these resources listed as failed from now on, and not held. */
  readonly refuse: (resourceIds: readonly string[]) => void;
  readonly addHistory: (item: HistoryItem) => void;
  /** Forgets results, refusals and history; tokens stay. */
  readonly forget: () => void;
}

export interface PageOptions {
  /** The largest page, however many elements a caller asks for. @default 100 */
  readonly pageSize?: number;
}

interface PutEvaluationsInput {
  readonly Evaluations?: readonly {
    readonly ComplianceResourceType: string;
    readonly ComplianceResourceId: string;
    readonly ComplianceType: string;
    readonly Annotation?: string;
    readonly OrderingTimestamp: number;
  }[];
  readonly ResultToken?: string;
  readonly TestMode?: boolean;
}

interface DetailsInput {
  readonly ConfigRuleName: string;
  readonly ComplianceTypes?: readonly string[];
  readonly Limit?: number;
  readonly NextToken?: string;
}

interface HistoryInput {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly laterTime?: number;
  readonly limit?: number;
}

const COMPLIANCES: readonly string[] = ['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE'] satisfies Compliance[];

const keyOf = ({ resourceType, resourceId }: Pick<HeldResult, 'resourceType' | 'resourceId'>): string =>
  `${resourceType}|${resourceId}`;

/**
 * Makes a stand-in that keeps its results in memory.
 *
 * Source: API references of PutEvaluations, GetComplianceDetailsByConfigRule and GetResourceConfigHistory at
 * https://docs.aws.amazon.com/config/latest/APIReference/. That an older `OrderingTimestamp` does not overwrite a newer
 * one is an assumption.
 */
export function configStandIn({ pageSize = 100 }: PageOptions = {}): ConfigStandIn {
  const rules = new Map<string, Map<string, HeldResult>>();
  const all: HeldResult[] = [];
  const refused = new Set<string>();
  const history: HistoryItem[] = [];
  const tokenFor = (name: string): string => {
    if (!rules.has(name)) rules.set(name, new Map());
    return Buffer.from(JSON.stringify({ token: name })).toString('base64');
  };
  const heldBy = (token: string): Map<string, HeldResult> | undefined =>
    [...rules].find(([name]) => tokenFor(name) === token)?.[1];

  const putEvaluations = ({ called, forward }: Passing): Promise<WholeAnswer> | WholeAnswer => {
    const { Evaluations = [], ResultToken = '', TestMode = false } = called.input as PutEvaluationsInput;
    if (TestMode) return forward();
    const invalid = (code: string, message: string): WholeAnswer =>
      serviceError(called, { status: 400, code, message });
    const held = heldBy(ResultToken);
    if (held === undefined) return invalid('InvalidResultTokenException', 'The specified ResultToken is invalid');
    if (Evaluations.length === 0) return invalid('InvalidParameterValueException', 'Evaluations cannot be empty');
    if (Evaluations.length > 100) return invalid('ValidationException', 'Evaluations: at most 100 items');
    for (const each of Evaluations) {
      if (!COMPLIANCES.includes(each.ComplianceType))
        return invalid('InvalidParameterValueException', `ComplianceType ${each.ComplianceType}`);
      if (each.Annotation !== undefined && (each.Annotation.length < 1 || each.Annotation.length > 256))
        return invalid('ValidationException', `Annotation: ${String(each.Annotation.length)} characters`);
      if (typeof each.OrderingTimestamp !== 'number') return invalid('ValidationException', 'OrderingTimestamp');
    }
    const results = Evaluations.map((each): HeldResult => ({
      resourceType: each.ComplianceResourceType,
      resourceId: each.ComplianceResourceId,
      compliance: each.ComplianceType as Compliance,
      annotation: each.Annotation ?? null,
      orderingTimestamp: each.OrderingTimestamp,
    }));
    all.push(...results);
    for (const result of results) {
      const older = held.get(keyOf(result));
      const isNews = older === undefined || older.orderingTimestamp <= result.orderingTimestamp;
      if (isNews && !refused.has(result.resourceId)) held.set(keyOf(result), result);
    }
    const FailedEvaluations = Evaluations.filter(({ ComplianceResourceId }) => refused.has(ComplianceResourceId));
    return json(200, { FailedEvaluations });
  };

  const details = ({ called }: Passing): WholeAnswer => {
    const { ConfigRuleName, ComplianceTypes, Limit: asked = 10, NextToken = '0' } = called.input as DetailsInput;
    const Limit = Math.min(asked, pageSize);
    const held = rules.get(ConfigRuleName);
    if (held === undefined)
      return serviceError(called, { status: 400, code: 'NoSuchConfigRuleException', message: ConfigRuleName });
    const from = Number(NextToken);
    const wanted = shown(held).filter(({ compliance }) => ComplianceTypes?.includes(compliance) ?? true);
    const page = wanted.slice(from, from + Limit);
    return json(200, {
      EvaluationResults: page.map((result) => ({
        EvaluationResultIdentifier: {
          EvaluationResultQualifier: {
            ConfigRuleName,
            ResourceType: result.resourceType,
            ResourceId: result.resourceId,
          },
          OrderingTimestamp: result.orderingTimestamp,
        },
        ComplianceType: result.compliance,
        ResultRecordedTime: result.orderingTimestamp + 1,
        ConfigRuleInvokedTime: result.orderingTimestamp,
        ...(result.annotation !== null && { Annotation: result.annotation }),
      })),
      ...(from + Limit < wanted.length && { NextToken: String(from + Limit) }),
    });
  };

  const historyOf = ({ called }: Passing): WholeAnswer | null => {
    const { resourceType, resourceId, laterTime = Infinity, limit = 10 } = called.input as HistoryInput;
    const own = history.filter((item) => item.resourceType === resourceType && item.resourceId === resourceId);
    if (own.length === 0) return null;
    const items = own
      .filter(({ configurationItemCaptureTime }) => configurationItemCaptureTime <= laterTime)
      .sort((a, b) => b.configurationItemCaptureTime - a.configurationItemCaptureTime);
    return json(200, { configurationItems: items.slice(0, limit) });
  };

  return {
    standIn: (passing) => {
      if (passing.called.service !== 'config') return null;
      switch (passing.called.operation) {
        case 'PutEvaluations':
          return putEvaluations(passing);
        case 'GetComplianceDetailsByConfigRule':
          return details(passing);
        case 'GetResourceConfigHistory':
          return historyOf(passing);
        default:
          return null;
      }
    },
    tokenFor,
    resultsOf: (name) => shown(rules.get(name) ?? new Map()),
    put: () => all,
    hold: (name, results) => {
      tokenFor(name);
      for (const result of results) rules.get(name)?.set(keyOf(result), result);
    },
    refuse: (resourceIds) => {
      for (const id of resourceIds) refused.add(id);
    },
    addHistory: (item) => history.push(item),
    forget: () => {
      for (const held of rules.values()) held.clear();
      all.length = 0;
      refused.clear();
      history.length = 0;
    },
  };
}

/** A result that is not applicable is cleaned up: it keeps its time, but nobody is told of it. */
const shown = (held: ReadonlyMap<string, HeldResult>): readonly HeldResult[] =>
  [...held.values()]
    .filter(({ compliance }) => compliance !== 'NOT_APPLICABLE')
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
