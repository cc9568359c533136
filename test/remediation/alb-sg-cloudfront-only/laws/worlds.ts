import { albSgParams, fromCidr } from '../../../support/builders.js';
import { countRules } from '../../../support/runbook/fake-network.js';
import { deepFreeze, fakeGroup } from '../../../support/runbook/fake-state.js';
import { balancer, balancerArn, SIDE, TARGET, WEIGHTS } from './cast.js';
import { diceOf, type Dice } from './dice.js';
import { anyDraft, anyPart, distributionOf, openingsOf, shareWith, widePart, type Draft, type Part } from './draft.js';
import { OBSTACLES } from './obstacles.js';
import type { LawWorld } from './world.js';
import { onceEach, ruleOf, someRules } from './world-rules.js';

type Aim = 'edit' | 'split' | 'swap' | 'any';

/** The world of one seed: the same seed, the same world. */
export function worldOf(seed: number): LawWorld {
  const dice = diceOf(seed);
  const aim = dice.weighted<Aim>([
    [38, 'edit'],
    [24, 'split'],
    [24, 'swap'],
    [14, 'any'],
  ]);
  const draft = anyDraft(dice);
  const part = aim === 'split' ? widePart(dice) : anyPart(dice);
  addBalancer(draft, dice, 'web', part);
  AIMS[aim](draft, dice, part);
  const among = aim === 'any' ? dice.some(OBSTACLES, 5) : dice.chance(45) ? [dice.pick(OBSTACLES)] : [];
  for (const obstacle of among) obstacle(draft, dice);
  return finish(seed, draft, dice);
}

/** Worlds of seeds in a row. */
export const worldsFrom = (first: number, count: number): readonly LawWorld[] =>
  Array.from({ length: count }, (_, at) => worldOf(first + at));

const AIMS: Readonly<Record<Aim, (draft: Draft, dice: Dice, part: Part) => void>> = {
  edit: (draft, dice, part) => {
    draft.rules = [...openingsOf(dice, part, 15), ...someRules(dice, 2), ...someRules(dice, 1)];
    for (const name of ['web2', 'web3']) {
      if (dice.chance(12)) {
        const more = anyPart(dice);
        addBalancer(draft, dice, name, more);
        draft.rules = [...draft.rules, ...openingsOf(dice, more, 10)];
      }
    }
    if (part.custom.ipAddressType === 'dualstack' || part.custom.protocolPolicy === 'match-viewer')
      draft.quotas = { ...draft.quotas, 'rules-per-group': 150 };
  },
  split: (draft, dice, part) => {
    draft.rules = [...openingsOf(dice, part, 12), ...someRules(dice, 1)];
    draft.optIns = { ...draft.optIns, allowSplit: true };
    draft.settings = { ...draft.settings, portMerge: 'ADJACENT' };
    draft.quotas = { ...draft.quotas, 'rules-per-group': dice.pick([60, 60, 64, 100]) };
  },
  swap: (draft, dice, part) => {
    draft.rules = [...openingsOf(dice, part, 10), ...someRules(dice, 1, 'public')];
    draft.optIns = { ...draft.optIns, allowSwap: true };
    shareWith(dice, draft);
  },
  any: (draft, dice, part) => {
    draft.rules = [...(dice.chance(70) ? openingsOf(dice, part, 20) : []), ...someRules(dice, 5)];
    if (dice.chance(20)) addBalancer(draft, dice, 'web2', anyPart(dice));
    if (dice.chance(15)) shareWith(dice, draft);
  },
};

/** A load balancer that carries the group, and the distribution in front of it. */
function addBalancer(draft: Draft, dice: Dice, name: string, { listeners, addresses, custom }: Part): void {
  const groups = dice.weighted([
    [5, [TARGET]],
    [2, [TARGET, SIDE]],
    [1, [SIDE, TARGET]],
  ]);
  draft.loadBalancers = [
    ...draft.loadBalancers,
    balancer(name, groups, { listenerPorts: listeners, ipAddressType: addresses }),
  ];
  draft.distributions = [...draft.distributions, distributionOf(name, { custom })];
  if (dice.chance(6)) alias(draft, dice, name);
}

/** Gives an origin a name of its own, which leads to the load balancer by name or by address. */
function alias(draft: Draft, dice: Dice, name: string): void {
  const domainName = `${name}.example.com`;
  const byName = dice.chance(50);
  draft.distributions = draft.distributions.map((each) => ({
    ...each,
    origins: each.origins.map((own) => (own.id === name ? { ...own, domainName } : own)),
  }));
  draft.leadsTo[domainName] = balancerArn(name);
  const answer = {
    kind: 'answered' as const,
    names: byName ? draft.loadBalancers.filter((each) => each.name === name).map(({ dnsName }) => dnsName) : [],
    addresses: byName ? [] : ['203.0.113.9'],
    failure: null,
  };
  draft.seen = {
    ...draft.seen,
    names: { ...draft.seen.names, [domainName]: answer },
    addresses: { ...draft.seen.addresses, [balancerArn(name)]: { known: true, value: ['203.0.113.9'] } },
  };
}

function finish(seed: number, draft: Draft, dice: Dice): LawWorld {
  const rules = draft.rules.length === 0 ? [ruleOf(dice, fromCidr('0.0.0.0/0'), ['tcp', 443, 443])] : draft.rules;
  const target = fakeGroup({ id: TARGET, name: 'web', tags: draft.tags, ingress: onceEach(rules), ...draft.target });
  const book = { lists: draft.lists, weights: WEIGHTS };
  // An account is within its quota before anybody comes.
  const { ipv4, ipv6 } = countRules(target.ingress, book, 'both');
  const limit = Math.max(draft.quotas['rules-per-group'], ipv4, ipv6);
  const groups = [target, ...draft.others];
  const { loadBalancers, interfaces, parameters } = draft;
  return {
    seed,
    state: deepFreeze({ groups, loadBalancers, interfaces, parameters }),
    account: {
      counting: draft.counting,
      quotas: { ...draft.quotas, 'rules-per-group': limit },
      lists: draft.lists,
      lag: dice.weighted([
        [7, 0],
        [1, 1],
        [1, 4],
        [1, 25],
      ]),
    },
    distributions: draft.distributions,
    leadsTo: draft.leadsTo,
    seen: draft.seen,
    surroundings: { peers: draft.peers, forwarders: draft.forwarders },
    hidden: draft.hidden,
    params: albSgParams(draft.params),
    settings: draft.settings,
    about: draft.about,
    parameters: {
      DryRun: String(dice.chance(3)),
      RequireApproval: String(dice.chance(15)),
      OnVerifyError: dice.pick(['KEEP', 'ROLLBACK']),
    },
    optIns: draft.optIns,
    approves: dice.chance(85),
    ssm: { missingOutputs: dice.pick(['fail', 'empty']), lambdaErrors: dice.pick(['fail', 'answer']) },
  };
}
