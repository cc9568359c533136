import { OriginGuardError } from '../../../core/errors.js';
import { known } from '../../../core/fact.js';
import type { SecurityGroup } from '../../../core/model/security-group.js';
import { answerPlanner, type PlannerDeps } from '../../../remediation/alb-sg-cloudfront-only/answer.js';
import { parsePlannerRequest, type PlannerMode } from '../../../remediation/alb-sg-cloudfront-only/request.js';
import type { PlanResult, VerifyResult } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import { MANAGED_TAG } from '../../../remediation/alb-sg-cloudfront-only/verify.js';
import {
  albSgParams,
  arnOf,
  CLOUDFRONT_V4,
  distribution,
  fromList,
  gap,
  groupId,
  hidden,
  HOME,
  loadBalancer,
  NOW,
  open,
  origin,
  prefixList,
  securityGroup,
} from '../../support/builders.js';
import { balancerInterface, planningPorts, type PlanningWorld } from '../../support/fake-planning.js';
import { addedRule, cloudfront, connects, named, stored, world } from '../../support/plan-facts.js';

const WEB = groupId('sg-0web');
const NEW = groupId('sg-0new');
const NAME = 'origin-guard-50dc6c495c0c9188-ipv4-443-443';
const withRules = (...rules: readonly ReturnType<typeof world>[]): Partial<PlanningWorld> => ({
  groups: [securityGroup({ ingress: known(rules) })],
  distributions: [distribution({ origins: [origin({ custom: connects() })] })],
});
const BEFORE = withRules(world());
const BETWEEN = withRules(world(), addedRule());
const AFTER = withRules(addedRule());

/** Answers from worlds, one for each look; the last one stays. An error stands in the place of a look. */
function rig(...worlds: readonly (Partial<PlanningWorld> | Error)[]) {
  const naps: number[] = [];
  let looks = 0;
  const deps: PlannerDeps = {
    own: HOME,
    freshPorts: () => {
      const seen = worlds[Math.min(looks, worlds.length - 1)] ?? {};
      looks += 1;
      if (!(seen instanceof Error)) return planningPorts(seen);
      return { ...planningPorts(), loadBalancers: () => Promise.reject(seen) };
    },
    params: albSgParams(),
    settings: { iacManaged: 'WARN', iacTagKeys: [], portMerge: 'ADJACENT', quotaModel: 'both' },
    remediationMode: 'manual',
    now: () => NOW,
    digest: (text) => `<${String(text.length)}:${text.slice(0, 300)}>`,
    sleep: (milliseconds) => {
      naps.push(milliseconds);
      return Promise.resolve();
    },
  };
  const ask = (mode: PlannerMode, more: Readonly<Record<string, unknown>> = {}) =>
    answerPlanner(
      parsePlannerRequest({
        mode,
        securityGroupId: WEB,
        executionId: 'run-1',
        recordId: 'run-1',
        ...more,
      }),
      deps,
    );
  return { ask, deps, naps, looks: () => looks };
}

/** What the later steps of a run are told of its plan. */
async function planned(seen: Partial<PlanningWorld> = BEFORE, options = {}) {
  const plan = (await rig(seen).ask('plan', options)) as PlanResult;
  return {
    decision: plan.decision,
    fingerprint: plan.fingerprint,
    requiredPorts: plan.requiredPorts,
    grants: plan.grantsText,
    revokeRuleIds: plan.revokeRuleIdsText,
    loadBalancerArn: plan.loadBalancerArn,
    originalSecurityGroups: plan.originalSecurityGroupsText,
    dedicated: plan.dedicatedText,
    ...options,
  };
}

const throttled = new OriginGuardError('E2001', 'AWS throttled DescribeLoadBalancers');
const MODES: readonly PlannerMode[] = ['plan', 'guard', 'verifyAuthorized', 'swapTargets', 'verify', 'rollback'];

