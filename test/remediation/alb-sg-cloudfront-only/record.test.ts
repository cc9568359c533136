import type { IngressRule } from '../../../core/model/security-group.js';
import {
  isSameFix,
  parseRecord,
  RECORD_BYTES,
  recordedKey,
  recordOf,
  recordProblem,
  recordText,
  sumOf,
  toRecorded,
  type KeptRecord,
  type RecordedRule,
  type RollbackRecord,
} from '../../../remediation/alb-sg-cloudfront-only/record.js';
import { RESTORE_SLOTS, type RestoreKind } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import { ACCOUNT, CLOUDFRONT_V4, fromCidr, fromGroup, fromList, NOW, open, REGION } from '../../support/builders.js';
import { named, record } from '../../support/plan-facts.js';
import { fix, grant, revocable, split, swap } from '../../support/plans.js';

const RUN = { executionId: 'run-1', accountId: ACCOUNT, region: REGION, now: NOW };
const kept = named('kept', open(fromCidr('10.0.0.0/8')));

describe('the record of a fix', () => {
  it('holds what goes, what stays, what comes, and where', () => {
    expect(recordOf(fix(), [kept, open(fromCidr('10.1.0.0/16'))], RUN)).toEqual({
      v: 1,
      group: 'sg-0web',
      account: ACCOUNT,
      region: REGION,
      execution: 'run-1',
      at: NOW,
      strategy: 'EDIT',
      status: 'PLANNED',
      removed: [{ k: 'cidrIpv4', p: 'tcp', f: 443, t: 443, s: '0.0.0.0/0' }],
      left: ['sgr-0kept'],
      sum: expect.stringMatching(/^[0-9a-f]{1,8}$/) as string,
      added: [`ipv4:${CLOUDFRONT_V4}:443-443`],
    });
  });

  it('holds the list of groups of a load balancer, where it changes', () => {
    expect(recordOf(split(), [], RUN)).toMatchObject({
      alb: expect.stringContaining('loadbalancer/app/web/') as string,
      groups: ['sg-0web', 'sg-0app'],
      made: ['origin-guard-50dc6c495c0c9188-ipv4-80-80'],
    });
    expect(recordOf(swap(), [kept], RUN)).toMatchObject({ removed: [], added: [], left: ['sgr-0kept'] });
  });

  it('sums up what the rules that stay say, in whatever order, and not what people wrote beside them', () => {
    const other = open(fromCidr('10.1.0.0/16'));
    const sum = sumOf([kept, other]);
    expect(sumOf([other, { ...kept, description: 'office' }])).toBe(sum);
    expect(sumOf([kept])).not.toBe(sum);
    expect(sumOf([{ ...kept, toPort: 444 }, other])).not.toBe(sum);
  });

  it('is read as it was written', () => {
    for (const each of [fix(), split(), swap()]) {
      const written = recordOf(each, [kept], RUN);
      expect(parseRecord(JSON.stringify(written))).toEqual(written);
      expect(recordProblem(written)).toBeNull();
    }
  });
});

describe('a rule in a record', () => {
  it.each<readonly [IngressRule, RecordedRule]>([
    [open(fromCidr('0.0.0.0/0')), { k: 'cidrIpv4', p: 'tcp', f: 443, t: 443, s: '0.0.0.0/0' }],
    [
      { ...open(fromCidr('::/0'), 'udp', 53), description: 'names' },
      { k: 'cidrIpv6', p: 'udp', f: 53, t: 53, s: '::/0', d: 'names' },
    ],
    [open(fromList('pl-0own')), { k: 'prefixList', p: 'tcp', f: 443, t: 443, s: 'pl-0own' }],
    [open(fromGroup('sg-0app'), '-1', null), { k: 'securityGroup', p: '-1', f: -1, t: -1, s: 'sg-0app' }],
    [open(fromCidr('10.0.0.0/8'), '50', null), { k: 'cidrIpv4', p: '50', f: -1, t: -1, s: '10.0.0.0/8' }],
  ])('%#: in short words', (rule, recorded) => {
    expect(toRecorded(rule)).toEqual(recorded);
  });

  it('is the same rule whatever its id and what is written beside it', () => {
    const [first] = [open(fromCidr('0.0.0.0/0'))];
    expect(recordedKey(toRecorded({ ...named('a', first), description: 'all' }))).toBe(recordedKey(toRecorded(first)));
    expect(recordedKey(toRecorded({ ...first, protocol: 'udp' }))).not.toBe(recordedKey(toRecorded(first)));
    expect(recordedKey(toRecorded({ ...first, fromPort: 1 }))).not.toBe(recordedKey(toRecorded(first)));
    expect(recordedKey(toRecorded({ ...first, toPort: 9_999 }))).not.toBe(recordedKey(toRecorded(first)));
  });
});

