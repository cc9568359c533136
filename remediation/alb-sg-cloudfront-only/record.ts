import * as z from 'zod/mini';
import { compareText } from '../../core/fact.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import { STRATEGIES, type Fix } from '../../core/plan.js';
import { RESTORE_SLOTS, type RestoreKind } from './result.js';
import { grantText, requiredText } from './to-text.js';

/** The largest record, in bytes: a standard parameter holds 4 KB. Source: API reference of PutParameter. */
export const RECORD_BYTES = 3_900;

const KINDS = ['cidrIpv4', 'cidrIpv6', 'prefixList', 'securityGroup'] as const satisfies readonly RestoreKind[];

const RecordedRule = z.strictObject({
  /** Kind of source. */
  k: z.enum(KINDS),
  /** Protocol, first and last port; -1 where there are none. */
  p: z.string().check(z.minLength(1)),
  f: z.int(),
  t: z.int(),
  /** Source. */
  s: z.string().check(z.minLength(1)),
  d: z.optional(z.string()),
});

/** What is written down before a group is changed; short names, since a standard parameter holds 4 KB. */
const Record = z.strictObject({
  v: z.literal(1),
  group: z.string(),
  account: z.string(),
  region: z.string(),
  execution: z.string(),
  /** ISO 8601. */
  at: z.string(),
  strategy: z.enum(STRATEGIES),
  /** `PLANNED` until the rules are about to go: until then there is nothing to put back. `UNDONE`: nor is there again. */
  status: z.enum(['PLANNED', 'REVOKING', 'APPLIED', 'UNDONE']),
  /** Rules that the run removes. */
  removed: z.array(RecordedRule),
  /** Ids of the rules that it leaves alone. */
  left: z.array(z.string()),
  /** A checksum of what those rules say, since a rule can be changed in place under its id. */
  sum: z.optional(z.string()),
  /** Ports that it opens to CloudFront in the group: `ipv4:pl-0abc:443-443`. */
  added: z.array(z.string()),
  /** The load balancer whose list of groups it changes, and the list as it was. */
  alb: z.optional(z.string()),
  groups: z.optional(z.array(z.string())),
  /** Ports that must stay open to CloudFront: `ipv4/443`. */
  needed: z.optional(z.array(z.string())),
  /** Names of the groups that it makes. */
  made: z.optional(z.array(z.string())),
});
export type RollbackRecord = z.infer<typeof Record>;
export type RecordedRule = z.infer<typeof RecordedRule>;

/** A stored record, or `null` for a text that is none. */
export function parseRecord(text: string): RollbackRecord | null {
  try {
    return Record.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * A record as it is stored. Systems Manager takes two braces in a parameter's value, and in the input of a step, for a
 * reference; people may write them beside a rule.
 *
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export const recordText = (record: RollbackRecord, status: RollbackRecord['status'] = record.status): string =>
  JSON.stringify({ ...record, status }).replaceAll('{{', String.raw`\u007b\u007b`);

/** A stored record and when it was stored last, in ISO 8601. */
export interface KeptRecord {
  readonly record: RollbackRecord;
  readonly savedAt: string;
}

/** Whether two runs made one and the same fix beside each other: both planned it before either was done with it. */
export function isSameFix(a: KeptRecord, b: KeptRecord): boolean {
  const atOnce =
    !(Date.parse(a.record.at) > Date.parse(b.savedAt)) && !(Date.parse(b.record.at) > Date.parse(a.savedAt));
  return atOnce && fixText(a.record) === fixText(b.record);
}

const fixText = (record: RollbackRecord): string =>
  JSON.stringify({ ...record, execution: '', at: '', status: '' } satisfies Readonly<{
    [Key in keyof RollbackRecord]: unknown;
  }>);

/** Where and when a fix is about to happen. */
export interface RunContext {
  readonly executionId: string;
  readonly accountId: string;
  readonly region: string;
  readonly now: string;
}

/** The record of a fix, before it happens. */
export function recordOf(
  fix: Fix,
  left: readonly IngressRule[],
  { executionId, accountId, region, now }: RunContext,
): RollbackRecord {
  return {
    v: 1,
    group: fix.securityGroupId,
    account: accountId,
    region,
    execution: executionId,
    at: now,
    strategy: fix.strategy,
    status: 'PLANNED',
    removed: fix.revoke.map(toRecorded),
    left: left.flatMap(({ ruleId }) => ruleId ?? []),
    sum: sumOf(left),
    added: fix.grants.map(grantText),
    ...(fix.loadBalancer === null
      ? {}
      : {
          alb: fix.loadBalancer.arn,
          groups: [...fix.loadBalancer.securityGroups],
          needed: fix.required.map(requiredText),
          made: fix.dedicated.map(({ name }) => name),
        }),
  };
}

/** A checksum of rules and their ids, in any order: FNV-1a, 32 bits, for changes and not for attackers. */
export function sumOf(rules: readonly IngressRule[]): string {
  const text = rules
    .map((rule) => `${rule.ruleId ?? ''} ${recordedKey(toRecorded(rule))}`)
    .sort(compareText)
    .join('\n');
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return sum.toString(16);
}

/** A rule as a record holds it. */
export function toRecorded({ protocol, fromPort, toPort, source, description }: IngressRule): RecordedRule {
  return {
    k: kindOf(source),
    p: protocol,
    f: fromPort ?? -1,
    t: toPort ?? -1,
    s: sourceText(source),
    ...(description === undefined ? {} : { d: description }),
  };
}

function kindOf(source: IngressRule['source']): RestoreKind {
  switch (source.kind) {
    case 'cidr':
      return source.cidr.family === 4 ? 'cidrIpv4' : 'cidrIpv6';
    case 'prefix-list':
      return 'prefixList';
    case 'security-group':
      return 'securityGroup';
  }
}

/** What two descriptions of one rule have in common, whatever its id and its description. */
export const recordedKey = ({ k, p, f, t, s }: RecordedRule): string => [k, p, f, t, s].join('|');

/** Why a record cannot be kept or restored whole, or `null`. */
export function recordProblem(record: RollbackRecord): string | null {
  for (const kind of KINDS) {
    const count = record.removed.filter(({ k }) => k === kind).length;
    if (count > RESTORE_SLOTS[kind])
      return `${String(count)} rules of the kind ${kind} would be removed; a rollback can restore ${String(RESTORE_SLOTS[kind])}`;
  }
  const bytes = utf8Length(recordText(record, 'REVOKING'));
  return bytes > RECORD_BYTES
    ? `the rollback record would take ${String(bytes)} bytes; allowed: ${String(RECORD_BYTES)}`
    : null;
}

/** How many bytes a text takes as UTF-8. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
