import type { IngressRule, IngressSource } from '../../../../core/model/security-group.js';
import { CLOUDFRONT_V4, CLOUDFRONT_V6, fromCidr, fromGroup, fromList, open } from '../../../support/builders.js';
import { ruleKey } from '../../../support/runbook/fake-rules.js';
import { CLIENTS, EDGE, LOOKALIKE, OFFICE, PARTNERS, PASTED, SIDE, STORAGE, TARGET } from './cast.js';
import type { Dice } from './dice.js';

type Range = readonly [protocol: string, from: number | null, to: number | null];

/** Sources that a rule may have, with how often; a list of several is several rules. */
const SOURCES: readonly (readonly [number, readonly IngressSource[]])[] = [
  [8, [fromCidr('0.0.0.0/0')]],
  [5, [fromCidr('::/0')]],
  [4, [fromCidr('198.51.100.0/24')]],
  [2, [fromCidr('192.0.2.7/32')]],
  [2, [fromCidr('2001:db8::/32')]],
  [3, EDGE.ipv4.map(fromCidr)],
  [1, [fromCidr(EDGE.ipv4[0])]],
  [1, EDGE.ipv6.map(fromCidr)],
  [2, [fromCidr('10.0.0.0/8')]],
  [1, [fromCidr('fd00::/8')]],
  [2, [fromGroup(CLIENTS)]],
  [1, [fromGroup(TARGET)]],
  [1, [fromGroup(SIDE)]],
  [2, [fromList(OFFICE)]],
  [1, [fromList(PARTNERS)]],
  [1, [fromList(LOOKALIKE)]],
  [1, [fromList(PASTED)]],
  [1, [fromList(STORAGE)]],
];

/** The same without private ranges, groups and lists: what a swap may leave behind. */
const PUBLIC_SOURCES = SOURCES.slice(0, 8);

const DESCRIPTIONS: readonly (string | undefined)[] = [
  undefined,
  undefined,
  'office',
  'Büro "Nord", 2. Stock',
  'OriginGuard by hand',
  'see {{wiki}} {{',
];

const PORT_RANGES: readonly (readonly [number, Range])[] = [
  [5, ['tcp', 443, 443]],
  [4, ['tcp', 80, 80]],
  [2, ['tcp', 8080, 8080]],
  [1, ['tcp', 8443, 8443]],
  [2, ['tcp', 0, 65_535]],
  [1, ['tcp', 80, 443]],
  [2, ['tcp', 8000, 9000]],
  [2, ['-1', null, null]],
  [1, ['tcp', 22, 22]],
  [1, ['udp', 443, 443]],
  [1, ['icmp', 3, 4]],
  [1, ['icmp', 8, -1]],
];

/** Some rules as people have them, none of them twice. */
export function someRules(dice: Dice, most: number, among: 'any' | 'public' = 'any'): readonly IngressRule[] {
  const rules = Array.from({ length: dice.below(most + 1) }, () => {
    const range = dice.weighted(PORT_RANGES);
    return dice.weighted(among === 'any' ? SOURCES : PUBLIC_SOURCES).map((source) => ruleOf(dice, source, range));
  });
  return rules.flat();
}

/** What opens a port to CloudFront today: everybody, its ranges by hand, or its own list. */
export function opening(
  dice: Dice,
  port: number,
  family: 'ipv4' | 'ipv6',
  percentGranted: number,
): readonly IngressRule[] {
  const range: Range = dice.weighted<Range>([
    [7, ['tcp', port, port]],
    [1, ['-1', null, null]],
    [1, ['tcp', 0, 65_535]],
  ]);
  if (dice.chance(percentGranted))
    return [ruleOf(dice, fromList(family === 'ipv4' ? CLOUDFRONT_V4 : CLOUDFRONT_V6), ['tcp', port, port])];
  const byHand = dice.chance(20);
  const sources = byHand ? EDGE[family].map(fromCidr) : [fromCidr(family === 'ipv4' ? '0.0.0.0/0' : '::/0')];
  return sources.map((source) => ruleOf(dice, source, range));
}

/** The source on these ports, with a description that people might write. */
export function ruleOf(dice: Dice, source: IngressSource, [protocol, from, to]: Range): IngressRule {
  const description = dice.pick(DESCRIPTIONS);
  return { ...open(source, protocol, from, to), ...(description === undefined ? {} : { description }) };
}

/** The first rule of each source and range: EC2 holds none twice. */
export const onceEach = (rules: readonly IngressRule[]): readonly IngressRule[] =>
  [...new Map([...rules].reverse().map((rule) => [ruleKey(rule), rule])).values()].reverse();
