import type { Fix, Plan } from '../../../core/plan.js';
import type { Planned } from '../../../remediation/alb-sg-cloudfront-only/gather-plan.js';
import { parseRecord } from '../../../remediation/alb-sg-cloudfront-only/record.js';
import { parsePlannerRequest } from '../../../remediation/alb-sg-cloudfront-only/request.js';
import { DEDICATED_SLOTS, RESTORE_SLOTS, type PlanResult } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import {
  noopResult,
  refusal as refusalResult,
  toPlanResult,
  toRollbackResult,
  toVerifyResult,
} from '../../../remediation/alb-sg-cloudfront-only/to-result.js';
import {
  ACCOUNT,
  arnOf,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  hidden,
  NOW,
  open,
  REGION,
  securityGroup,
  albSgFacts,
} from '../../support/builders.js';
import { named, openTo, planFacts, world } from '../../support/plan-facts.js';
import { fix, grant, nothing, refusal, revocable, split, swap } from '../../support/plans.js';

const RUN = { executionId: 'run-1', accountId: ACCOUNT, region: REGION, now: NOW };
const KEPT = named('kept', open(fromCidr('10.0.0.0/8')));
const planned = (plan: Plan, facts: Planned['facts'] = openTo([world(), KEPT])): Planned => ({
  plan,
  fingerprint: plan.kind === 'apply' ? 'whole.rules' : null,
  paths: [],
  facts,
});
const resultOf = (plan: Plan, facts?: Planned['facts']): PlanResult =>
  toPlanResult(planned(plan, facts), 'sg-0web', RUN);
const v6 = (port: number) => grant(port, { family: 'ipv6', prefixListId: CLOUDFRONT_V6 });

const ALL: readonly (readonly [string, PlanResult])[] = [
  ['nothing to do', resultOf(nothing)],
  ['a refusal', resultOf(refusal())],
  ['an edit', resultOf(fix())],
  ['a split', resultOf(split())],
  ['a swap', resultOf(swap())],
  ['a rollback with nothing to do', noopResult('rollback', 'sg-0web', 'RESTORED', 'as it was')],
  ['a rollback that is refused', refusalResult('rollback', 'sg-0web', 'CHANGED_SINCE', 'changed')],
  [
    'a rollback',
    toRollbackResult({
      decision: 'EDIT',
      securityGroupId: 'sg-0web',
      summary: 'undo',
      missing: [],
      groupsLeft: false,
      addedRuleIds: ['sgr-0new'],
      loadBalancerArn: '',
      originalSecurityGroups: [],
      executionId: 'run-1',
    }),
  ],
];

describe.each(ALL)('%s', (_, result) => {
  it('has every field, and none that is unknown or missing', () => {
    const [[, first] = ['', result] as const] = ALL;
    expect(Object.keys(result).sort()).toEqual(Object.keys(first).sort());
    expect(JSON.stringify(result, (_key, value: unknown) => value ?? 'MISSING')).not.toContain('MISSING');
  });

  it('has as many slots as the rollback document, whether they are used or not', () => {
    for (const [kind, slots] of Object.entries(RESTORE_SLOTS))
      expect(result.restore[kind as keyof typeof RESTORE_SLOTS]).toHaveLength(slots);
  });
});

