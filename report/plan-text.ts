import { sourceText, type IngressRule } from '../core/model/security-group.js';
import { plain } from '../core/plain-text.js';
import { FAMILIES, REFUSALS, type Fix, type Owner, type Plan, type Snippet } from '../core/plan.js';
import type { RestsOn } from '../remediation/alb-sg-cloudfront-only/rests-on.js';
import { CLOUDFRONT_WEIGHT } from '../remediation/alb-sg-cloudfront-only/quota.js';
import { dedicatedIn } from './plan-groups.js';
import {
  decisionWord,
  FAMILY_NAMES,
  grantPorts,
  listText,
  noteText,
  rulePorts,
  STRATEGY_REASONS,
  type DecisionWord,
  type PlannedGroup,
} from './plan-words.js';
import { hanging, loadBalancerName, pathText, whereText, type Style } from './text.js';

const WIDTH = 80;

/**
 * The plan as a diff that a person reads, for a terminal of 80 columns.
 *
 * `command` is the command line that made it, for the one that is proposed next.
 */
export function renderPlan(planned: PlannedGroup, style: Style, command: string): string {
  const { plan, paths, securityGroupId } = planned;
  const parts = [
    titleOf(planned, style),
    section(
      'Paths',
      paths.map((path) => hanging('  ', 2, `${pathText(path)} → ${securityGroupId}`, WIDTH)),
      style,
    ),
    ...bodyOf(plan, planned.restsOn, style, command),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function bodyOf(plan: Plan, seen: RestsOn, style: Style, command: string): readonly string[] {
  switch (plan.kind) {
    case 'nothing-to-do':
      return [section('Why nothing is to do', [line(plan.because)], style)];
    case 'refuse':
      return [
        section(`Why it is refused: ${plan.code}`, [line(REFUSALS[plan.code].means)], style),
        section('What was found', [line(plan.because)], style),
        section('What to do next', [line(plan.nextStep)], style),
        ownerPart(plan.owner, plan.snippets, style),
      ];
    case 'apply':
      return fixOf(plan, seen, style, command);
  }
}

const fixOf = (fix: Fix, seen: RestsOn, style: Style, command: string): readonly string[] => [
  section(`Why ${fix.strategy}`, [line(STRATEGY_REASONS[fix.strategy])], style),
  ...dedicatedOf(fix, seen, style),
  section(`Rules of ${fix.securityGroupId}`, rulesOf(fix, style), style),
  section('Rules that count against the quota', quotaLines(fix), style),
  ownerPart(fix.owner, fix.snippets, style),
  section(
    'What could break',
    fix.risks.map((risk) => hanging('  · ', 4, plain(risk), WIDTH, true)),
    style,
  ),
  `${style.dim('Nothing was changed. The commands, for someone who applies it by hand:')}\n  ${command} --format aws-cli`,
];

const PAINT: Readonly<Record<DecisionWord, (style: Style) => (text: string) => string>> = {
  NOOP: ({ green }) => green,
  EDIT: ({ cyan }) => cyan,
  SPLIT: ({ cyan }) => cyan,
  SWAP: ({ cyan }) => cyan,
  REFUSE: ({ red }) => red,
};

function titleOf(planned: PlannedGroup, style: Style): string {
  const { securityGroupId, name, plan } = planned;
  const named = `${securityGroupId}${name === null ? '' : ` (${plain(name)})`}`;
  const where = whereText(planned);
  const between = `${named}  ${where}`.length <= WIDTH ? '  ' : '\n';
  const title = `${hanging('', 0, named, WIDTH, true)}${between}${style.dim(where)}`;
  const word = decisionWord(plan);
  return [
    title.replace(securityGroupId, style.bold(securityGroupId)),
    `${style.bold(PAINT[word](style)(word))}  ${style.dim(gistOf(plan))}`,
  ].join('\n');
}

function gistOf(plan: Plan): string {
  switch (plan.kind) {
    case 'nothing-to-do':
      return plan.code;
    case 'refuse':
      return plan.code;
    case 'apply':
      return [
        plan.dedicated.length === 0 ? '' : `attach ${counted(plan.dedicated.length, 'group')}`,
        plan.grants.length === 0 ? '' : `add ${counted(plan.grants.length, 'rule')}`,
        plan.revoke.length === 0 ? '' : `remove ${counted(plan.revoke.length, 'rule')}`,
        plan.strategy === 'SWAP' ? 'take the group off the load balancer' : '',
      ]
        .filter((part) => part !== '')
        .join(', then ');
  }
}

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;

function rulesOf({ grants, revoke, kept, strategy }: Fix, style: Style): readonly string[] {
  const lines = [
    ...grants.map((grant) => style.green(diffLine('+', grantPorts(grant), listText(grant)))),
    ...revoke.map((rule) => style.red(diffLine('-', rulePorts(rule), detailsOf(rule)))),
    ...kept.map((rule) => diffLine(' ', rulePorts(rule), `${detailsOf(rule)}  stays: nobody opted in to removing it`)),
  ];
  return strategy === 'SWAP' ? [...lines, '    stay as they are'] : lines;
}

const diffLine = (mark: string, ports: string, rest: string): string =>
  hanging(`  ${mark} `, 4, `${ports}  ${rest}`, WIDTH, true);

const detailsOf = (rule: IngressRule): string =>
  [sourceText(rule.source), rule.ruleId ?? '', noteText(rule)].filter((part) => part !== '').join('  ');

/** The groups to make, those that are there already, and the list of groups of the load balancer as it will be. */
function dedicatedOf(fix: Fix, seen: RestsOn, style: Style): readonly string[] {
  const { loadBalancer, strategy, securityGroupId } = fix;
  if (loadBalancer === null) return [];
  const dedicated = dedicatedIn(fix, seen);
  const leaves = (id: string): boolean => strategy === 'SWAP' && id === securityGroupId;
  return [
    section(
      'Groups to make or attach',
      dedicated.flatMap(({ name, grant, found }) => [
        style.green(hanging('  + ', 4, found === undefined ? name : `${name}  ${found.id}, which is there`, WIDTH)),
        style.green(hanging('      + ', 8, `${grantPorts(grant)}  ${listText(grant)}`, WIDTH, true)),
      ]),
      style,
    ),
    section(
      `Groups of ${loadBalancerName(loadBalancer.arn)}`,
      [
        ...loadBalancer.securityGroups.map((id) => (leaves(id) ? style.red(`  - ${id}`) : `    ${id}`)),
        ...dedicated.map(({ name }) => style.green(hanging('  + ', 4, name, WIDTH))),
      ],
      style,
    ),
  ];
}

function quotaLines({ quota, strategy }: Fix): readonly string[] {
  const { before, during, after, limit, isAssumed } = quota;
  const allowed = `allowed: ${String(limit)}${isAssumed ? " (AWS's default; the account's own was not read)" : ''}`;
  if (strategy === 'SWAP')
    return [line(`the group keeps its rules; each new group counts ${String(CLOUDFRONT_WEIGHT)}; ${allowed}`)];
  return [
    ...FAMILIES.map((family) =>
      line(
        `${FAMILY_NAMES[family]}: ${String(before[family])} now, ${String(during[family])} while old and new stand side by side, ${String(after[family])} after`,
      ),
    ),
    line(allowed),
  ];
}

function ownerPart(owner: Owner | null, snippets: readonly Snippet[], style: Style): string {
  if (owner === null) return '';
  const name = plain(owner.name);
  return [
    section(
      'Who manages the group',
      [line(`${owner.kind} (${name}); without a change there, the fix does not last`)],
      style,
    ),
    ...snippets.map(({ language, code }) => `${style.bold(`Change in ${language}`)}\n${indented(code)}`),
  ].join('\n\n');
}

/** Code is copied, so its lines are never broken. */
const indented = (code: string): string =>
  code
    .split('\n')
    .map((each) => (each === '' ? '' : `  ${each}`))
    .join('\n');

const line = (text: string): string => hanging('  ', 2, plain(text), WIDTH, true);

const section = (title: string, lines: readonly string[], style: Style): string =>
  lines.length === 0 ? '' : [style.bold(title), ...lines].join('\n');