describe('a text that is no record', () => {
  it.each([
    ['nothing', ''],
    ['cut short', JSON.stringify(record()).slice(0, -1)],
    ['a list', '[]'],
    ['another version', JSON.stringify({ ...record(), v: 2 })],
    ['a field that nobody knows', JSON.stringify({ ...record(), more: 1 })],
    ['a field that is missing', JSON.stringify({ ...record(), left: undefined })],
    ['a kind that nobody knows', JSON.stringify({ ...record(), removed: [{ k: 'x', p: 'tcp', f: 1, t: 1, s: 'x' }] })],
  ])('%s', (_, text) => {
    expect(parseRecord(text)).toBeNull();
  });
});

describe('a record that cannot be kept or restored', () => {
  const rules = (count: number, s: (at: number) => string, k: RestoreKind = 'cidrIpv4'): RecordedRule[] =>
    Array.from({ length: count }, (_, at) => ({ k, p: 'tcp', f: 443, t: 443, s: s(at) }));

  it.each(Object.entries(RESTORE_SLOTS) as [RestoreKind, number][])('more of the kind %s than %i', (kind, slots) => {
    const of = (count: number) => record({ removed: rules(count, (at) => `x${String(at)}`, kind) });
    expect(recordProblem(of(slots))).toBeNull();
    expect(recordProblem(of(slots + 1))).toBe(
      `${String(slots + 1)} rules of the kind ${kind} would be removed; a rollback can restore ${String(slots)}`,
    );
  });

  it('more than a parameter holds', () => {
    const left = Array.from({ length: 200 }, (_, at) => `sgr-0123456789abcde${String(at).padStart(3, '0')}`);
    expect(recordProblem(record({ left }))).toMatch(/^the rollback record would take \d+ bytes; allowed: 3900$/);
  });

  it.each(['x', 'ü', '€', '😀'])('its size is counted in bytes of UTF-8, in which %s may take several', (letter) => {
    const size = (text: string) => new TextEncoder().encode(text).length;
    const bytes = (count: number) =>
      record({
        status: 'REVOKING',
        removed: [{ k: 'cidrIpv4', p: 'tcp', f: 1, t: 1, s: '0.0.0.0/0', d: letter.repeat(count) }],
      });
    const free = RECORD_BYTES - size(JSON.stringify(bytes(0)));
    const most = Math.floor(free / size(letter));
    expect(recordProblem(bytes(most))).toBeNull();
    expect(recordProblem(bytes(most + 1))).not.toBeNull();
  });

  it('counts the longest mark that it gets', () => {
    const planned = recordOf(fix({ grants: [grant()], revoke: [revocable()] }), [], RUN);
    const lengths = (['PLANNED', 'REVOKING', 'APPLIED'] as const).map((status) => recordText(planned, status).length);
    expect(Math.max(...lengths)).toBe(recordText(planned, 'REVOKING').length);
  });
});

describe('the text of a record', () => {
  it.each(['{{a}}', 'see {{{b}}', '{ { c', '{{{{', '}}'])('never has two braces open beside each other: %s', (d) => {
    const kept = record({ removed: [{ k: 'cidrIpv4', p: 'tcp', f: 1, t: 1, s: '0.0.0.0/0', d }] });
    expect(recordText(kept)).not.toContain('{{');
    expect(parseRecord(recordText(kept))).toEqual(kept);
  });
});

describe('two records are one fix', () => {
  const kept = (given: Partial<RollbackRecord>, savedAt: string): KeptRecord => ({ record: record(given), savedAt });
  const first = kept({ execution: 'run-1', at: '2026-07-01T12:00:00Z' }, '2026-07-01T12:03:00Z');
  const second = (given: Partial<RollbackRecord> = {}) =>
    kept({ execution: 'run-2', at: '2026-07-01T12:01:00Z', ...given }, '2026-07-01T12:04:00Z');

  it('when both were planned before either was done, whoever is asked about', () => {
    expect(isSameFix(first, second())).toBe(true);
    expect(isSameFix(second(), first)).toBe(true);
    expect(isSameFix(first, second({ status: 'PLANNED' }))).toBe(true);
  });

  it('not when one came after the other: somebody put the rules back', () => {
    const afterwards = second({ at: '2026-07-01T12:03:01Z' });
    expect(isSameFix(first, afterwards)).toBe(false);
    expect(isSameFix(afterwards, first)).toBe(false);
  });

  it('not when they changed different things', () => {
    expect(isSameFix(first, second({ added: [] }))).toBe(false);
    expect(isSameFix(first, second({ left: ['sgr-1'] }))).toBe(false);
  });
});
