import { classify } from '../../core/model/cidr.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, identifyPrefixList, type PrefixList } from '../../core/model/prefix-list.js';
import type { IngressRule } from '../../core/model/security-group.js';
import { FAMILIES, type Family, type Grant, type RequiredPort } from '../../core/plan.js';
import type { PrefixListId } from '../../core/ids.js';
import type { Fact } from '../../core/fact.js';
import type { PlanOptions } from './options.js';

export type Lists = ReadonlyMap<PrefixListId, Fact<PrefixList>>;

/** Whether a rule opens a TCP port. */
export const opens = ({ protocol, fromPort, toPort }: IngressRule, port: number): boolean =>
  (protocol === 'tcp' || protocol === '-1') && (fromPort ?? 0) <= port && port <= (toPort ?? 65535);

/** The address family of CloudFront's own list that a rule names, or `null` for any other source. */
export function cloudfrontFamily({ source }: IngressRule, lists: Lists): Family | null {
  const fact = source.kind === 'prefix-list' ? lists.get(source.prefixListId) : undefined;
  if (fact?.known !== true || identifyPrefixList(fact.value) !== 'cloudfront') return null;
  return familyOfList(fact.value);
}

/** The address family of one of CloudFront's own lists. */
export const familyOfList = ({ name }: Pick<PrefixList, 'name'>): Family =>
  name === CLOUDFRONT_PREFIX_LIST_NAMES.ipv6 ? 'ipv6' : 'ipv4';

/** Whether CloudFront's own list is admitted to a port, so that nobody can take it away with another source. */
export const isGranted = (rules: readonly IngressRule[], { family, port }: RequiredPort, lists: Lists): boolean =>
  rules.some((rule) => opens(rule, port) && cloudfrontFamily(rule, lists) === family);

/**
 * Whether a rule may be what lets CloudFront in on a port today. People paste CloudFront's ranges by hand, so any public
 * address counts, and any list.
 */
export function mayAdmit(rule: IngressRule, { family, port }: RequiredPort): boolean {
  if (!opens(rule, port)) return false;
  switch (rule.source.kind) {
    case 'cidr':
      return rule.source.cidr.family === (family === 'ipv4' ? 4 : 6) && classify(rule.source.cidr) !== 'private-cidr';
    case 'prefix-list':
      return true;
    case 'security-group':
      return false;
  }
}

/** The fewest grants that admit CloudFront to these ports: ports beside each other share one, or all of them (`RANGE`). */
export function grantsFor(
  ports: readonly RequiredPort[],
  lists: Readonly<Record<Family, PrefixListId | null>>,
  { portMerge }: Pick<PlanOptions, 'portMerge'>,
): readonly Grant[] {
  return FAMILIES.flatMap((family) => {
    const prefixListId = lists[family];
    const own = ports.filter((each) => each.family === family).map(({ port }) => port);
    return prefixListId === null
      ? []
      : rangesOf(own, portMerge).map(([fromPort, toPort]) => ({ family, prefixListId, fromPort, toPort }));
  });
}

function rangesOf(
  ports: readonly number[],
  portMerge: PlanOptions['portMerge'],
): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && (portMerge === 'RANGE' || port === last[1] + 1)) last[1] = port;
    else ranges.push([port, port]);
  }
  return ranges;
}
