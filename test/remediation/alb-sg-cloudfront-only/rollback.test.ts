import { known, type Fact } from '../../../core/fact.js';
import type { IngressRule } from '../../../core/model/security-group.js';
import type { LoadBalancer } from '../../../core/model/load-balancer.js';
import { REFUSALS, type RefusalCode } from '../../../core/plan.js';
import type { StoredRecord } from '../../../core/planning.js';
import { sumOf, type RollbackRecord } from '../../../remediation/alb-sg-cloudfront-only/record.js';
import { answerRollback } from '../../../remediation/alb-sg-cloudfront-only/rollback.js';
import {
  arnOf,
  CLOUDFRONT_V6,
  fromCidr,
  fromList,
  gap,
  groupId,
  hidden,
  HOME,
  ingress,
  listId,
  loadBalancer,
  open,
  prefixList,
  ruleId,
  securityGroup,
} from '../../support/builders.js';
import { planningPorts, type PlanningWorld } from '../../support/fake-planning.js';
import { addedRule, cloudfront, named, record, stored, world } from '../../support/plan-facts.js';

const WEB = groupId('sg-0web');
const MADE = 'origin-guard-50dc6c495c0c9188-ipv4-443-443';

const undo = (
  rules: readonly IngressRule[],
  records: Fact<readonly StoredRecord[]> = known([stored()]),
  overrides: Partial<PlanningWorld> = {},
) =>
  answerRollback(
    planningPorts({
      groups: [securityGroup({ ingress: known(rules) }), securityGroup({ id: groupId('sg-0new'), name: MADE })],
      records: { [WEB]: records },
      ...overrides,
    }),
    WEB,
    'run-1',
    HOME,
  );
const after = (given: Partial<RollbackRecord>) => known([stored(given)]);
const parsed = (records: ReturnType<typeof after>): Partial<RollbackRecord> =>
  records.known ? (JSON.parse(records.value[0]?.text ?? '{}') as RollbackRecord) : {};

describe('what is left to undo', () => {
  it('all of it: what went comes back, what came goes', async () => {
    expect(await undo([addedRule()])).toMatchObject({
      mode: 'rollback',
      decision: 'EDIT',
      reasonCode: '',
      summary: 'undo run run-1 of 2026-07-01T12:00:00Z: restore 1 rules of group sg-0web, remove 1 that the run added',
      restoreCounts: { cidrIpv4: 1, cidrIpv6: 0, prefixList: 0, securityGroup: 0 },
      restoreLeft: 1,
      groupsLeft: 0,
      revokeNeeded: true,
      revokeRuleIds: ['sgr-0new'],
      revokeRuleIdsText: 'sgr-0new',
    });
  });

  it('each rule with what people wrote beside it, else with who restored it', async () => {
    const removed: RollbackRecord['removed'] = [
      { k: 'cidrIpv4', p: 'tcp', f: 443, t: 443, s: '0.0.0.0/0', d: 'all' },
      { k: 'cidrIpv4', p: '-1', f: -1, t: -1, s: '198.51.100.0/24' },
      { k: 'prefixList', p: 'tcp', f: 80, t: 81, s: 'pl-0own' },
    ];
    const { restore, restoreCounts } = await undo([], after({ removed }));
    expect(restoreCounts).toEqual({ cidrIpv4: 2, cidrIpv6: 0, prefixList: 1, securityGroup: 0 });
    expect(restore.cidrIpv4.slice(0, 3)).toEqual([
      { protocol: 'tcp', fromPort: 443, toPort: 443, source: '0.0.0.0/0', description: 'all' },
      {
        protocol: '-1',
        fromPort: -1,
        toPort: -1,
        source: '198.51.100.0/24',
        description: 'restored by OriginGuard run-1',
      },
      { protocol: '', fromPort: -1, toPort: -1, source: '', description: '' },
    ]);
    expect(restore.prefixList[0]).toMatchObject({ source: 'pl-0own', fromPort: 80, toPort: 81 });
  });

  it('only what came, once what went is back, whoever put it there', async () => {
    const back = { ...world(), ruleId: null, description: 'by hand' };
    expect(await undo([back, addedRule()])).toMatchObject({ restoreLeft: 0, revokeNeeded: true });
  });

  it('nothing: everything is as it was', async () => {
    expect(await undo([world()])).toMatchObject({ decision: 'NOOP', reasonCode: 'RESTORED' });
  });

  it('a run that never came to change anything', async () => {
    const left = { left: ['sgr-0cf443'] };
    expect(await undo([cloudfront(), world()], after({ ...left, status: 'PLANNED' }))).toMatchObject({
      decision: 'NOOP',
    });
  });

  it('a rule of IPv6 that the run added goes as well', async () => {
    const rules = [addedRule({ source: fromList(CLOUDFRONT_V6) })];
    const given = after({ added: [`ipv6:${CLOUDFRONT_V6}:443-443`] });
    expect(await undo(rules, given)).toMatchObject({ revokeRuleIds: ['sgr-0new'] });
  });

  it('rules that the run left alone stay, though they look like its own', async () => {
    const result = await undo([addedRule()], after({ left: ['sgr-0new'] }));
    expect(result).toMatchObject({ restoreLeft: 1, revokeNeeded: false, revokeRuleIds: [] });
  });
});

