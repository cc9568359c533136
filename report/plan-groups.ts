import type { SecurityGroup } from '../core/model/security-group.js';
import type { DedicatedGroup, Fix } from '../core/plan.js';
import { QUOTAS } from '../core/planning.js';
import type { RestsOn } from '../remediation/alb-sg-cloudfront-only/rests-on.js';
import { MANAGED_TAG } from '../remediation/alb-sg-cloudfront-only/verify.js';
import { admit, gate, grantLine, MADE_BY, type Call, type Step } from './aws-cli.js';
import { grantPorts, listText } from './plan-words.js';
import { shellWord } from './shell-word.js';
import { loadBalancerName } from './text.js';

/** A group that is attached, with the variable of the script that holds its id. */
interface Attached extends DedicatedGroup {
  readonly variable: string;
  /** The group of an earlier run, which is there already. */
  readonly found: SecurityGroup | undefined;
}

/** The groups that a fix attaches, made or found. */
export const dedicatedIn = ({ dedicated }: Fix, { adopted }: RestsOn): readonly Attached[] =>
  dedicated.map(({ name, grant }, at) => ({
    name,
    grant,
    variable: `GROUP_${String(at + 1)}`,
    found: adopted.find((group) => group.name === name),
  }));

/** Makes the new groups, and gives them to the load balancer; a group that leaves it goes only after they are there. */
export function attachSteps(fix: Fix, seen: RestsOn, call: Call): readonly Step[] {
  const { loadBalancer, vpcId, strategy, securityGroupId } = fix;
  if (loadBalancer === null) return [];
  const { arn, securityGroups } = loadBalancer;
  const attached = dedicatedIn(fix, seen);
  const others = securityGroups.filter((id) => attached.every(({ found }) => found?.id !== id));
  const staying = strategy === 'SWAP' ? others.filter((id) => id !== securityGroupId) : others;
  // Beyond what an interface may carry, the new list takes the place of the old one in one call.
  const hasRoom = others.length + attached.length <= QUOTAS['groups-per-interface'].fallback;
  const lists = strategy === 'SWAP' && hasRoom ? [others, staying] : [staying];
  const name = loadBalancerName(arn);
  return [
    {
      title: `See that the load balancer ${name} still has the groups for which this was planned.`,
      commands: [sameGroups(arn, securityGroups, call)],
    },
    ...(strategy === 'SWAP' ? [namedElsewhere(securityGroupId, call)] : []),
    ...attached.flatMap((group) => [
      ...(group.found === undefined ? [makeGroup(group, vpcId, call)] : [adoptGroup(group, group.found, call)]),
      ...admitTo(group, call),
      onlyGrant(group),
    ]),
    ...lists.map((list, at) => setGroups(arn, list, attached, at === 0, call)),
  ];
}

/** Saved data does not show the rules of other VPCs, so the script looks before the load balancer leaves the group. */
const namedElsewhere = (groupId: string, call: Call): Step => ({
  title: `See that no group of a peered VPC names ${groupId}: it would lose the load balancer.`,
  commands: [
    gate(
      `rules of other VPCs that name ${groupId}`,
      '0',
      call(
        'ec2 describe-security-group-references',
        '--group-id',
        shellWord(groupId),
        '--query',
        shellWord('length(SecurityGroupReferenceSet)'),
        '--output json',
      ),
    ),
  ],
});

const TAGGED = {
  ResourceType: 'security-group',
  Tags: [{ Key: MANAGED_TAG.key, Value: MANAGED_TAG.value }],
} as const;

function makeGroup({ name, variable }: Attached, vpcId: string, call: Call): Step {
  const make = call(
    'ec2 create-security-group',
    '--group-name',
    shellWord(name),
    '--description',
    shellWord(MADE_BY),
    '--vpc-id',
    shellWord(vpcId),
    '--tag-specifications',
    shellWord(JSON.stringify([TAGGED])),
    '--query GroupId',
    '--output text',
  );
  return {
    title: `Make the group ${name}. If there is one of this name by now, make a new plan.`,
    commands: [`${variable}=$(${make})`, `echo "${variable}=$${variable}"`],
  };
}

