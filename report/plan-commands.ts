import { REFUSALS, type Fix, type Grant, type Plan } from '../core/plan.js';
import { QUOTAS } from '../core/planning.js';
import { toIpPermissions } from '../remediation/alb-sg-cloudfront-only/ip-permissions.js';
import { MANAGED_TAG } from '../remediation/alb-sg-cloudfront-only/verify.js';
import { callsIn, comment, countOf, filterOf, gate, groupWord, MADE_BY, toPermission, type Call } from './aws-cli.js';
import {
  decisionWord,
  grantPorts,
  listText,
  noteText,
  ruleText,
  STRATEGY_REASONS,
  type PlannedGroup,
} from './plan-words.js';
import { shellWord } from './shell-word.js';
import { loadBalancerName } from './text.js';

/**
 * A plan as a script of AWS CLI commands, in order, for someone who applies it by hand: nothing is removed before what
 * replaces it is seen. A plan that does not apply is comments only.
 */
export function renderPlanCommands(planned: PlannedGroup): string {
  const { plan } = planned;
  const parts = plan.kind === 'apply' ? scriptOf(plan, planned) : [comment(...headOf(planned), ...wordsOf(plan))];
  return `${parts.join('\n\n')}\n`;
}

function wordsOf(plan: Exclude<Plan, Fix>): readonly string[] {
  if (plan.kind === 'nothing-to-do') return [`Nothing to do (${plan.code}): ${plan.because}.`];
  return [
    `Refused (${plan.code}): ${plan.because}.`,
    REFUSALS[plan.code].means,
    `Next: ${plan.nextStep}.`,
    ...(plan.snippets.length === 0 ? [] : ['The change of the source is in --format table and json.']),
  ];
}

function scriptOf(fix: Fix, planned: PlannedGroup): readonly string[] {
  const call = callsIn(planned.scope.region);
  const steps = [
    ...saveSteps(fix, call),
    ...dedicatedSteps(fix, call),
    ...grantSteps(fix.grants, fix.securityGroupId, call),
    ...revokeSteps(fix, call),
    { title: 'Look at what is there now.', commands: lookAt(fix, call) },
  ];
  return [
    comment(...headOf(planned), ...aimOf(fix)),
    'set -euC',
    "export AWS_PAGER=''",
    ...steps.map(({ title, commands }, at) => [comment(`${String(at + 1)}. ${title}`), ...commands].join('\n')),
    undoOf(fix, call),
  ];
}

const headOf = ({ securityGroupId, name, scope, plan }: PlannedGroup): readonly string[] => [
  `origin-guard plan: ${decisionWord(plan)} of group ${securityGroupId}${name === null ? '' : ` (${name})`}`,
  `in account ${scope.accountId ?? '(not said)'}, ${scope.region ?? '(Region not said)'}`,
];

const aimOf = ({ strategy, grants, dedicated, loadBalancer, revoke, kept, owner, risks }: Fix): readonly string[] => [
  `Why: ${STRATEGY_REASONS[strategy]}.`,
  ...dedicated.map(
    ({ name, grant }) =>
      `  make    ${name} for ${loadBalancerName(loadBalancer?.arn ?? '')}: ${listText(grant)} on ${grantPorts(grant)}`,
  ),
  ...grants.map((grant) => `  add     ${listText(grant)} on ${grantPorts(grant)}`),
  ...revoke.map((rule) => `  remove  ${ruleText(rule)} (${rule.ruleId}) ${noteText(rule)}`),
  ...kept.map((rule) => `  leave   ${ruleText(rule)} ${noteText(rule)}`),
  ...(strategy === 'SWAP' ? ['  take the group off the load balancer, and leave its rules as they are'] : []),
  ...(owner === null ? [] : [`Managed by ${owner.kind} (${owner.name}): change the source too, see --format table.`]),
  ...risks.map((risk) => `Mind: ${risk}.`),
  '',
  'Nothing was run. Read it, then run it as a file with sh, or command by command, with',
  'credentials of this account. The first line stops at the first failure, and keeps',
  'existing files from being replaced. When it stops, make a new plan.',
];

/** One step of the script. */
interface Step {
  readonly title: string;
  readonly commands: readonly string[];
}

function saveSteps({ securityGroupId, loadBalancer }: Fix, call: Call): readonly Step[] {
  const rules = call('ec2 describe-security-group-rules', '--filters', filterOf(securityGroupId), '--output json');
  return [
    {
      title: 'Save what is there now.',
      commands: [
        `${rules} > ${shellWord(`${securityGroupId}.before.json`)}`,
        ...(loadBalancer === null
          ? []
          : [
              `${call('elbv2 describe-load-balancers', '--load-balancer-arns', shellWord(loadBalancer.arn), '--output json')} > ${shellWord(`${loadBalancerName(loadBalancer.arn)}.before.json`)}`,
            ]),
      ],
    },
  ];
}