describe('plan', () => {
  it('answers with the plan, for the account and the run that ask', async () => {
    const { ask, looks } = rig(BEFORE);
    const plan = (await ask('plan')) as PlanResult;
    expect(plan).toMatchObject({ mode: 'plan', decision: 'EDIT', revokeRuleIds: ['sgr-0443'], fromPort: 443 });
    expect(JSON.parse(plan.rollbackJson)).toMatchObject({
      account: HOME.accountId,
      region: HOME.region,
      execution: 'run-1',
      at: NOW,
    });
    expect(looks()).toBe(1);
  });

  it('a refusal is an answer', async () => {
    expect(await rig({ groups: [], loadBalancers: [] }).ask('plan')).toMatchObject({ reasonCode: 'GROUP_NOT_FOUND' });
  });

  it('follows what the request opts in to', async () => {
    const shared = { ...BEFORE, interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) } };
    expect(await rig(shared).ask('plan')).toMatchObject({ reasonCode: 'SHARED_SG' });
    expect(await rig(shared).ask('plan', { allowSwap: 'true' })).toMatchObject({ decision: 'SWAP' });
  });

  it('the record of a planner that does not know where it is says so', async () => {
    const nowhere = { accountId: null, region: null };
    const group = securityGroup({ ingress: known([world()]), scope: nowhere });
    const users = [loadBalancer({ scope: nowhere })];
    const seen = { ...BEFORE, groups: [group], loadBalancers: users };
    const request = parsePlannerRequest({ mode: 'plan', securityGroupId: WEB, executionId: 'run-1' });
    const plan = (await answerPlanner(request, { ...rig(seen).deps, own: nowhere })) as PlanResult;
    expect(JSON.parse(plan.rollbackJson)).toMatchObject({ account: '', region: '' });
  });
});

describe('guard', () => {
  it('OK while nothing has changed', async () => {
    const { fingerprint } = await planned();
    expect(await rig(BEFORE).ask('guard', { fingerprint })).toMatchObject({ mode: 'guard', outcome: 'OK' });
  });

  it.each([
    ['STALE', 'somebody opened another port', withRules(world(), world(80))],
    [
      'STALE',
      'the group is exempt now',
      {
        ...BEFORE,
        groups: [securityGroup({ ingress: known([world()]), tags: known({ 'origin-guard:exempt': 'x' }) })],
      },
    ],
    ['ALREADY_OK', 'somebody closed it', AFTER],
  ])('%s: %s', async (outcome, _, seen) => {
    const { fingerprint } = await planned();
    const { ask, naps } = rig(seen);
    expect(await ask('guard', { fingerprint })).toMatchObject({ outcome });
    expect(naps).toEqual([]);
  });
});

describe('verifyAuthorized', () => {
  it('OK at once, when the new rule is there', async () => {
    const { ask, naps } = rig(BETWEEN);
    expect(await ask('verifyAuthorized', await planned())).toMatchObject({ mode: 'verifyAuthorized', outcome: 'OK' });
    expect(naps).toEqual([]);
  });

  it('looks again until the new rule shows', async () => {
    const { ask, naps } = rig(BEFORE, throttled, BETWEEN);
    expect(await ask('verifyAuthorized', await planned())).toMatchObject({ outcome: 'OK' });
    expect(naps).toEqual([5_000, 5_000]);
  });

  it('MISSING, when it does not show in time', async () => {
    const { ask, naps } = rig(BEFORE);
    expect(await ask('verifyAuthorized', await planned())).toMatchObject({ outcome: 'MISSING' });
    expect(naps).toHaveLength(5);
  });

  it('STALE at once, when something else has changed', async () => {
    const { ask, naps } = rig(withRules(world(80), addedRule()));
    expect(await ask('verifyAuthorized', await planned())).toMatchObject({ outcome: 'STALE' });
    expect(naps).toEqual([]);
  });

  it.each<readonly [string, Partial<PlanningWorld> | Error]>([
    ['load balancers are hidden', { ...BETWEEN, loadBalancerGap: () => gap('loadBalancers') }],
    ['AWS throttles', throttled],
  ])('UNKNOWN: %s', async (_, seen) => {
    expect(await rig(seen).ask('verifyAuthorized', await planned())).toMatchObject({ outcome: 'UNKNOWN' });
  });

  it('STALE: the group is gone', async () => {
    expect(await rig({ ...BEFORE, groups: [] }).ask('verifyAuthorized', await planned())).toMatchObject({
      outcome: 'STALE',
    });
  });
});