describe('an edit, in scalars', () => {
  it('says what is decided, on what it rests, and what goes', () => {
    expect(resultOf(fix())).toMatchObject({
      planVersion: '1',
      mode: 'plan',
      decision: 'EDIT',
      reasonCode: '',
      nextStep: '',
      fingerprint: 'whole.rules',
      securityGroupId: 'sg-0web',
      vpcId: 'vpc-0a1',
      prefixListId: CLOUDFRONT_V4,
      prefixListIdV6: '',
      requiredPorts: 'ipv4/443',
      revokeRuleIds: ['sgr-0open'],
      revokeRuleIdsText: 'sgr-0open',
      rollbackIpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      loadBalancerArn: '',
      originalSecurityGroups: [],
      dedicatedCount: 0,
      dedicatedText: '',
    });
  });

  it.each<readonly [string, Fix['grants'], Partial<PlanResult>]>([
    [
      'no rule that comes',
      [],
      { authorizeNeeded: false, fromPort: -1, toPort: -1, authorizeV6Needed: false, grantsText: '' },
    ],
    [
      'one',
      [grant(443)],
      { authorizeNeeded: true, fromPort: 443, toPort: 443, authorize2Needed: false, from2: -1, to2: -1 },
    ],
    [
      'two of IPv4 and two of IPv6',
      [grant(80), grant(443, { toPort: 444 }), v6(80), v6(443)],
      {
        authorizeNeeded: true,
        fromPort: 80,
        toPort: 80,
        authorize2Needed: true,
        from2: 443,
        to2: 444,
        authorizeV6Needed: true,
        fromV6: 80,
        toV6: 80,
        authorizeV62Needed: true,
        from2V6: 443,
        to2V6: 443,
        prefixListIdV6: CLOUDFRONT_V6,
        grantsText: `ipv4:${CLOUDFRONT_V4}:80-80,ipv4:${CLOUDFRONT_V4}:443-444,ipv6:${CLOUDFRONT_V6}:80-80,ipv6:${CLOUDFRONT_V6}:443-443`,
      },
    ],
    [
      'IPv6 alone',
      [v6(443)],
      { authorizeNeeded: false, prefixListId: '', authorizeV6Needed: true, fromV6: 443, authorizeV62Needed: false },
    ],
  ])('%s', (_, grants, fields) => {
    expect(resultOf(fix({ grants }))).toMatchObject(fields);
  });

  it('carries its record, before it is applied and after', () => {
    const { rollbackJson, appliedJson } = resultOf(fix());
    expect(parseRecord(rollbackJson)).toMatchObject({
      execution: 'run-1',
      status: 'PLANNED',
      removed: [{ s: '0.0.0.0/0' }],
      left: ['sgr-0443', 'sgr-0kept'],
    });
    expect(parseRecord(appliedJson)).toEqual({ ...parseRecord(rollbackJson), status: 'APPLIED' });
  });

  it('a rule that goes is not among those that stay', () => {
    const revoke = [revocable({ id: 'sgr-0443' })];
    expect(parseRecord(resultOf(fix({ revoke })).rollbackJson)?.left).toEqual(['sgr-0kept']);
  });

  it('no rule stays that nobody has seen', () => {
    const blindly = planFacts({ rule: albSgFacts({ group: securityGroup({ ingress: hidden('rules') }) }) });
    expect(parseRecord(resultOf(fix(), blindly).rollbackJson)?.left).toEqual([]);
    expect(parseRecord(toPlanResult({ ...planned(fix()), facts: null }, 'sg-0web', RUN).rollbackJson)?.left).toEqual(
      [],
    );
    expect(resultOf({ ...fix() }, openTo([open(fromCidr('0.0.0.0/0'))])).rollbackJson).toContain('"left":[]');
  });

  it('names the sources that stay', () => {
    expect(resultOf(fix({ kept: [KEPT, open(fromGroup('sg-0b'), '-1', null)] }))).toMatchObject({
      keptSources: ['10.0.0.0/8 on tcp 443', 'sg-0b on all traffic'],
      summary: expect.stringContaining('; 2 sources stay: 10.0.0.0/8 on tcp 443, sg-0b on all traffic; ') as string,
    });
  });
});

