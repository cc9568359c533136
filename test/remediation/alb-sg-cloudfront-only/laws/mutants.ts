import type { PlannerDeps } from '../../../../remediation/alb-sg-cloudfront-only/answer.js';
import type { PlannerRequest } from '../../../../remediation/alb-sg-cloudfront-only/request.js';
import type { PlanResult, VerifyResult } from '../../../../remediation/alb-sg-cloudfront-only/result.js';
import { rollbackRunbook } from '../../../../remediation/alb-sg-cloudfront-only/rollback-runbook.js';
import { remediateRunbook } from '../../../../remediation/alb-sg-cloudfront-only/runbook.js';
import { renderRunbook } from '../../../../remediation/runbook/render.js';
import { known } from '../../../../core/fact.js';
import type { PlanningPorts } from '../../../../core/planning.js';
import { parseDocument } from '../../../support/runbook/document.js';
import { CLOUDFRONT_V4 } from '../../../support/builders.js';
import { HEALTH_CHECKS } from './cast.js';
import { MACHINE, type Machine, type Planner } from './stage.js';

// Runbooks and planners with one thing wrong in each. The laws must kill them.

type Step = Record<string, unknown> & { name: string; inputs: Record<string, unknown> };
interface Rendered {
  mainSteps: Step[];
}

type Document = 'remediate' | 'rollback';

/** A machine whose document is changed after it was rendered, past every check. */
function documentMutant(which: Document, change: (step: (name: string) => Step, all: Rendered) => void): Machine {
  const runbook = which === 'remediate' ? remediateRunbook() : rollbackRunbook();
  const rendered = JSON.parse(JSON.stringify(renderRunbook(runbook))) as Rendered;
  change((name) => rendered.mainSteps.find((step) => step.name === name)!, rendered);
  return { ...MACHINE, [which]: parseDocument(rendered) };
}

/** The branch goes one way, whatever it was told. */
const always = (step: Step, next: string): void => {
  step.inputs = { Choices: [{ NextStep: next, Variable: 'x', StringEquals: 'x' }], Default: next };
};

/** Every way that led to one step leads to another. */
function passBy(all: Rendered, from: string, to: string): void {
  for (const step of all.mainSteps) {
    for (const key of ['nextStep', 'onFailure', 'onCancel'] as const) {
      if (step[key] === from) step[key] = to;
      if (step[key] === `step:${from}`) step[key] = `step:${to}`;
    }
    const { Choices, Default } = step.inputs as { Choices?: { NextStep: string }[]; Default?: string };
    for (const choice of Choices ?? []) if (choice.NextStep === from) choice.NextStep = to;
    if (Default === from) step.inputs['Default'] = to;
  }
}

type Answer = PlanResult | VerifyResult;

/** A machine whose planner answers something else than it found. */
const answerMutant = (change: (answer: Answer, request: PlannerRequest) => Answer): Machine =>
  plannerMutant(async (request, deps) => change(await MACHINE.planner(request, deps), request));

const plannerMutant = (planner: Planner): Machine => ({ ...MACHINE, planner });

/** A planner that sees something else. */
const sightMutant = (see: (ports: PlanningPorts) => Partial<PlanningPorts>): Machine =>
  plannerMutant((request, deps) => MACHINE.planner(request, seeing(deps, see)));

const seeing = (deps: PlannerDeps, see: (ports: PlanningPorts) => Partial<PlanningPorts>): PlannerDeps => ({
  ...deps,
  freshPorts: () => {
    const ports = deps.freshPorts();
    return { ...ports, ...see(ports) };
  },
});

const isPlan = (answer: Answer): answer is PlanResult => answer.mode === 'plan';
const says =
  (mode: VerifyResult['mode'], outcomes: readonly string[], outcome: VerifyResult['outcome']) =>
  (answer: Answer): Answer =>
    answer.mode === mode && outcomes.includes(answer.outcome) ? { ...answer, outcome } : answer;

const openAny = async <T>(fact: Promise<{ known: boolean } & object>, value: T) =>
  (await fact).known ? fact : known(value);