describe('verify', () => {
  it('OK, once the rules that go are gone', async () => {
    const { ask, naps } = rig(BETWEEN, AFTER);
    expect(await ask('verify', await planned())).toMatchObject({ mode: 'verify', outcome: 'OK' });
    expect(naps).toEqual([5_000]);
  });

  it.each<readonly [string, string, Partial<PlanningWorld> | Error]>([
    ['NOTHING_REVOKED', 'they are all there', BETWEEN],
    ['ROLLBACK', 'a complete look shows that CloudFront lost its port', withRules()],
    ['UNKNOWN', 'the look is not complete: rules', { ...AFTER, groups: [securityGroup({ ingress: hidden('rules') })] }],
    [
      'UNKNOWN',
      'the look is not complete: whose list it is',
      { ...AFTER, prefixLists: { [CLOUDFRONT_V4]: hidden('list') } },
    ],
    ['UNKNOWN', 'AWS throttles', throttled],
  ])('%s, after a minute: %s', async (outcome, _, seen) => {
    const { ask, naps } = rig(seen);
    expect(await ask('verify', await planned())).toMatchObject({ outcome });
    expect(naps).toHaveLength(11);
  });

  it('what was seen last counts, not what was seen on the way', async () => {
    const { ask } = rig(withRules(), AFTER);
    expect(await ask('verify', await planned())).toMatchObject({ outcome: 'OK' });
  });

  it('looks at the load balancer of a swap, though it has left the group', async () => {
    const shared = { interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) } };
    const request = await planned({ ...BEFORE, ...shared }, { allowSwap: true });
    const swapped: Partial<PlanningWorld> = {
      ...BEFORE,
      groups: [securityGroup({ ingress: known([world()]) }), securityGroup({ id: NEW, name: NAME })],
      loadBalancers: [loadBalancer({ securityGroups: [NEW] })],
    };
    expect(await rig(swapped).ask('verify', request)).toMatchObject({ outcome: 'OK' });
  });
});

