import { known } from '../../../core/fact.js';
import type { IngressRule, SecurityGroup } from '../../../core/model/security-group.js';
import type { Plan } from '../../../core/plan.js';
import type { Planned } from '../../../remediation/alb-sg-cloudfront-only/gather-plan.js';
import {
  parsePlannerRequest,
  type PlannerMode,
  type RequestOf,
} from '../../../remediation/alb-sg-cloudfront-only/request.js';
import type { Outcome } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import type { Sight } from '../../../remediation/alb-sg-cloudfront-only/sight.js';
import {
  judgeAfter,
  judgeAuthorized,
  judgeGuard,
  judgeTargets,
  MANAGED_TAG,
} from '../../../remediation/alb-sg-cloudfront-only/verify.js';
import {
  arnOf,
  CLOUDFRONT_V4,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  groupId,
  hidden,
  listId,
  listsById,
  loadBalancer,
  open,
  prefixList,
  prefixListV6,
  securityGroup,
} from '../../support/builders.js';
import { addedRule, cloudfront, named, openTo, planFacts, world } from '../../support/plan-facts.js';
import { fix, grant, nothing, refusal, revocable } from '../../support/plans.js';

const WEB = groupId('sg-0web');
const APP = groupId('sg-0app');
const NEW = groupId('sg-0new');
const NAME = 'origin-guard-50dc6c495c0c9188-ipv4-443-443';
const LISTS = listsById(
  prefixList(),
  prefixListV6(),
  prefixList({ id: listId('pl-0own'), name: 'p', ownerId: '111122223333' }),
);

function asked<Mode extends PlannerMode>(
  mode: Mode,
  overrides: Readonly<Record<string, string>> = {},
): RequestOf<Mode> {
  return parsePlannerRequest({
    mode,
    phase: 'find',
    securityGroupId: WEB,
    executionId: 'run-1',
    decision: 'EDIT',
    fingerprint: 'whole.rules',
    requiredPorts: 'ipv4/443',
    grants: `ipv4:${CLOUDFRONT_V4}:443-443`,
    revokeRuleIds: 'sgr-0443',
    loadBalancerArn: '',
    originalSecurityGroups: '',
    dedicated: '',
    ...overrides,
  }) as RequestOf<Mode>;
}

const planned = (plan: Plan, overrides: Partial<Planned> = {}): Planned => ({
  plan,
  fingerprint: plan.kind === 'apply' ? 'whole.rules' : null,
  paths: [],
  facts: planFacts(),
  ...overrides,
});
const APPLIES = fix({ revoke: [revocable({ id: 'sgr-0443' })] });

const seeing = (rules: Readonly<Record<string, readonly IngressRule[]>>, overrides: Partial<Sight> = {}): Sight => ({
  group: securityGroup({ ingress: known(rules[WEB] ?? []) }),
  users: [loadBalancer()],
  rulesOf: (id) => rules[id] ?? [],
  nameOf: () => null,
  lists: LISTS,
  ...overrides,
});

describe('the guard', () => {
  it.each<readonly [Outcome, string, Planned]>([
    ['OK', 'the same plan', planned(APPLIES)],
    ['STALE', 'another plan', planned(APPLIES, { fingerprint: 'other.rules' })],
    ['STALE', 'a refusal', planned(refusal('EXEMPT'))],
    ['ALREADY_OK', 'nothing left to do', planned(nothing)],
  ])('%s: planning again gives %s', (outcome, _, again) => {
    expect(judgeGuard(again, 'whole.rules')).toMatchObject({ outcome, detail: expect.stringMatching(/\w/) as string });
  });

  it('says why it is refused now', () => {
    expect(judgeGuard(planned(refusal('EXEMPT')), 'x').detail).toMatch(/^EXEMPT: .*; remove the exemption tag/);
  });
});