describe('the list of groups of the load balancer', () => {
  const split = after({
    strategy: 'SPLIT',
    alb: arnOf('web'),
    groups: ['sg-0web', 'sg-0app'],
    made: [MADE],
    added: [],
  });
  const swap = after({
    strategy: 'SWAP',
    alb: arnOf('web'),
    groups: ['sg-0web'],
    needed: ['ipv4/443'],
    made: [MADE],
    added: [],
    removed: [],
    left: ['sgr-0443'],
  });
  const carrying = (...groups: readonly string[]): { readonly loadBalancers: readonly LoadBalancer[] } => ({
    loadBalancers: [loadBalancer({ securityGroups: groups.map((id) => groupId(id)) })],
  });

  it('comes back after a split', async () => {
    expect(await undo([], split, carrying('sg-0web', 'sg-0app', 'sg-0new'))).toMatchObject({
      decision: 'SPLIT',
      groupsLeft: 1,
      restoreLeft: 1,
      loadBalancerArn: arnOf('web'),
      originalSecurityGroups: ['sg-0web', 'sg-0app'],
      originalSecurityGroupsText: 'sg-0web,sg-0app',
      summary: expect.stringContaining('its groups back: sg-0web, sg-0app') as string,
    });
  });

  it('comes back after a swap, by which the load balancer left the group', async () => {
    expect(await undo([world()], swap, carrying('sg-0new'))).toMatchObject({
      decision: 'SWAP',
      groupsLeft: 1,
      restoreLeft: 0,
      revokeNeeded: false,
      originalSecurityGroups: ['sg-0web'],
    });
  });

  const attached = (rule = cloudfront()) => ({
    groups: [
      securityGroup({ ingress: known([named('443', open(fromCidr('10.0.0.0/8')))]) }),
      securityGroup({ id: groupId('sg-0new'), name: MADE, ingress: known([rule]) }),
    ],
    ...carrying('sg-0new'),
  });

  it('is not given back where the old groups would not admit CloudFront any more', async () => {
    expect(await undo([], swap, attached())).toMatchObject({
      reasonCode: 'CHANGED_SINCE',
      summary: expect.stringContaining('would not admit CloudFront to ipv4/443') as string,
    });
  });

  it.each<readonly [string, Fact<readonly StoredRecord[]>, IngressRule]>([
    ['the run kept that port open', after({ ...parsed(swap), needed: ['ipv4/80'] }), cloudfront()],
    ['it reaches the load balancer on it now', swap, cloudfront(80)],
    ['the record says which ports that are', after({ ...parsed(swap), needed: ['ipv9/443'] }), cloudfront()],
  ])('is given back unless %s', async (_, records, rule) => {
    expect(await undo([], records, attached(rule))).toMatchObject({ decision: 'SWAP', groupsLeft: 1 });
  });

  it('is as it was: nothing is left', async () => {
    expect(await undo([world()], split, carrying('sg-0app', 'sg-0web'))).toMatchObject({ decision: 'NOOP' });
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['somebody attached another group', ['sg-0web', 'sg-0app', 'sg-0new', 'sg-0c'], /sg-0c is new/],
    ['somebody took one away', ['sg-0web', 'sg-0new'], /sg-0app is gone/],
    ['somebody took the group itself away', ['sg-0app', 'sg-0new'], /sg-0web is gone/],
  ])('is not touched where %s', async (_, groups, because) => {
    expect(await undo([], split, carrying(...groups))).toMatchObject({
      decision: 'REFUSE',
      reasonCode: 'CHANGED_SINCE',
      summary: expect.stringMatching(because) as string,
    });
  });

  it('is not touched where the load balancer is gone', async () => {
    expect(await undo([], split, { loadBalancers: [] })).toMatchObject({
      reasonCode: 'CHANGED_SINCE',
      summary: expect.stringContaining('is gone') as string,
    });
  });
});

