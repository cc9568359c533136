import { REFUSALS, type Fix, type Plan } from '../core/plan.js';
import { toIpPermissions } from '../remediation/alb-sg-cloudfront-only/ip-permissions.js';
import type { RestsOn } from '../remediation/alb-sg-cloudfront-only/rests-on.js';
import {
  admit,
  callsIn,
  comment,
  countOf,
  filterOf,
  gate,
  gateFunctions,
  ruleGate,
  type Call,
  type Step,
} from './aws-cli.js';
import { attachSteps, dedicatedIn } from './plan-groups.js';
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
    ...attachSteps(fix, planned.restsOn, call),
    ...grantSteps(fix, call),
    ...revokeSteps(fix, planned.restsOn, call),
    { title: 'Look at what is there now.', commands: lookAt(fix, call) },
  ];
  return [
    comment(...headOf(planned), ...aimOf(fix, planned.restsOn)),
    'set -euC',
    "export AWS_PAGER=''",
    gateFunctions(call),
    ...steps.map(({ title, commands }, at) => [comment(`${String(at + 1)}. ${title}`), ...commands].join('\n')),
    undoOf(fix, planned.restsOn, call),
  ];
}

const headOf = ({ securityGroupId, name, scope, plan }: PlannedGroup): readonly string[] => [
  `origin-guard plan: ${decisionWord(plan)} of group ${securityGroupId}${name === null ? '' : ` (${name})`}`,
  `in account ${scope.accountId ?? '(not said)'}, ${scope.region ?? '(Region not said)'}`,
];

const aimOf = (fix: Fix, seen: RestsOn): readonly string[] => {
  const { strategy, grants, loadBalancer, revoke, kept, owner, risks } = fix;
  return [
    `Why: ${STRATEGY_REASONS[strategy]}.`,
    ...dedicatedIn(fix, seen).map(
      ({ name, grant, found }) =>
        `  ${found === undefined ? 'make  ' : 'attach'}  ${name} for ${loadBalancerName(loadBalancer?.arn ?? '')}: ${listText(grant)} on ${grantPorts(grant)}${found === undefined ? '' : ` (${found.id}, which is there already)`}`,
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
};

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

/** Adds each grant to the group, then looks whether all are there. */
function grantSteps({ grants, securityGroupId }: Fix, call: Call): readonly Step[] {
  if (grants.length === 0) return [];
  return [
    admit(
      grants.map((grant) => `${listText(grant)} on ${grantPorts(grant)}`),
      grants,
      securityGroupId,
      call,
    ),
    {
      title: 'See it there: each of these must count one rule.',
      commands: grants.map((grant) =>
        gate(
          `rules that admit ${grant.prefixListId} on ${grantPorts(grant)} to ${securityGroupId}`,
          '1',
          countOf(grant, securityGroupId, call),
        ),
      ),
    },
  ];
}

/**
 * Removes the rules once each is seen to be what it was, and CloudFront not to depend on them.
 *
 * Who changes a rule keeps its id, so an id is no proof.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
 */
function revokeSteps({ revoke, securityGroupId }: Fix, { admitting }: RestsOn, call: Call): readonly Step[] {
  if (revoke.length === 0) return [];
  return [
    {
      title: 'See that the rules are still those of the plan: somebody may have changed one, which keeps its id.',
      commands: [
        `RULES=$(rules ${securityGroupId})`,
        ...admitting.map((rule) => ruleGate(`rule ${rule.ruleId}, by which CloudFront comes`, rule)),
        ...revoke.map((rule) => ruleGate(`rule ${rule.ruleId}, which is to be removed`, rule)),
      ],
    },
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
function undoOf(fix: Fix, seen: RestsOn, call: Call): string {
  const { revoke, securityGroupId, loadBalancer } = fix;
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
    ...dedicatedIn(fix, seen)
      .filter(({ found }) => found === undefined)
      .map(({ variable }) => call('ec2 delete-security-group', '--group-id', `"$${variable}"`)),
  ];
  return [
    comment('To undo, in this order. What was added admits CloudFront only, and may stay.'),
    ...commands.map((command) => `# ${command}`),
  ].join('\n');
}
