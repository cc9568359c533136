import * as z from 'zod/mini';
import { OriginGuardError } from '../../core/errors.js';
import { FAMILIES, STRATEGIES, type DedicatedGroup, type Grant, type RequiredPort } from '../../core/plan.js';
import { Started } from './started.js';
import { LoadBalancerArn, PrefixListId, SecurityGroupId, SecurityGroupRuleId } from '../../core/ids.js';
import '../../core/schema-messages.js';
import { toRequired } from './to-text.js';

const flag = z._default(
  z.pipe(
    z.union([z.boolean(), z.enum(['true', 'false'])], { error: 'allowed: true or false' }),
    z.transform((given) => given === true || given === 'true'),
  ),
  false,
);

/** Texts with commas between; the empty text is the empty list, and a list is one too. */
const texts = <S extends z.ZodMiniType<unknown, string>>(item: S) =>
  z.pipe(
    z.pipe(
      z.union([
        z.array(z.string()),
        z.pipe(
          z.string(),
          z.transform((text) => (text.trim() === '' ? [] : text.split(','))),
        ),
      ]),
      z.transform((parts) => parts.map((part) => part.trim())),
    ),
    z.array(item),
  );

const PORTS = /^(\d{1,5})-(\d{1,5})$/;

function toGrant(text: string): Grant | null {
  const [family = '', list = '', range = '', ...rest] = text.split(':');
  const [, from, to] = PORTS.exec(range) ?? [];
  const known = FAMILIES.find((each) => each === family);
  const prefixListId = PrefixListId.safeParse(list).data;
  if (known === undefined || prefixListId === undefined || from === undefined || rest.length > 0) return null;
  return { family: known, prefixListId, fromPort: Number(from), toPort: Number(to) };
}

function toDedicated(text: string): DedicatedGroup | null {
  const [name = '', written = '', ...rest] = text.split('=');
  const grant = toGrant(written);
  return grant === null || name === '' || rest.length > 0 ? null : { name, grant };
}

/** A text that stands for a value. */
const textOf = <T>(read: (text: string) => T | null, form: string) =>
  z.pipe(
    z.string(),
    z.transform((text, context): T => {
      const value = read(text);
      if (value !== null) return value;
      context.issues.push({ code: 'custom', message: `expected ${form}`, input: text });
      return z.NEVER;
    }),
  );

const GrantText = textOf(toGrant, 'FAMILY:PREFIX_LIST_ID:FROM-TO');
const DedicatedText = textOf(toDedicated, 'NAME=FAMILY:PREFIX_LIST_ID:FROM-TO');
const RequiredText = textOf<RequiredPort>(toRequired, 'ipv4/PORT or ipv6/PORT');

/** What the operator opted in to; the same in every step of a run, all of which plan again. */
const Options = {
  allowSplit: flag,
  allowSwap: flag,
  revokePrivateSources: flag,
  revokeSecurityGroupSources: flag,
};

const ExecutionId = z.string().check(z.regex(/^[\w-]{1,64}$/, { error: 'expected the id of an automation execution' }));

/** What a later step is told of the plan that it belongs to. */
const OfPlan = {
  executionId: ExecutionId,
  decision: z.enum(STRATEGIES),
  fingerprint: z.string(),
  requiredPorts: texts(RequiredText),
  grants: texts(GrantText),
  revokeRuleIds: texts(SecurityGroupRuleId),
  loadBalancerArn: z.union([
    z.pipe(
      z.literal(''),
      z.transform(() => null),
    ),
    LoadBalancerArn,
  ]),
  originalSecurityGroups: texts(SecurityGroupId),
  dedicated: texts(DedicatedText),
  ...Options,
};

const MODES = ['plan', 'rollback', 'guard', 'verifyAuthorized', 'swapTargets', 'verify'] as const;

const Request = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('plan'),
    securityGroupId: SecurityGroupId,
    executionId: ExecutionId,
    ...Options,
    ...Started,
  }),
  z.object({
    mode: z.literal('rollback'),
    securityGroupId: SecurityGroupId,
    recordId: ExecutionId,
    /** `plan` before anything is undone, `rules` once the rules were put back, `groups` once the list of groups was too. */
    phase: z._default(z.enum(['plan', 'rules', 'groups']), 'plan'),
  }),
  z.object({
    mode: z.literal('guard'),
    securityGroupId: SecurityGroupId,
    executionId: ExecutionId,
    fingerprint: z.string().check(z.minLength(1)),
    ...Options,
    ...Started,
  }),
  z.object({ mode: z.literal('verifyAuthorized'), securityGroupId: SecurityGroupId, ...OfPlan }),
  z.object({
    mode: z.literal('swapTargets'),
    securityGroupId: SecurityGroupId,
    /** `find` right after the groups were made, `ready` once they were given their rules and before they are attached. */
    phase: z.enum(['find', 'ready']),
    ...OfPlan,
  }),
  z.object({ mode: z.literal('verify'), securityGroupId: SecurityGroupId, ...OfPlan }),
]);

/** Read first: what a union says of its discriminator shows the whole event. */
const Mode = z.object({
  mode: z.enum(MODES, { error: `allowed: ${MODES.join(', ')}` }),
});

/** One question of a runbook to the planner. */
export type PlannerRequest = z.output<typeof Request>;
export type PlannerMode = PlannerRequest['mode'];
export type RequestOf<Mode extends PlannerMode> = Extract<PlannerRequest, { readonly mode: Mode }>;

/** Reads a request of a runbook step; raises `E1013` with the field and what is allowed. */
export function parsePlannerRequest(event: unknown): PlannerRequest {
  const asked = Mode.safeParse(event, { reportInput: true });
  const parsed = asked.success ? Request.safeParse(event, { reportInput: true }) : asked;
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = (issue?.path ?? []).join('.');
  throw new OriginGuardError(
    'E1013',
    `the planner's request: ${field === '' ? 'the event' : field} is ${shown(issue?.input)}; ${issue?.message ?? 'it is not valid'}`,
  );
}

const shown = (input: unknown): string => (input === undefined ? 'missing' : JSON.stringify(input).slice(0, 100));