/** Makes the new groups, and gives them to the load balancer; a group that leaves it goes only after they are there. */
function dedicatedSteps(fix: Fix, call: Call): readonly Step[] {
  const { dedicated, loadBalancer, vpcId, strategy, securityGroupId } = fix;
  if (loadBalancer === null) return [];
  const { arn, securityGroups } = loadBalancer;
  const made = dedicated.map((_, at) => `GROUP_${String(at + 1)}`);
  const staying = strategy === 'SWAP' ? securityGroups.filter((id) => id !== securityGroupId) : securityGroups;
  // Beyond what an interface may carry, the new list takes the place of the old one in one call.
  const hasRoom = securityGroups.length + made.length <= QUOTAS['groups-per-interface'].fallback;
  const lists = strategy === 'SWAP' && hasRoom ? [securityGroups, staying] : [staying];
  return [
    {
      title: `See that the load balancer ${loadBalancerName(arn)} still has the groups for which this was planned.`,
      commands: [sameGroups(arn, securityGroups, call)],
    },
    ...dedicated.flatMap(({ name, grant }, at) => [
      {
        title: `Make the group ${name}. If there is one of this name already, set GROUP_${String(at + 1)} to its id in place of this.`,
        commands: makeGroup(`GROUP_${String(at + 1)}`, name, vpcId, call),
      },
      ...grantSteps([grant], `$GROUP_${String(at + 1)}`, call),
    ]),
    ...lists.map((list, at) => setGroups(arn, list, made, at === 0, call)),
  ];
}

const TAGGED = {
  ResourceType: 'security-group',
  Tags: [{ Key: MANAGED_TAG.key, Value: MANAGED_TAG.value }],
} as const;

function makeGroup(variable: string, name: string, vpcId: string, call: Call): readonly string[] {
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
  return [`${variable}=$(${make})`, `echo "${variable}=$${variable}"`];
}

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
  return `test "$(${list})" = ${shellWord([...groups].sort().join(','))}`;
}

function setGroups(
  arn: string,
  groups: readonly string[],
  made: readonly string[],
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
        ...made.map((variable) => `"$${variable}"`),
      ),
      ...made.map((variable) =>
        gate(
          call(
            'elbv2 describe-load-balancers',
            '--load-balancer-arns',
            shellWord(arn),
            `--query "length(LoadBalancers[0].SecurityGroups[?@=='$${variable}'])"`,
            '--output json',
          ),
        ),
      ),
    ],
  };
}

/** Adds each grant to a group, then looks whether all are there; `group` is an id or a variable of the script. */
function grantSteps(grants: readonly Grant[], group: string, call: Call): readonly Step[] {
  if (grants.length === 0) return [];
  return [
    {
      title: `Admit CloudFront: ${grants.map((grant) => `${listText(grant)} on ${grantPorts(grant)}`).join(', ')}.`,
      commands: grants.map((grant) =>
        call(
          'ec2 authorize-security-group-ingress',
          '--group-id',
          groupWord(group),
          '--ip-permissions',
          shellWord(JSON.stringify([toPermission(grant)])),
        ),
      ),
    },
    {
      title: 'See it there: each of these must count one rule.',
      commands: grants.map((grant) => gate(countOf(grant, group, call))),
    },
  ];
}

function revokeSteps({ revoke, securityGroupId }: Fix, call: Call): readonly Step[] {
  if (revoke.length === 0) return [];
  return [
    {
      title:
        'Remove the other sources, all or none. If an id is not found, somebody changed the group: make a new plan.',
      commands: [
        call(
          'ec2 revoke-security-group-ingress',
          '--group-id',
          securityGroupId,
          '--security-group-rule-ids',
          ...revoke.map(({ ruleId }) => ruleId),
        ),
      ],
    },
  ];
}

const RULE_FIELDS =
  'SecurityGroupRules[?!IsEgress].[SecurityGroupRuleId,IpProtocol,FromPort,ToPort,CidrIpv4,CidrIpv6,PrefixListId,ReferencedGroupInfo.GroupId]';

const lookAt = ({ securityGroupId, loadBalancer }: Fix, call: Call): readonly string[] => [
  call(
    'ec2 describe-security-group-rules',
    '--filters',
    filterOf(securityGroupId),
    '--query',
    shellWord(RULE_FIELDS),
    '--output table',
  ),
  ...(loadBalancer === null
    ? []
    : [
        call(
          'elbv2 describe-load-balancers',
          '--load-balancer-arns',
          shellWord(loadBalancer.arn),
          '--query',
          shellWord('LoadBalancers[0].SecurityGroups'),
          '--output json',
        ),
      ]),
];

/** The way back, as comments: whoever runs the whole script must not undo it. */
function undoOf({ revoke, securityGroupId, loadBalancer, dedicated }: Fix, call: Call): string {
  const commands = [
    ...(revoke.length === 0
      ? []
      : [
          call(
            'ec2 authorize-security-group-ingress',
            '--group-id',
            securityGroupId,
            '--ip-permissions',
            shellWord(JSON.stringify(toIpPermissions(revoke))),
          ),
        ]),
    ...(loadBalancer === null
      ? []
      : [
          call(
            'elbv2 set-security-groups',
            '--load-balancer-arn',
            shellWord(loadBalancer.arn),
            '--security-groups',
            ...loadBalancer.securityGroups,
          ),
        ]),
    ...dedicated.map((_, at) => call('ec2 delete-security-group', '--group-id', `"$GROUP_${String(at + 1)}"`)),
  ];
  return [
    comment('To undo, in this order. What was added admits CloudFront only, and may stay.'),
    ...commands.map((command) => `# ${command}`),
  ].join('\n');
}
