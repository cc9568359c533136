import type { Asked, Place } from './asked-of.js';
import type { RecordedCall } from './recorded-calls.js';
import { isAllowed } from './simulate.js';
import type { PlainPolicy, PlainStatement } from './template-roles.js';

/** A question of one role, and how often it was asked. */
export interface Question {
  readonly role: string;
  readonly home: Place;
  readonly asked: Asked;
  /** The steps of runbooks that asked; a function has none. */
  readonly steps: readonly string[];
  readonly times: number;
}

/** Every question that the calls asked, each once. */
export function questionsOf(calls: readonly RecordedCall[]): readonly Question[] {
  const found = new Map<string, Question>();
  for (const { role, home, step, asked } of calls) {
    for (const each of asked) {
      const key = JSON.stringify([role, home, each]);
      const before = found.get(key);
      const steps = before?.steps ?? [];
      const own = step === null || steps.includes(step) ? steps : [...steps, step];
      found.set(key, { role, home, asked: each, steps: own, times: (before?.times ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

/** A question in a line, for whoever reads a failure. */
export const toText = ({ role, home, asked: { action, resource, context } }: Question): string =>
  `${role} in ${home.accountId} ${home.region}: ${action} on ${resource} with ${JSON.stringify(context)}`;

/** The questions that a role's policy denies; a role without a policy is denied everything. */
export async function denied(
  questions: readonly Question[],
  policies: ReadonlyMap<string, PlainPolicy>,
): Promise<readonly Question[]> {
  const answers = await Promise.all(
    questions.map(async (question) => {
      const policy = policies.get(question.role);
      return policy !== undefined && (await isAllowed(policy, question.asked, question.home));
    }),
  );
  return questions.filter((_, at) => answers[at] !== true);
}

/** What a policy grants and nobody used: `ROLE ACTION`. */
export function unusedActions(
  questions: readonly Question[],
  policies: ReadonlyMap<string, PlainPolicy>,
): readonly string[] {
  const used = new Set(questions.map(({ role, asked: { action } }) => `${role} ${action}`));
  const granted = [...policies].flatMap(([role, { Statement }]) =>
    Statement.flatMap(({ Action }) => Action.map((action) => `${role} ${action}`)),
  );
  return [...new Set(granted)].filter((each) => !used.has(each));
}

/** A policy without one statement, or without one resource of a statement. */
interface Without {
  /** `ROLE SID`, or `ROLE SID RESOURCE`. */
  readonly name: string;
  readonly role: string;
  readonly actions: ReadonlySet<string>;
  readonly policy: PlainPolicy;
}

/** Each statement, and each resource of a statement with several, whose removal denies nobody anything. */
export async function idleParts(
  questions: readonly Question[],
  policies: ReadonlyMap<string, PlainPolicy>,
): Promise<readonly string[]> {
  const smaller = [...policies].flatMap(([role, policy]) => smallerPolicies(role, policy));
  const isIdle = await Promise.all(smaller.map((without) => deniesNobody(without, questions)));
  return smaller.flatMap(({ name }, at) => (isIdle[at] === true ? [name] : []));
}

const smallerPolicies = (role: string, policy: PlainPolicy): readonly Without[] =>
  policy.Statement.flatMap((statement) => {
    const { Sid, Action, Resource } = statement;
    const put = (name: string, instead: readonly PlainStatement[]): Without => ({
      name,
      role,
      actions: new Set(Action),
      policy: { ...policy, Statement: policy.Statement.flatMap((each) => (each === statement ? instead : [each])) },
    });
    const whole = put(`${role} ${Sid}`, []);
    if (Resource.length === 1) return [whole];
    const parts = Resource.map((resource) =>
      put(`${role} ${Sid} ${resource}`, [{ ...statement, Resource: Resource.filter((each) => each !== resource) }]),
    );
    return [whole, ...parts];
  });

async function deniesNobody({ role, actions, policy }: Without, questions: readonly Question[]): Promise<boolean> {
  for (const question of questions) {
    if (question.role !== role || !actions.has(question.asked.action)) continue;
    if (!(await isAllowed(policy, question.asked, question.home))) return false;
  }
  return true;
}