describe('is refused', () => {
  const later = stored({ execution: 'run-2', at: '2026-07-02T00:00:00Z' }, { savedAt: '2026-07-02T00:00:00Z' });
  const own = prefixList({ id: listId('pl-0own'), name: 'p', ownerId: '111122223333' });

  it.each<readonly [RefusalCode, string, RegExp, Promise<unknown>]>([
    ['LOOKUP_FAILED', 'records are hidden', /records/, undo([], hidden('records'))],
    [
      'LOOKUP_FAILED',
      'load balancers are hidden',
      /loadBalancers/,
      undo([], undefined, { loadBalancerGap: () => gap('loadBalancers') }),
    ],
    [
      'LOOKUP_FAILED',
      'rules are hidden',
      /rules/,
      undo([], undefined, { groups: [securityGroup({ ingress: hidden('rules') })] }),
    ],
    ['RECORD_NOT_FOUND', 'there is no record', /no record run-1 of group sg-0web/, undo([], known([]))],
    ['RECORD_NOT_FOUND', 'there is one of another run', /no record run-1/, undo([], after({ execution: 'run-2' }))],
    ['RECORD_INVALID', 'it does not parse', /does not parse/, undo([], known([{ ...stored(), text: '{' }]))],
    [
      'RECORD_INVALID',
      'it is about another group',
      /about group sg-0b, not sg-0web/,
      undo([], after({ group: 'sg-0b' })),
    ],
    [
      'RECORD_INVALID',
      'it is about another account',
      /about account 444455556666/,
      undo([], after({ account: '444455556666' })),
    ],
    ['RECORD_INVALID', 'it is about another Region', /in eu-west-1/, undo([], after({ region: 'eu-west-1' }))],
    [
      'RECORD_INVALID',
      'another run wrote it',
      /says that run run-9 wrote it/,
      undo([], known([stored({ execution: 'run-9' }, { id: 'run-1' })])),
    ],
    [
      'CHANGED_SINCE',
      'another run came after',
      /run run-2 of 2026-07-02T00:00:00Z came after run run-1/,
      undo([], known([later, stored()])),
    ],
    ['CHANGED_SINCE', 'a rule is new', /sgr-0x is new/, undo([named('x', open(fromCidr('192.0.2.0/24')))])],
    ['CHANGED_SINCE', 'a rule without an id is new', /\? is new/, undo([ingress()])],
    [
      'CHANGED_SINCE',
      'a rule that was left alone was changed in place',
      /one of sgr-0kept was changed in place/,
      undo([named('kept', open(fromCidr('10.9.0.0/16')))], after({ left: ['sgr-0kept'], sum: sumOf([]) })),
    ],
    ['CHANGED_SINCE', 'a rule is gone', /sgr-0kept is gone/, undo([], after({ left: ['sgr-0kept'] }))],
    [
      'CHANGED_SINCE',
      'what came was changed in place: its protocol',
      /sgr-0new is new/,
      undo([addedRule({ protocol: 'udp' })]),
    ],
    [
      'CHANGED_SINCE',
      'what came was changed in place: its ports',
      /sgr-0new is new/,
      undo([addedRule({ toPort: 444 })]),
    ],
    [
      'CHANGED_SINCE',
      'what came was changed in place: all traffic',
      /sgr-0new is new/,
      undo([addedRule({ fromPort: null, toPort: null, protocol: '-1' })]),
    ],
    [
      'CHANGED_SINCE',
      'what came is described otherwise',
      /sgr-0new is new/,
      undo([addedRule({ description: 'mine' })]),
    ],
    [
      'CHANGED_SINCE',
      'what came names another list',
      /sgr-0new is new/,
      undo([addedRule({ source: fromList('pl-0own') })], undefined, { prefixLists: { [own.id]: known(own) } }),
    ],
    ['GROUP_NOT_FOUND', 'the group is gone', /group sg-0web is gone/, undo([], undefined, { groups: [] })],
  ])('%s: %s', async (code, _, because, answer) => {
    expect(await answer).toMatchObject({
      mode: 'rollback',
      decision: 'REFUSE',
      reasonCode: code,
      summary: expect.stringMatching(because) as string,
      nextStep: REFUSALS[code].nextStep,
      restoreLeft: 0,
      revokeNeeded: false,
    });
  });

  it('CHANGED_SINCE: the run removed nothing, and somebody else did', async () => {
    expect(await undo([addedRule()], after({ status: 'PLANNED' }))).toMatchObject({
      reasonCode: 'CHANGED_SINCE',
      summary: expect.stringContaining('removed nothing, and 0.0.0.0/0 is gone all the same') as string,
    });
  });

  it('not for a run that never came to remove anything', async () => {
    expect(await undo([world(), addedRule()], after({ status: 'PLANNED' }))).toMatchObject({
      decision: 'EDIT',
      restoreLeft: 0,
      revokeRuleIds: ['sgr-0new'],
    });
  });

  it('not for a later run that was only planned', async () => {
    const planned = stored({ ...record(), execution: 'run-2', at: later.savedAt, status: 'PLANNED' }, later);
    expect(await undo([addedRule()], known([planned, stored()]))).toMatchObject({ decision: 'EDIT' });
  });

  it('but for a rule that such a run added', async () => {
    const planned = stored({ execution: 'run-2', at: later.savedAt, status: 'PLANNED' }, later);
    const rules = [addedRule(), { ...addedRule({ description: 'OriginGuard run-2' }), ruleId: ruleId('sgr-0two') }];
    expect(await undo(rules, known([planned, stored()]))).toMatchObject({
      reasonCode: 'CHANGED_SINCE',
      summary: expect.stringContaining('sgr-0two is new') as string,
    });
  });

  it('not for another run that made the same fix at the same time, whosoever rule it is', async () => {
    const twin = stored({ execution: 'run-2' }, { savedAt: '2026-07-01T12:00:05Z' });
    const rules = [addedRule({ description: 'OriginGuard run-2' })];
    expect(await undo(rules, known([twin, stored()]))).toMatchObject({
      decision: 'EDIT',
      restoreLeft: 1,
      revokeRuleIds: ['sgr-0new'],
    });
  });

  it('not for a run that came before', async () => {
    const earlier = stored({ execution: 'run-0' }, { savedAt: '2026-06-01T00:00:00Z' });
    expect(await undo([addedRule()], known([stored(), earlier]))).toMatchObject({ decision: 'EDIT' });
  });
});

describe('a record serves once', () => {
  it('what was undone and is still so needs nothing, and stays marked', async () => {
    const undone = await undo([open(fromCidr('0.0.0.0/0'))], after({ status: 'UNDONE' }));
    expect(undone).toMatchObject({ decision: 'NOOP', reasonCode: 'RESTORED' });
    expect(JSON.parse(undone.undoneJson)).toMatchObject({ status: 'UNDONE', execution: 'run-1' });
  });

  it('what was undone and was closed since by a person is not opened again', async () => {
    expect(await undo([], after({ status: 'UNDONE' }))).toMatchObject({
      decision: 'REFUSE',
      reasonCode: 'CHANGED_SINCE',
      summary: expect.stringContaining('run run-1 was undone before') as string,
      undoneJson: '',
    });
  });

  it('a plan to undo carries the record as it is written when all is back', async () => {
    const { undoneJson } = await undo([addedRule()]);
    expect(JSON.parse(undoneJson)).toEqual({ ...parsed(known([stored()])), status: 'UNDONE' });
  });
});