export const MUTANTS: Readonly<Record<string, () => Machine>> = {
  'revokes before it authorizes': () =>
    documentMutant('remediate', (step, all) => {
      passBy(all, 'AuthorizeNeeded', 'Revoke');
      step('Revoke')['nextStep'] = 'AuthorizeNeeded';
      always(step('AuthorizedOk'), 'Verify');
    }),
  'has no guard': () =>
    documentMutant('remediate', (_, all) => {
      passBy(all, 'Guard', 'SaveRollback');
      // An approval goes on to whatever comes after it.
      all.mainSteps = all.mainSteps.filter(({ name }) => name !== 'Guard' && name !== 'GuardOk');
    }),
  'asks the guard, and does not listen': () =>
    documentMutant('remediate', (step) => always(step('GuardOk'), 'SaveRollback')),
  'does not look before it revokes': () =>
    documentMutant('remediate', (_, all) => passBy(all, 'VerifyAuthorized', 'Revoke')),
  'looks before it revokes, and does not listen': () =>
    documentMutant('remediate', (step) => always(step('AuthorizedOk'), 'Revoke')),
  'revokes when the look before it failed': () =>
    documentMutant('remediate', (step) => void (step('VerifyAuthorized')['onFailure'] = 'step:Revoke')),
  'does not look after it revoked': () => documentMutant('remediate', (_, all) => passBy(all, 'Verify', 'MarkApplied')),
  'takes every look afterwards for good': () =>
    documentMutant('remediate', (step) => always(step('VerifyOk'), 'MarkApplied')),
  'revokes by properties': () =>
    documentMutant('remediate', (step) => {
      step('Revoke').inputs = {
        Service: 'ec2',
        Api: 'RevokeSecurityGroupIngress',
        GroupId: '{{SecurityGroupId}}',
        IpPermissions: '{{Plan.rollbackIpPermissions}}',
      };
      (step('Plan')['outputs'] as object[]).push({
        Name: 'rollbackIpPermissions',
        Selector: '$.rollbackIpPermissions',
        Type: 'MapList',
      });
    }),
  'rolls back on any doubt': () =>
    documentMutant('remediate', (step, all) => {
      passBy(all, 'Kept', 'Rollback');
      passBy(all, 'KeptBlind', 'Rollback');
      step('Rollback')['onFailure'] = 'step:KeptBlind';
    }),
  'saves no record': () => documentMutant('remediate', (step, all) => passBy(all, 'SaveRollback', 'NeedsGroups')),
  'does not mark the record before it revokes': () =>
    documentMutant('remediate', (_, all) => passBy(all, 'MarkRevoking', 'VerifyAuthorized')),
  'leaves the mark on the record of a run that removed nothing': () =>
    documentMutant('remediate', (_, all) => {
      passBy(all, 'Unmark', 'NothingRemoved');
      passBy(all, 'UnmarkBlind', 'NothingRemovedBlind');
      passBy(all, 'UnmarkDone', 'Done');
    }),
  'goes on when the record could not be saved': () =>
    documentMutant('remediate', (step) => void (step('SaveRollback')['onFailure'] = 'step:NeedsGroups')),
  'attaches before the new groups got their rules': () =>
    documentMutant('remediate', (_, all) => passBy(all, 'AuthorizeDedicatedNeeded', 'SwapTargets')),
  'takes a dry run for a real one': () =>
    documentMutant('remediate', (step) => {
      const { Choices } = step('Decide').inputs as { Choices: { Variable: string }[] };
      Choices.splice(
        Choices.findIndex(({ Variable }) => Variable === '{{DryRun}}'),
        1,
      );
    }),
  'goes on when nobody approves': () =>
    documentMutant('remediate', (step) => void (step('Approve')['onFailure'] = 'step:Guard')),
  'authorizes the first port only': () =>
    documentMutant('remediate', (_, all) => passBy(all, 'Authorize2', 'AuthorizeV6Needed')),
  'while undoing, removes what was added first': () =>
    documentMutant('rollback', (step, all) => {
      passBy(all, 'RestoreIpv4', 'RemoveAdded');
      step('RemoveAdded')['nextStep'] = 'RestoreIpv4';
      step('RemoveAdded').inputs['SecurityGroupRuleIds'] = '{{PlanRollback.revokeRuleIds}}';
      (step('PlanRollback')['outputs'] as object[]).push({
        Name: 'revokeRuleIds',
        Selector: '$.revokeRuleIds',
        Type: 'StringList',
      });
    }),
  'while undoing, does not look before it removes': () =>
    documentMutant('rollback', (step) => {
      always(step('RulesOk'), 'GroupsLeft');
      always(step('RestoredOk'), 'AddedLeft');
    }),
  'while undoing, forgets the first rule': () =>
    documentMutant('rollback', (_, all) => passBy(all, 'RestoreIpv41', 'RestoreIpv6')),
  'while undoing, leaves the list of groups': () =>
    documentMutant('rollback', (_, all) => passBy(all, 'SetSecurityGroups', 'VerifyRestored')),

  // What a list of weight 1 in place of 55 would leave room for, twice.
  "planner: counts CloudFront's list as one rule": () =>
    sightMutant((ports) => ({
      quota: async (name, at) => {
        const fact = await ports.quota(name, at);
        return fact.known && name === 'rules-per-group' ? known(fact.value + 108) : fact;
      },
    })),
  "planner: names CloudFront's own rule too": () =>
    sightMutant((ports) => ({
      prefixLists: async (ids, at, entries) =>
        new Map(
          [...(await ports.prefixLists(ids, at, entries))].map(([id, fact]) => [
            id,
            fact.known && id === CLOUDFRONT_V4 ? known({ ...fact.value, name: 'somebody else' }) : fact,
          ]),
        ),
    })),
  'planner: ignores IPv6': () =>
    sightMutant((ports) => ({
      loadBalancers: async () => {
        const view = await ports.loadBalancers();
        return { ...view, items: view.items.map((each) => ({ ...each, ipAddressType: 'ipv4' })) };
      },
    })),
  'planner: ignores who shares the group': () =>
    sightMutant((ports) => ({
      interfacesOf: async (...args) => {
        const fact = await ports.interfacesOf(...args);
        return fact.known ? known(fact.value.filter(({ description }) => description.startsWith('ELB app/web'))) : fact;
      },
      loadBalancers: async () => {
        const view = await ports.loadBalancers();
        return { ...view, items: view.items.filter(({ name }) => name.startsWith('web')) };
      },
    })),
  'planner: takes a gap for an empty list': () =>
    sightMutant((ports) => ({
      interfacesOf: async (...args) => openAny(ports.interfacesOf(...args), []) as never,
      acceleratorsIn: async (...args) => openAny(ports.acceleratorsIn(...args), []) as never,
      forwardersTo: async (...args) => openAny(ports.forwardersTo(...args), []) as never,
      rollbackRecords: async (...args) => openAny(ports.rollbackRecords(...args), []) as never,
      referencesTo: async (...args) => openAny(ports.referencesTo(...args), []) as never,
    })),
  'planner: overlooks accelerators': () => sightMutant(() => ({ acceleratorsIn: async () => known([]) })),
  'planner: overlooks network load balancers in front': () =>
    sightMutant(() => ({ forwardersTo: async () => known([]) })),
  'planner: overlooks who names the group': () => sightMutant(() => ({ referencesTo: async () => known([]) })),
  'planner: overlooks that the group names itself': () =>
    sightMutant((ports) => ({
      referencesTo: async (id, ...rest) => {
        const fact = await ports.referencesTo(id, ...rest);
        return fact.known ? known(fact.value.filter(({ by }) => by !== id)) : fact;
      },
    })),
  "planner: takes health checkers for somebody's own": () =>
    sightMutant((ports) => ({
      prefixLists: async (ids, at, entries) =>
        new Map(
          [...(await ports.prefixLists(ids, at, entries))].map(([id, fact]) => [
            id,
            fact.known && id === HEALTH_CHECKS ? known({ ...fact.value, name: 'somebody else' }) : fact,
          ]),
        ),
    })),
  'planner: reads no tag of a load balancer': () =>
    sightMutant((ports) => ({
      withTags: async (given) => (await ports.withTags(given)).map((each) => ({ ...each, tags: known({}) })),
    })),
  'planner: takes every group for one that lets all out': () =>
    sightMutant(() => ({ hasOpenEgress: async () => known(true) })),
  'planner: sees no listener but the first': () =>
    sightMutant((ports) => ({
      listenerPorts: async (arn) => {
        const fact = await ports.listenerPorts(arn);
        return fact.known ? known(fact.value.slice(0, 1)) : fact;
      },
    })),
  'planner: has no missing rule when asked before the revoke': () =>
    answerMutant(says('verifyAuthorized', ['MISSING', 'UNKNOWN'], 'OK')),
  'planner: never finds a plan stale': () =>
    answerMutant((answer) => says('verifyAuthorized', ['STALE'], 'OK')(says('guard', ['STALE'], 'OK')(answer))),
  'planner: has the same fingerprint for everything': () =>
    answerMutant((answer, request) => {
      if (isPlan(answer) && answer.fingerprint !== '') return { ...answer, fingerprint: 'a.b' };
      if ('fingerprint' in request && request.fingerprint === 'a.b' && answer.mode === 'guard')
        return { ...answer, outcome: 'OK' };
      return 'fingerprint' in request && answer.mode === 'verifyAuthorized' && answer.outcome === 'STALE'
        ? { ...answer, outcome: 'OK' }
        : answer;
    }),
  'planner: grants nothing': () =>
    answerMutant((answer) =>
      isPlan(answer)
        ? {
            ...answer,
            authorizeNeeded: false,
            authorize2Needed: false,
            authorizeV6Needed: false,
            authorizeV62Needed: false,
            grantsText: '',
          }
        : answer,
    ),
  'planner: grants nothing, and says that all is there': () =>
    answerMutant((answer, request) => {
      if (isPlan(answer))
        return {
          ...answer,
          authorizeNeeded: false,
          authorize2Needed: false,
          authorizeV6Needed: false,
          authorizeV62Needed: false,
          grantsText: '',
        };
      return request.mode === 'verifyAuthorized' ? says('verifyAuthorized', ['MISSING'], 'OK')(answer) : answer;
    }),
  'planner: forgets to name one rule': () =>
    answerMutant((answer) =>
      isPlan(answer) && answer.revokeRuleIds.length > 1
        ? { ...answer, revokeRuleIds: answer.revokeRuleIds.slice(1) }
        : answer,
    ),
  'planner: names a private range that nobody opted in to': () =>
    plannerMutant((request, deps) => MACHINE.planner({ ...request, revokePrivateSources: true } as never, deps)),
  'planner: gives the load balancer its new groups only': () =>
    answerMutant((answer) =>
      answer.mode === 'swapTargets'
        ? {
            ...answer,
            desiredSecurityGroups: answer.desiredSecurityGroups.filter((id) => id.startsWith('sg-0f')),
          }
        : answer,
    ),
  'planner: finds a lost port where it could not look': () =>
    answerMutant(says('verify', ['UNKNOWN', 'OK'], 'ROLLBACK')),
  'planner: has every look afterwards end well': () =>
    answerMutant(says('verify', ['ROLLBACK', 'UNKNOWN', 'STILL_OPEN', 'NOTHING_REVOKED', 'STALE'], 'OK')),
  'planner: marks every record as if rules had gone': () =>
    answerMutant((answer) => (isPlan(answer) ? { ...answer, rollbackJson: answer.revokingJson } : answer)),
  'planner: writes an empty record': () =>
    answerMutant((answer) =>
      isPlan(answer) && answer.rollbackJson !== '' ? { ...answer, rollbackJson: '{}', appliedJson: '{}' } : answer,
    ),
  'planner: does not wait for what was just restored': () =>
    plannerMutant((request, deps) =>
      MACHINE.planner(request.mode === 'rollback' ? { ...request, phase: 'plan' } : request, deps),
    ),
};
