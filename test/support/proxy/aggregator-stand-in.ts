import { json, serviceError, type WholeAnswer } from './faults.js';
import type { Passing, StandIn } from './recording-proxy.js';

/** A configuration item as an aggregator holds it. */
export interface HeldItem {
  readonly accountId: string;
  readonly awsRegion: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The aggregator of AWS Config, which moto lacks. */
export interface AggregatorStandIn {
  readonly standIn: StandIn;
  readonly hold: (...items: readonly HeldItem[]) => void;
  readonly forget: () => void;
}

export interface AggregatorOptions {
  readonly name: string;
  /** The largest page, however many rows a caller asks for. @default 100 */
  readonly pageSize?: number;
}

interface SelectInput {
  readonly ConfigurationAggregatorName: string;
  readonly Expression: string;
  readonly Limit?: number;
  readonly NextToken?: string;
}

const QUERY = /^SELECT (?<fields>[\w., ]+) WHERE (?<where>.+)$/;
const CONDITION = /^(?<field>[\w.]+) (?<how>=|LIKE) '(?<value>[^']+)'$/;

/**
 * Makes a stand-in that answers simple queries: fields, and conditions joined by AND.
 *
 * That a selection out of a list is the list with what was selected of each element is an assumption. Source for the
 * rest: https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
 */
export function aggregatorStandIn({ name, pageSize = 100 }: AggregatorOptions): AggregatorStandIn {
  const held: HeldItem[] = [];
  const answer = ({ called }: Passing): WholeAnswer => {
    const { ConfigurationAggregatorName, Expression, Limit = 25, NextToken = '0' } = called.input as SelectInput;
    const refuse = (code: string): WholeAnswer => serviceError(called, { status: 400, code, message: Expression });
    if (ConfigurationAggregatorName !== name) return refuse('NoSuchConfigurationAggregatorException');
    const { fields = '', where = '' } = QUERY.exec(Expression)?.groups ?? {};
    const conditions = where.split(' AND ').map((text) => CONDITION.exec(text)?.groups);
    if (fields === '' || conditions.includes(undefined)) return refuse('InvalidExpressionException');
    if (Limit > 100) return refuse('InvalidLimitException');
    const found = held.filter((item) =>
      conditions.every((condition) => meets(valueAt(item, condition?.['field'] ?? ''), condition ?? {})),
    );
    const from = Number(NextToken);
    const size = Math.min(Limit, pageSize);
    const Results = found.slice(from, from + size).map((item) => JSON.stringify(select(item, fields.split(', '))));
    return json(200, { Results, ...(from + size < found.length && { NextToken: String(from + size) }) });
  };
  return {
    standIn: (passing) => (passing.called.operation === 'SelectAggregateResourceConfig' ? answer(passing) : null),
    hold: (...items) => {
      held.push(...items);
    },
    forget: () => {
      held.length = 0;
    },
  };
}

function meets(value: unknown, { how, value: wanted = '' }: Readonly<Record<string, string>>): boolean {
  if (typeof value !== 'string') return false;
  return how === 'LIKE' ? value.startsWith(wanted.replace(/%$/, '')) : value === wanted;
}

const valueAt = (item: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], item);

/** The item with these fields only; of each element of a list, what was selected of it. */
function select(item: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(item)) return item.map((element) => select(element, paths));
  if (item === null || typeof item !== 'object' || paths.includes('')) return item;
  const selected: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(item)) {
    const below = paths
      .filter((path) => path === key || path.startsWith(`${key}.`))
      .map((path) => path.slice(key.length + 1));
    if (below.length > 0) selected[key] = select(value, below);
  }
  return selected;
}
