import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { OriginGuardError } from '../../core/errors.js';
import { LoadBalancerArn, SecurityGroupId, type Scope } from '../../core/ids.js';
import { parseParams } from '../../core/params.js';
import type { PlanningPorts } from '../../core/planning.js';
import { refuse } from '../../remediation/alb-sg-cloudfront-only/ask.js';
import { planGroup } from '../../remediation/alb-sg-cloudfront-only/gather-plan.js';
import { DEFAULT_OPTIONS, type PlanOptions } from '../../remediation/alb-sg-cloudfront-only/options.js';
import { restsOn } from '../../remediation/alb-sg-cloudfront-only/rests-on.js';
import { renderPlanCommands } from '../../report/plan-commands.js';
import { renderPlanJson } from '../../report/plan-json.js';
import { renderPlan } from '../../report/plan-text.js';
import type { PlannedGroup } from '../../report/plan-words.js';
import { params, type AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import { selectRules } from '../../rules/registry.js';
import { EXIT } from '../exit-codes.js';
import { inputText, planInput, prepareRules, readParams, withInput, type InputOptions } from '../input.js';
import { styleFor, type Io } from '../io.js';
import { withOutput, writeResult } from '../output.js';
import { planLoadBalancer } from './plan-load-balancer.js';

const PLAN_FORMATS = ['table', 'json', 'aws-cli'] as const;

/** What a person opts in to, option by option. */
const CHOICES = {
  allowSplit: ['--allow-split', 'make a group for what does not fit the quota of the group'],
  allowSwap: ['--allow-swap', 'move the load balancer out of a group that something else uses'],
  revokePrivateSources: ['--revoke-private-sources', 'remove private ranges too'],
  revokeSecurityGroupSources: ['--revoke-security-group-sources', 'remove sources that are groups too'],
} as const satisfies Partial<Record<keyof PlanOptions, readonly [string, string]>>;
type Choice = keyof typeof CHOICES;

interface PlanCommandOptions extends InputOptions, Readonly<Partial<Record<Choice, boolean>>> {
  readonly format: (typeof PLAN_FORMATS)[number];
  readonly output?: string;
  readonly rotate?: boolean;
}

/** `plan`: what the fixer would do to one group, or in which order a person closes a load balancer; nothing is done. */
export function planCommand(io: Io, exit: (code: number) => void, input: typeof planInput = planInput): Command {
  const command = withOutput(withInput(new Command('plan')), PLAN_FORMATS)
    .description('plan the fix of one security group or load balancer; changes nothing')
    .argument('<id>', 'a security group id, or the ARN of a load balancer');
  for (const [flag, text] of Object.values(CHOICES)) command.option(flag, text);
  command.option('--rotate', 'for a load balancer: give the header a new value');
  return command
    .addHelpText(
      'after',
      '\nExample:\n  origin-guard plan sg-0482d99e7921588bc --from examples/article-before\n  origin-guard plan arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188 --region us-east-1\n\nExit codes: 0 nothing to do or a plan, 1 refused, 2 wrong use or input, 4 our own fault.\n',
    )
    .action(async (text: string, options: PlanCommandOptions) => {
      const arn = LoadBalancerArn.safeParse(text).data;
      if (arn !== undefined) {
        refuseOptions(
          chosenOf(options).map((choice) => CHOICES[choice][0]),
          'security groups',
        );
        exit(await planLoadBalancer(arn, options, io, input));
        return;
      }
      const id = parseGroupId(text);
      refuseOptions(options.rotate === true ? ['--rotate'] : [], 'load balancers');
      const chosen = await readAlbSgParams(options);
      const planned = await input(options, io, (ports, places) =>
        planAt(ports, id, places, chosen, toPlanOptions(options), io.now().toISOString()),
      );
      await writeResult([render(planned, options, io)], options, io);
      exit(planned.plan.kind === 'refuse' ? EXIT.nonCompliant : EXIT.clean);
    });
}

function parseGroupId(text: string): SecurityGroupId {
  const parsed = SecurityGroupId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new OriginGuardError(
    'E1003',
    `the id is "${text}"; expected a security group id such as sg-0abc1234, or the ARN of a load balancer`,
  );
}

function refuseOptions(flags: readonly string[], what: string): void {
  if (flags[0] !== undefined) throw new OriginGuardError('E1003', `${flags[0]} is for ${what}; leave it out`);
}

/** The parameters of the rule whose findings are fixed, checked as a scan checks them. */
async function readAlbSgParams(options: InputOptions): Promise<AlbSgParams> {
  const given = await readParams(options);
  prepareRules(selectRules(options.rule), given);
  return parseParams(params, Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(params, name))));
}

const toPlanOptions = (options: PlanCommandOptions): PlanOptions => ({
  ...DEFAULT_OPTIONS,
  ...Object.fromEntries(chosenOf(options).map((choice) => [choice, true])),
});

const chosenOf = (options: PlanCommandOptions): readonly Choice[] =>
  (Object.keys(CHOICES) as Choice[]).filter((choice) => options[choice] === true);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function planAt(
  ports: PlanningPorts,
  securityGroupId: SecurityGroupId,
  places: readonly Scope[],
  chosen: AlbSgParams,
  options: PlanOptions,
  now: string,
): Promise<PlannedGroup> {
  const scope = await placeOf(ports, securityGroupId, places);
  if (scope === null) {
    const plan = refuse('GROUP_NOT_FOUND', `no group ${securityGroupId} in what was read`);
    const nowhere: Scope = { accountId: null, region: null };
    const unseen = restsOn({ plan, facts: null });
    return { securityGroupId, name: null, scope: nowhere, plan, paths: [], fingerprint: null, restsOn: unseen };
  }
  const settings = { params: chosen, options, now, digest: sha256 };
  const planned = await planGroup(ports, securityGroupId, scope, settings);
  const { plan, paths, fingerprint, facts } = planned;
  const name = facts?.rule.group.name ?? null;
  return { securityGroupId, name, scope, plan, paths, fingerprint, restsOn: restsOn(planned) };
}

/** Where the group is. One place is taken as it is, which spares a question; of several, the first that shows its rules. */
async function placeOf(ports: PlanningPorts, id: SecurityGroupId, places: readonly Scope[]): Promise<Scope | null> {
  const [only, ...others] = places;
  if (only !== undefined && others.length === 0) return only;
  const groups = await ports.securityGroups(new Set([id]));
  return (groups.find(({ ingress }) => ingress.known) ?? groups[0])?.scope ?? null;
}

function render(planned: PlannedGroup, options: PlanCommandOptions, io: Io): string {
  switch (options.format) {
    case 'json':
      return renderPlanJson(planned);
    case 'aws-cli':
      return renderPlanCommands(planned);
    case 'table':
      return renderPlan(planned, styleFor(io, options), commandText(planned, options));
  }
}

/** The command line as it would be typed again, without the format. */
function commandText({ securityGroupId }: PlannedGroup, options: PlanCommandOptions): string {
  const flags = chosenOf(options).map((choice) => CHOICES[choice][0]);
  return ['origin-guard plan', securityGroupId, inputText(options), ...flags].filter((part) => part !== '').join(' ');
}