describe('the last look before rules go', () => {
  const verdict = (
    again: Planned,
    sight: Sight,
    overrides: Readonly<Record<string, string>> = {},
    dedicated: readonly SecurityGroup[] = [],
  ) => judgeAuthorized(again, sight, dedicated, asked('verifyAuthorized', overrides));
  const ready = seeing({ [WEB]: [world(), addedRule()] });
  const made = securityGroup({ id: NEW, name: NAME });
  const attached = [loadBalancer({ securityGroups: [WEB, NEW] })];

  it.each<readonly [Outcome, string, Planned, Sight]>([
    ['OK', "CloudFront's list is there", planned(APPLIES), ready],
    ['MISSING', 'it is not', planned(APPLIES), seeing({ [WEB]: [world()] })],
    ['MISSING', 'a customer list is', planned(APPLIES), seeing({ [WEB]: [named('own', open(fromList('pl-0own')))] })],
    [
      'MISSING',
      'a port has come into use since',
      planned(
        fix({
          ...APPLIES,
          required: [
            { family: 'ipv4', port: 80 },
            { family: 'ipv4', port: 443 },
          ],
        }),
      ),
      ready,
    ],
    ['STALE', 'the group is gone', planned(APPLIES), seeing({}, { group: null })],
    ['ALREADY_OK', 'nothing is left to do', planned(nothing), ready],
    ['STALE', 'it is refused now', planned(refusal('SHARED_SG')), ready],
    ['STALE', 'other rules would go', planned(fix({ revoke: [revocable({ id: 'sgr-0b' })] })), ready],
    ['STALE', 'a rule that goes was changed in place', planned(APPLIES, { fingerprint: 'whole.others' }), ready],
    ['STALE', 'nobody can tell what the rules are', planned(APPLIES, { fingerprint: null }), ready],
  ])('%s: %s', (outcome, _, again, sight) => {
    expect(verdict(again, sight)).toMatchObject({ outcome });
  });

  it('names the ports that are not admitted, once', () => {
    expect(verdict(planned(APPLIES), seeing({})).detail).toBe('CloudFront is not seen to be admitted to ipv4/443');
  });

  it('names the ports that are, or says that there are none', () => {
    expect(verdict(planned(APPLIES), ready).detail).toBe('CloudFront is admitted to ipv4/443');
    const none = verdict(planned(fix({ ...APPLIES, required: [] })), seeing({}), { requiredPorts: '' });
    expect(none).toEqual({ outcome: 'OK', detail: 'CloudFront is admitted to no port, and needs none' });
  });

  it('counts what a group that was made admits, once the load balancer has it', () => {
    const rules = { [WEB]: [world()], [NEW]: [cloudfront()] };
    const split = { decision: 'SPLIT', dedicated: `${NAME}=ipv4:${CLOUDFRONT_V4}:443-443` };
    const again = planned(fix({ ...APPLIES, strategy: 'SPLIT' }));
    expect(verdict(again, seeing(rules, { users: attached }), split, [made])).toMatchObject({ outcome: 'OK' });
    expect(verdict(again, seeing(rules), split, [made])).toMatchObject({ outcome: 'MISSING' });
    expect(verdict(again, seeing(rules, { users: attached }), split)).toMatchObject({ outcome: 'MISSING' });
    const two = seeing(rules, { users: [...attached, loadBalancer({ name: 'shop' })] });
    expect(verdict(again, two, split, [made])).toMatchObject({ outcome: 'MISSING' });
  });
});