describe('a split or a swap, in scalars', () => {
  it('names the groups to make, the rule of each, and the list as it was', () => {
    expect(resultOf(split())).toMatchObject({
      decision: 'SPLIT',
      loadBalancerArn: arnOf('web'),
      originalSecurityGroups: ['sg-0web', 'sg-0app'],
      originalSecurityGroupsText: 'sg-0web,sg-0app',
      dedicatedCount: 1,
      dedicatedText: `origin-guard-50dc6c495c0c9188-ipv4-80-80=ipv4:${CLOUDFRONT_V4}:80-80`,
      newGroupName: 'origin-guard-50dc6c495c0c9188-ipv4-80-80',
      newFromPort: 80,
      newToPort: 80,
      newPrefixListId: CLOUDFRONT_V4,
      newGroupName2: '',
      newFromPort2: -1,
      newToPort2: -1,
      newPrefixListId2: '',
    });
    expect(resultOf(swap())).toMatchObject({ decision: 'SWAP', prefixListId: CLOUDFRONT_V4, authorizeNeeded: false });
  });

  it('has a place for as many as a run can make', () => {
    const dedicated = [grant(80), grant(81), v6(80), v6(443)].map((each, at) => ({
      name: `g${String(at)}`,
      grant: each,
    }));
    expect(dedicated).toHaveLength(DEDICATED_SLOTS);
    expect(resultOf(swap({ dedicated }))).toMatchObject({
      dedicatedCount: 4,
      newGroupName: 'g0',
      newGroupName2: 'g1',
      newGroupName3: 'g2',
      newGroupName4: 'g3',
      newFromPort4: 443,
      newToPort4: 443,
      newPrefixListId4: CLOUDFRONT_V6,
    });
  });
});

it('what the texts say, a later step reads back as it was', () => {
  const plan = split({ grants: [grant(443, { toPort: 444 }), v6(443)], required: [{ family: 'ipv6', port: 443 }] });
  const result = resultOf(plan);
  expect(
    parsePlannerRequest({
      mode: 'verify',
      securityGroupId: 'sg-0web',
      executionId: 'run-1',
      decision: result.decision,
      fingerprint: result.fingerprint,
      requiredPorts: result.requiredPorts,
      grants: result.grantsText,
      revokeRuleIds: result.revokeRuleIdsText,
      loadBalancerArn: result.loadBalancerArn,
      originalSecurityGroups: result.originalSecurityGroupsText,
      dedicated: result.dedicatedText,
    }),
  ).toMatchObject({
    requiredPorts: plan.required,
    grants: plan.grants,
    revokeRuleIds: plan.revoke.map(({ ruleId }) => ruleId),
    loadBalancerArn: plan.loadBalancer?.arn,
    originalSecurityGroups: plan.loadBalancer?.securityGroups,
    dedicated: plan.dedicated,
  });
});

describe('the summary', () => {
  it('of a refusal: what was found, and what to do', () => {
    const { summary, nextStep, reasonCode } = resultOf(refusal('SHARED_SG'));
    expect(reasonCode).toBe('SHARED_SG');
    expect(summary).toBe(`group sg-0web is used by network interface eni-0db too; ${nextStep}`);
  });

  it('of a refusal says what to do as the plan says it', () => {
    expect(resultOf(refusal('QUOTA_NO_HEADROOM', { nextStep: 'raise it to 112' }))).toMatchObject({
      summary: 'group sg-0web is used by network interface eni-0db too; raise it to 112',
      nextStep: 'raise it to 112',
    });
  });
});

describe('the answer of a verifying mode', () => {
  it('has every field', () => {
    expect(toVerifyResult('guard', { outcome: 'OK', detail: 'so' })).toEqual({
      planVersion: '1',
      mode: 'guard',
      outcome: 'OK',
      detail: 'so',
      desiredSecurityGroups: [],
      newGroupId: '',
      newGroupId2: '',
      newGroupId3: '',
      newGroupId4: '',
    });
  });

  it('names the groups of a split or a swap, and the list to give', () => {
    const targets = { desired: ['sg-0web', 'a', 'b', 'c', 'd'], groupIds: ['a', 'b', 'c', 'd'] };
    expect(toVerifyResult('swapTargets', { outcome: 'OK', detail: '' }, targets)).toMatchObject({
      desiredSecurityGroups: targets.desired,
      newGroupId: 'a',
      newGroupId2: 'b',
      newGroupId3: 'c',
      newGroupId4: 'd',
    });
  });
});
