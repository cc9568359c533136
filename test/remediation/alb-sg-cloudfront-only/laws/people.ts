import type { SecurityGroupId } from '../../../../core/ids.js';
import type { IngressRule } from '../../../../core/model/security-group.js';
import { CLOUDFRONT_V4, CLOUDFRONT_V6, fromCidr, open, ruleId, VPC } from '../../../support/builders.js';
import type { FakeAws } from '../../../support/runbook/fake-aws.js';
import { withGroup, type FakeGroup, type FakeState } from '../../../support/runbook/fake-state.js';
import { SPARE, TARGET } from './cast.js';

/** What somebody may do beside a run, each at any moment. */
export const DEEDS = [
  'opens the group to one more address',
  'removes a rule that is open to the world',
  "removes every rule that names CloudFront's lists",
  'changes the source of a rule in place',
  'writes a rule that is open to the world anew, under another id',
  'gives an instance the group',
  'tags the group as exempt',
  'adds a group to the load balancer',
  'takes the group off the load balancer',
  'adds a listener',
  'tags nothing, and waits an hour',
] as const;
export type Deed = (typeof DEEDS)[number];

/** Does it, with the rights of an administrator; nothing happens where there is nothing to do it to. */
export function doDeed(fake: FakeAws, deed: Deed): void {
  if (deed === 'tags nothing, and waits an hour') fake.elapse(3600);
  else fake.edit((state) => EDITS[deed](state), deed);
}

type Edit = (state: FakeState) => FakeState;

const EDITS: Readonly<Record<Exclude<Deed, 'tags nothing, and waits an hour'>, Edit>> = {
  'opens the group to one more address': (state) =>
    onRules(state, (rules) => [
      ...rules,
      { ...open(fromCidr('198.51.100.77/32'), 'tcp', 443), ruleId: ruleId('sgr-0dbyhand'), description: 'urgent' },
    ]),
  'removes a rule that is open to the world': (state) =>
    onRules(state, (rules) => {
      const gone = rules.find(isWorld);
      return rules.filter((rule) => rule !== gone);
    }),
  "removes every rule that names CloudFront's lists": (state) => ({
    ...state,
    groups: state.groups.map((group) => ({ ...group, ingress: group.ingress.filter((rule) => !isEdge(rule)) })),
  }),
  'changes the source of a rule in place': (state) =>
    onRules(state, (rules) => {
      const changed = rules.find(isWorld) ?? rules[0];
      return rules.map((rule) => (rule === changed ? { ...rule, source: fromCidr('192.168.7.0/24') } : rule));
    }),
  'writes a rule that is open to the world anew, under another id': (state) =>
    onRules(state, (rules) => {
      const anew = rules.find(isWorld);
      return rules.map((rule) => (rule === anew ? { ...rule, ruleId: ruleId('sgr-0danew') } : rule));
    }),
  'gives an instance the group': (state) => ({
    ...state,
    interfaces: [
      ...state.interfaces,
      { id: 'eni-0new', type: 'interface', description: 'new', isManaged: false, vpcId: VPC, groups: [TARGET] },
    ],
  }),
  'tags the group as exempt': (state) =>
    onGroup(state, (group) => ({ ...group, tags: { ...group.tags, 'origin-guard:exempt': 'wait' } })),
  'adds a group to the load balancer': (state) => onGroups(state, (groups) => [...new Set([...groups, SPARE])]),
  'takes the group off the load balancer': (state) =>
    onGroups(state, (groups) => [...new Set([...groups.filter((id) => id !== TARGET), SPARE])]),
  'adds a listener': (state) => ({
    ...state,
    loadBalancers: state.loadBalancers.map((each) => ({
      ...each,
      listenerPorts: [...new Set([...each.listenerPorts, 80, 443, 8080])],
    })),
  }),
};

const isWorld = ({ source }: IngressRule): boolean => source.kind === 'cidr' && source.cidr.text.endsWith('/0');
const isEdge = ({ source }: IngressRule): boolean =>
  source.kind === 'prefix-list' && (source.prefixListId === CLOUDFRONT_V4 || source.prefixListId === CLOUDFRONT_V6);

function onGroup(state: FakeState, change: (group: FakeGroup) => FakeGroup): FakeState {
  const group = state.groups.find(({ id }) => id === TARGET);
  return group === undefined ? state : withGroup(state, change(group));
}

const onRules = (state: FakeState, change: (rules: FakeGroup['ingress']) => FakeGroup['ingress']): FakeState =>
  onGroup(state, (group) => ({ ...group, ingress: change(group.ingress) }));

const onGroups = (
  state: FakeState,
  change: (groups: readonly SecurityGroupId[]) => readonly SecurityGroupId[],
): FakeState => ({
  ...state,
  loadBalancers: state.loadBalancers.map((each) =>
    each.name === 'web' ? { ...each, securityGroups: change(each.securityGroups) } : each,
  ),
});