describe('swapTargets', () => {
  const shared = { interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) } };
  const SWAP = { allowSwap: true };
  const made = (overrides: Partial<SecurityGroup> = {}): SecurityGroup =>
    securityGroup({
      id: NEW,
      name: NAME,
      tags: known({ [MANAGED_TAG.key]: MANAGED_TAG.value }),
      ingress: known([cloudfront()]),
      ...overrides,
    });
  const having = (
    overrides: Partial<SecurityGroup> | null,
    more: Partial<PlanningWorld> = {},
  ): Partial<PlanningWorld> => ({
    ...BEFORE,
    ...shared,
    namedGroups: known(overrides === null ? [] : [made(overrides)]),
    ...more,
  });
  const ask = async (phase: 'find' | 'ready', ...worlds: readonly (Partial<PlanningWorld> | Error)[]) => {
    const { ask: question, naps } = rig(...worlds);
    const request = await planned({ ...BEFORE, ...shared }, SWAP);
    return { answer: (await question('swapTargets', { ...request, phase })) as VerifyResult, naps };
  };

  it('finds the group that was made, before it has its rule', async () => {
    const { answer, naps } = await ask('find', having({ ingress: known([]) }));
    expect(answer).toMatchObject({
      mode: 'swapTargets',
      outcome: 'AUTHORIZE',
      newGroupId: NEW,
      desiredSecurityGroups: [],
    });
    expect(naps).toEqual([]);
  });

  it('finds it with its rule, from an earlier run', async () => {
    expect((await ask('find', having({}))).answer).toMatchObject({ outcome: 'OK', newGroupId: NEW });
  });

  it('looks again until it shows', async () => {
    const { answer, naps } = await ask('find', having(null), throttled, having({}));
    expect([answer.outcome, naps.length]).toEqual(['OK', 2]);
  });

  it('is ready with the list to give, while the plan holds', async () => {
    const { answer } = await ask('ready', having({ ingress: known([]) }), having({}));
    expect(answer).toMatchObject({ outcome: 'OK', desiredSecurityGroups: [NEW] });
  });

  it.each<readonly [string, string, Partial<PlanningWorld>]>([
    [
      'STALE',
      'somebody opened another port',
      having({}, { groups: [securityGroup({ ingress: known([world(), world(80)]) })] }),
    ],
    ['STALE', 'nothing is left to do', having({}, { groups: [securityGroup()] })],
    ['FOREIGN_GROUP', 'somebody else made a group of that name', having({ tags: known({}) })],
    ['MISSING', 'it does not show', having(null)],
    ['AUTHORIZE', 'its rule does not show', having({ ingress: known([]) })],
    ['UNKNOWN', 'groups of that name are hidden', having(null, { namedGroups: hidden('groups') })],
    ['UNKNOWN', 'its rules are hidden', having({ ingress: hidden('rules') })],
    ['UNKNOWN', 'load balancers are hidden', having({}, { loadBalancerGap: () => gap('loadBalancers') })],
  ])('%s, and no list is given: %s', async (outcome, _, seen) => {
    expect((await ask('ready', seen)).answer).toMatchObject({ outcome, desiredSecurityGroups: [] });
  });

  it('a list that the group names besides is read too', async () => {
    const own = prefixList({ id: 'pl-0own' as never, name: 'p', ownerId: '111122223333' });
    const seen = having(
      { ingress: known([cloudfront(), named('own', open(fromList('pl-0own')))]) },
      { prefixLists: { [prefixList().id]: known(prefixList()), [own.id]: known(own) } },
    );
    expect((await ask('find', seen)).answer).toMatchObject({ outcome: 'FOREIGN_GROUP' });
  });

  it('an edit has none', async () => {
    const answer = (await rig(BEFORE).ask('swapTargets', { ...(await planned()), phase: 'find' })) as VerifyResult;
    expect(answer).toMatchObject({ outcome: 'STALE', desiredSecurityGroups: [], newGroupId: '' });
  });

  it('where the group is gone, nothing is made for it', async () => {
    const { answer } = await ask('find', having({}, { groups: [] }));
    expect(answer).toMatchObject({ outcome: 'STALE', detail: expect.stringMatching(/is gone/) as string });
  });

  it('verifyAuthorized counts what the new group admits', async () => {
    const rules = Array.from({ length: 6 }, (_, at) => named(String(at), { ...world(), toPort: 443 + at }));
    const split = { allowSplit: true };
    const full = { ...withRules(...rules) };
    const request = await planned(full, split);
    expect(request.decision).toBe('SPLIT');
    const attached: Partial<PlanningWorld> = {
      ...full,
      groups: [...(full.groups ?? []), made()],
      namedGroups: known([made()]),
      loadBalancers: [loadBalancer({ securityGroups: [WEB, NEW] })],
    };
    expect(await rig(attached).ask('verifyAuthorized', request)).toMatchObject({ outcome: 'OK' });
    expect(await rig({ ...attached, namedGroups: hidden('groups') }).ask('verifyAuthorized', request)).toMatchObject({
      outcome: 'UNKNOWN',
    });
  });
});

