import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../../core/model/prefix-list.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import type { AlbSgFacts } from './facts.js';
import { portsText, toFinding } from './finding.js';
import type { SourceJudgement } from './judge-source.js';

type Family = keyof typeof CLOUDFRONT_PREFIX_LIST_NAMES;
type Judged = readonly (readonly [IngressRule, SourceJudgement])[];

/** What to allow in place of each refused source, a line each: the allowing comes before the removing. */
export function adviseGroup(facts: AlbSgFacts, judged: Judged): readonly string[] {
  const refused = judged.flatMap(([rule, judgement]) => (judgement.outcome === 'refused' ? [rule] : []));
  return [...new Set(refused.map((rule) => adviseRule(rule, facts, judged)))];
}

function adviseRule(rule: IngressRule, facts: AlbSgFacts, judged: Judged): string {
  const source = sourceText(rule.source);
  if (rule.source.kind === 'security-group') return `remove ${source}, or name it in allowedSecurityGroupIds`;
  if (rule.protocol !== 'tcp' && rule.protocol !== '-1')
    return `remove ${source} on ${rule.protocol}: CloudFront does not use it`;
  const ports = rule.protocol === '-1' ? 'the ports of the listeners' : portsText(toFinding(rule, 'public-cidr'));
  const family = rule.source.kind === 'cidr' && rule.source.cidr.family === 6 ? 'ipv6' : 'ipv4';
  if (isCovered(rule, family, facts, judged)) return `remove ${source}: CloudFront is already allowed on ${ports}`;
  // CloudFront reaches an origin over IPv6 only where the origin asks for it.
  return family === 'ipv6'
    ? `remove ${source}; where the origin uses IPv6, first allow ${cloudfrontList('ipv6', facts)} on ${ports}`
    : `allow ${cloudfrontList('ipv4', facts)} on ${ports}, then remove ${source}`;
}

/** Whether CloudFront's list of the same address family is allowed wherever the rule is. */
const isCovered = (rule: IngressRule, family: Family, facts: AlbSgFacts, judged: Judged): boolean =>
  judged.some(
    ([other, judgement]) =>
      judgement.outcome === 'allowed' &&
      judgement.clause === 'cloudfront-prefix-list' &&
      listName(other, facts) === CLOUDFRONT_PREFIX_LIST_NAMES[family] &&
      (other.protocol === '-1' ||
        (other.protocol === rule.protocol &&
          (other.fromPort ?? 0) <= (rule.fromPort ?? 0) &&
          (rule.toPort ?? 65535) <= (other.toPort ?? 65535))),
  );

function listName({ source }: IngressRule, { prefixLists }: AlbSgFacts): string | null {
  const fact = source.kind === 'prefix-list' ? prefixLists.get(source.prefixListId) : undefined;
  return fact?.known === true ? fact.value.name : null;
}

function cloudfrontList(family: Family, { cloudfrontPrefixLists }: AlbSgFacts): string {
  const name = CLOUDFRONT_PREFIX_LIST_NAMES[family];
  const id = cloudfrontPrefixLists.find((candidate) => candidate.name === name)?.id;
  return id === undefined
    ? `the prefix list ${name}`
    : `${id} (CloudFront's ${family === 'ipv4' ? 'IPv4' : 'IPv6'} prefix list)`;
}