/** Takes a group of an earlier run, if it is still the one that the plan saw: our own, open on the way out. */
function adoptGroup({ name, variable }: Attached, found: SecurityGroup, call: Call): Step {
  const id = shellWord(found.id);
  const tag = call(
    'ec2 describe-security-groups',
    '--group-ids',
    id,
    '--query',
    shellWord(`SecurityGroups[].Tags[?Key==\`"${MANAGED_TAG.key}"\`].Value[]`),
    '--output text',
  );
  const outgoing = call(
    'ec2 describe-security-group-rules',
    '--filters',
    shellWord(`Name=group-id,Values=${found.id}`),
    '--query',
    shellWord('length(SecurityGroupRules[?IsEgress && IpProtocol==`"-1"` && CidrIpv4==`"0.0.0.0/0"`])'),
    '--output json',
  );
  return {
    title: `Take the group ${name} of an earlier run, if it is still what the plan saw.`,
    commands: [
      `${variable}=${id}`,
      gate(`the tag ${MANAGED_TAG.key} of ${found.id}`, MANAGED_TAG.value, tag),
      gate(`rules of ${found.id} that let everything out`, '1', outgoing),
      ...(isEmpty(found) ? [gate(`the ingress rules of ${found.id}`, '', `rules ${id}`)] : []),
    ],
  };
}

/** Adds the rule of a group that has none; to one that has other rules nothing is added, and the next look stops. */
const admitTo = ({ grant, variable, found }: Attached, call: Call): readonly Step[] =>
  found === undefined || isEmpty(found)
    ? [admit([`${listText(grant)} on ${grantPorts(grant)}`], [grant], `$${variable}`, call)]
    : [];

const isEmpty = ({ ingress }: SecurityGroup): boolean => ingress.known && ingress.value.length === 0;

/** What is attached admits CloudFront and nobody else. */
const onlyGrant = ({ name, grant, variable }: Attached): Step => ({
  title: 'See that the group admits this and nothing else.',
  commands: [gate(`the ingress rules of ${name}`, grantLine(grant), `rules "$${variable}" | cut -d ' ' -f 2-`)],
});

/** Setting the groups of a load balancer replaces the whole list, so nobody may have changed it meanwhile. */
function sameGroups(arn: string, groups: readonly string[], call: Call): string {
  const list = call(
    'elbv2 describe-load-balancers',
    '--load-balancer-arns',
    shellWord(arn),
    '--query',
    shellWord('join(`","`, sort(LoadBalancers[0].SecurityGroups))'),
    '--output text',
  );
  return gate(`the groups of ${loadBalancerName(arn)}`, [...groups].sort().join(','), list);
}

function setGroups(
  arn: string,
  groups: readonly string[],
  attached: readonly Attached[],
  isFirst: boolean,
  call: Call,
): Step {
  const name = loadBalancerName(arn);
  return {
    title: isFirst
      ? `Give the load balancer ${name} its new list of groups.`
      : `See requests arrive through CloudFront, then take the shared group off ${name}.`,
    commands: [
      call(
        'elbv2 set-security-groups',
        '--load-balancer-arn',
        shellWord(arn),
        '--security-groups',
        ...groups.map(shellWord),
        ...attached.map(({ variable }) => `"$${variable}"`),
      ),
      ...attached.map((each) =>
        gate(
          `how often ${each.name} is among the groups of ${name}`,
          '1',
          call(
            'elbv2 describe-load-balancers',
            '--load-balancer-arns',
            shellWord(arn),
            `--query "length(LoadBalancers[0].SecurityGroups[?@=='$${each.variable}'])"`,
            '--output json',
          ),
        ),
      ),
    ],
  };
}