describe('the groups of a split or a swap', () => {
  const wanted = { name: NAME, grant: grant() };
  const made = (overrides: Partial<SecurityGroup> = {}): SecurityGroup =>
    securityGroup({
      id: NEW,
      name: NAME,
      tags: known({ [MANAGED_TAG.key]: MANAGED_TAG.value }),
      ingress: known([cloudfront()]),
      ...overrides,
    });
  const judge = (
    namesakes: readonly SecurityGroup[],
    { decision = 'SPLIT', groups = [WEB, APP] as readonly string[], user = true } = {},
  ) =>
    judgeTargets(
      user ? loadBalancer({ securityGroups: groups.map((id) => groupId(id)) }) : undefined,
      namesakes,
      LISTS,
      asked('swapTargets', {
        decision,
        loadBalancerArn: arnOf('web'),
        originalSecurityGroups: `${WEB},${APP}`,
        dedicated: `${wanted.name}=ipv4:${CLOUDFRONT_V4}:443-443`,
      }),
    );

  it('a split adds the group that was made', () => {
    expect(judge([made()])).toMatchObject({ outcome: 'OK', desired: [WEB, APP, NEW], groupIds: [NEW] });
  });

  it('a swap puts it in the place of the old one', () => {
    expect(judge([made()], { decision: 'SWAP' })).toMatchObject({ outcome: 'OK', desired: [APP, NEW] });
  });

  it('done already, the list stays what it is to be', () => {
    expect(judge([made()], { groups: [WEB, APP, NEW] })).toMatchObject({ outcome: 'OK', desired: [WEB, APP, NEW] });
    expect(judge([made()], { decision: 'SWAP', groups: [APP, NEW] })).toMatchObject({
      outcome: 'OK',
      desired: [APP, NEW],
    });
  });

  it.each<readonly [Outcome, string, readonly SecurityGroup[]]>([
    ['MISSING', 'there is none', []],
    ['MISSING', 'there is one of another name', [made({ name: 'origin-guard-other' })]],
    ['AUTHORIZE', 'it has no rule yet', [made({ ingress: known([]) })]],
    ['FOREIGN_GROUP', 'somebody else made it', [made({ tags: known({}) })]],
    ['FOREIGN_GROUP', 'its tag says otherwise', [made({ tags: known({ [MANAGED_TAG.key]: 'no' }) })]],
    ['FOREIGN_GROUP', 'its tags are hidden', [made({ tags: hidden('tags') })]],
    ['FOREIGN_GROUP', 'its rules are hidden', [made({ ingress: hidden('rules') })]],
    ['FOREIGN_GROUP', 'it admits somebody else too', [made({ ingress: known([cloudfront(), world()]) })]],
    ['FOREIGN_GROUP', 'it admits CloudFront to another port', [made({ ingress: known([cloudfront(80)]) })]],
    [
      'FOREIGN_GROUP',
      'it admits more ports',
      [made({ ingress: known([named('a', open(fromList(CLOUDFRONT_V4), 'tcp', 443, 444))]) })],
    ],
    [
      'FOREIGN_GROUP',
      'it admits all traffic of CloudFront',
      [made({ ingress: known([named('a', open(fromList(CLOUDFRONT_V4), '-1', null))]) })],
    ],
    [
      'FOREIGN_GROUP',
      'it admits the other family',
      [made({ ingress: known([named('a', open(fromList(prefixListV6().id)))]) })],
    ],
  ])('%s: %s', (outcome, _, namesakes) => {
    expect(judge(namesakes)).toMatchObject({ outcome, desired: [] });
  });

  it.each([
    ['somebody attached another group', { groups: [WEB, APP, 'sg-0c'] }],
    ['somebody took one away', { groups: [WEB] }],
    ['a split: the old group is gone', { groups: [APP] }],
    ['a swap: another group is gone', { decision: 'SWAP', groups: [WEB] }],
    ['the load balancer is gone', { user: false }],
  ])('STALE: %s', (_, given) => {
    expect(judge([made()], given)).toMatchObject({ outcome: 'STALE', desired: [] });
  });
});