describe('rollback', () => {
  const records = { [WEB]: known([stored()]) };
  const fixed = { ...AFTER, records };
  const restored = { ...BETWEEN, records };
  const undone = { ...BEFORE, records };

  it('answers from the record, at once', async () => {
    const { ask, naps } = rig(fixed);
    expect(await ask('rollback')).toMatchObject({ mode: 'rollback', decision: 'EDIT', restoreLeft: 1 });
    expect(await rig(AFTER).ask('rollback')).toMatchObject({ reasonCode: 'RECORD_NOT_FOUND' });
    expect(naps).toEqual([]);
  });

  it.each(['rules', 'groups'])('looks again until what was put back shows: %s', async (phase) => {
    const { ask, naps } = rig(fixed, fixed, restored);
    expect(await ask('rollback', { phase })).toMatchObject({ decision: 'EDIT', restoreLeft: 0, revokeNeeded: true });
    expect(naps).toEqual([5_000, 5_000]);
  });

  it('everything is as it was: nothing to wait for', async () => {
    const { ask, naps } = rig(undone);
    expect(await ask('rollback', { phase: 'groups' })).toMatchObject({ decision: 'NOOP', reasonCode: 'RESTORED' });
    expect(naps).toEqual([]);
  });

  it.each<readonly [string, Partial<PlanningWorld>, object]>([
    ['does not show in time', fixed, { decision: 'EDIT', restoreLeft: 1 }],
    ['was changed meanwhile', { ...fixed, ...withRules(addedRule(), world(80)) }, { reasonCode: 'CHANGED_SINCE' }],
  ])('says what it saw last, where what was put back %s', async (_, seen, result) => {
    const { ask, naps } = rig(seen);
    expect(await ask('rollback', { phase: 'rules' })).toMatchObject(result);
    expect(naps).toHaveLength(5);
  });

  it('waits for the list of groups only once it was given back', async () => {
    const split = stored({ strategy: 'SPLIT', alb: arnOf('web'), groups: ['sg-0web'], made: [NAME], added: [] });
    const seen = {
      ...BEFORE,
      groups: [securityGroup({ ingress: known([world()]) }), securityGroup({ id: NEW, name: NAME })],
      loadBalancers: [loadBalancer({ securityGroups: [WEB, NEW] })],
      records: { [WEB]: known([split]) },
    };
    const given = { ...seen, loadBalancers: [loadBalancer()] };
    expect(await rig(seen).ask('rollback', { phase: 'rules' })).toMatchObject({ restoreLeft: 0, groupsLeft: 1 });
    const { ask, naps } = rig(seen, given);
    expect(await ask('rollback', { phase: 'groups' })).toMatchObject({ decision: 'NOOP' });
    expect(naps).toHaveLength(1);
  });
});

describe('an error', () => {
  it.each(['plan', 'guard'] as const)('of AWS passes through: %s', async (mode) => {
    await expect(rig(throttled).ask(mode, { fingerprint: 'a.b' })).rejects.toBe(throttled);
  });

  it('of AWS passes through: rollback', async () => {
    const failing = { ...planningPorts(), rollbackRecords: () => Promise.reject(throttled) };
    const deps = { ...rig().deps, freshPorts: () => failing };
    const request = parsePlannerRequest({ mode: 'rollback', securityGroupId: WEB, recordId: 'run-1' });
    await expect(answerPlanner(request, deps)).rejects.toBe(throttled);
  });

  it.each(MODES.filter((mode) => mode !== 'rollback'))('of our own passes through: %s', async (mode) => {
    const broken = new OriginGuardError('E9001', 'an invariant');
    await expect(rig(broken).ask(mode, { ...(await planned()), phase: 'find' })).rejects.toBe(broken);
    await expect(rig(new TypeError('x')).ask(mode, { ...(await planned()), phase: 'find' })).rejects.toThrow('x');
  });
});

it('every look is a fresh one', async () => {
  const { ask, looks } = rig(BEFORE, BEFORE, BETWEEN);
  await ask('verifyAuthorized', await planned());
  expect(looks()).toBe(3);
});

describe('the mode of the account', () => {
  const off = (...worlds: readonly Partial<PlanningWorld>[]) => {
    const { deps, looks } = rig(...worlds);
    const ask = (mode: PlannerMode, more: Readonly<Record<string, unknown>>) =>
      answerPlanner(parsePlannerRequest({ mode, securityGroupId: WEB, executionId: 'run-1', ...more }), {
        ...deps,
        remediationMode: 'off',
      });
    return { ask, looks };
  };

  it('refuses a plan before anything is read', async () => {
    const { ask, looks } = off(BEFORE);
    expect(await ask('plan', {})).toMatchObject({
      decision: 'REFUSE',
      reasonCode: 'REMEDIATION_MODE',
      summary: expect.stringContaining('this account allows no run of the fixer (its mode is off)') as string,
    });
    expect(looks()).toBe(0);
  });

  it('stops a run whose account was set to another mode since its plan', async () => {
    const { fingerprint } = await planned();
    expect(await off(BEFORE).ask('guard', { fingerprint })).toMatchObject({
      outcome: 'STALE',
      detail: 'REMEDIATION_MODE: this account allows no run of the fixer (its mode is off)',
    });
  });

  it('never stands in the way of a rollback', async () => {
    const answer = await off(BEFORE).ask('rollback', { recordId: 'run-1' });
    expect(answer).not.toMatchObject({ reasonCode: 'REMEDIATION_MODE' });
  });
});