describe('what became of it', () => {
  const verdict = (sight: Sight, { facts = planFacts(), plan = nothing, request = {} } = {}) =>
    judgeAfter(planned(plan, { facts }), sight, asked('verify', request));
  const closed = seeing({ [WEB]: [addedRule()] });

  it('OK: the rules are gone, CloudFront is admitted, and the rule finds nothing public', () => {
    expect(verdict(closed)).toEqual({ outcome: 'OK', detail: `group sg-0web admits ${CLOUDFRONT_V4}` });
  });

  it('OK: nobody is admitted where CloudFront needs nothing', () => {
    expect(verdict(seeing({}), { request: { requiredPorts: '' } })).toEqual({
      outcome: 'OK',
      detail: 'group sg-0web admits nobody',
    });
  });

  it('OK: what nobody opted in to stays', () => {
    const rules = [addedRule(), named('net', open(fromCidr('10.0.0.0/8'))), named('sg', open(fromGroup('sg-0b')))];
    expect(verdict(seeing({ [WEB]: rules }), { facts: openTo(rules) })).toMatchObject({ outcome: 'OK' });
  });

  it('OK: the load balancer was taken out of the group meanwhile', () => {
    const facts = { ...planFacts(), verdict: { kind: 'not-applicable', because: 'unused' } } as const;
    expect(verdict(seeing({}, { users: [] }), { facts })).toMatchObject({ outcome: 'OK' });
  });

  it.each<readonly [Outcome, string, Sight]>([
    ['NOTHING_REVOKED', 'every rule is still there', seeing({ [WEB]: [world(), addedRule()] })],
    ['STALE', 'the group is gone', seeing({}, { group: null })],
    ['ROLLBACK', 'CloudFront lost its port', seeing({})],
    ['ROLLBACK', 'only a private range is left', seeing({ [WEB]: [named('net', open(fromCidr('10.0.0.0/8')))] })],
  ])('%s: %s', (outcome, _, sight) => {
    expect(verdict(sight)).toMatchObject({ outcome });
  });

  it('STILL_OPEN: one rule of several is still there', () => {
    const sight = seeing({ [WEB]: [world(), addedRule()] });
    expect(verdict(sight, { request: { revokeRuleIds: 'sgr-0443,sgr-080' } })).toEqual({
      outcome: 'STILL_OPEN',
      detail: 'rules sgr-0443 of group sg-0web are still there',
    });
  });

  it('STILL_OPEN: somebody opened it again, by another rule', () => {
    const rules = [addedRule(), named('again', open(fromCidr('0.0.0.0/0')))];
    expect(verdict(seeing({ [WEB]: rules }), { facts: openTo(rules), plan: APPLIES })).toEqual({
      outcome: 'STILL_OPEN',
      detail: 'group sg-0web admits 0.0.0.0/0 again',
    });
  });

  it.each<readonly [string, Parameters<typeof verdict>[1]]>([
    ['the rule cannot tell', { facts: { ...planFacts(), verdict: { kind: 'indeterminate', gaps: [gap('x')] } } }],
    [
      'the rule cannot tell of everything',
      { facts: { ...planFacts(), verdict: { kind: 'non-compliant', findings: [], gaps: [gap('x')] } } },
    ],
    [
      'the planner may not look',
      {
        facts: { ...planFacts(), verdict: { kind: 'indeterminate', gaps: [gap('x')] } },
        plan: refusal('LOOKUP_FAILED'),
      },
    ],
  ])('UNKNOWN: %s', (_, given) => {
    expect(verdict(closed, given)).toMatchObject({ outcome: 'UNKNOWN' });
  });

  it('UNKNOWN: there are no facts', () => {
    expect(judgeAfter(planned(refusal('GROUP_NOT_FOUND'), { facts: null }), closed, asked('verify'))).toMatchObject({
      outcome: 'UNKNOWN',
      detail: refusal().because,
    });
  });
});

describe('what became of a swap', () => {
  const swap = {
    decision: 'SWAP',
    revokeRuleIds: '',
    grants: '',
    loadBalancerArn: arnOf('web'),
    originalSecurityGroups: `${WEB},${APP}`,
    dedicated: `${NAME}=ipv4:${CLOUDFRONT_V4}:443-443`,
  };
  const left = { ...planFacts(), verdict: { kind: 'not-applicable', because: 'unused' } } as const;
  const verdict = (groups: readonly string[], rules: Readonly<Record<string, readonly IngressRule[]>>) =>
    judgeAfter(
      planned(nothing, { facts: left }),
      seeing(
        { [WEB]: [world()], ...rules },
        { users: [loadBalancer({ securityGroups: groups.map((id) => groupId(id)) })] },
      ),
      asked('verify', swap),
    );

  it.each<readonly [Outcome, string, readonly string[], Readonly<Record<string, readonly IngressRule[]>>]>([
    ['OK', 'the new group is in the place of the old one', [APP, NEW], { [NEW]: [cloudfront()] }],
    ['NOTHING_REVOKED', 'the list is as it was', [APP, WEB], { [NEW]: [cloudfront()] }],
    ['STILL_OPEN', 'the old group is back', [APP, NEW, WEB], { [NEW]: [cloudfront()] }],
    ['ROLLBACK', 'the new group admits nobody', [APP, NEW], {}],
  ])('%s: %s', (outcome, _, groups, rules) => {
    expect(verdict(groups, rules)).toMatchObject({ outcome });
  });

  it('the other users of the old group do not count', () => {
    const intranet = loadBalancer({ name: 'intranet' });
    const sight = seeing(
      { [NEW]: [cloudfront()] },
      { users: [loadBalancer({ securityGroups: [APP, NEW] }), intranet] },
    );
    expect(judgeAfter(planned(nothing, { facts: left }), sight, asked('verify', swap))).toMatchObject({
      outcome: 'OK',
    });
  });

  it('STALE: the load balancer is gone', () => {
    const sight = seeing({}, { users: [] });
    expect(judgeAfter(planned(nothing), sight, asked('verify', swap))).toMatchObject({ outcome: 'STALE' });
  });
});
