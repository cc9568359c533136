import { join } from 'node:path';
import { memberRunbooks } from '../../infra/member/runbooks.js';
import { PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE } from '../../infra/names.js';
import { settingsOf } from '../infra/support.js';
import { deployedRoles, EVERYTHING } from '../support/iam-proof/deployed-roles.js';
import {
  MEANT_TO_FAIL,
  ONLY_WITH_A_SETTING,
  ROLES_OF_AWS,
  STATEMENTS_OF_AWS,
  USED_BY_AWS,
} from '../support/iam-proof/exceptions.js';
import { denied, idleParts, questionsOf, toText, unusedActions, type Question } from '../support/iam-proof/proof.js';
import { CALLS_FOLDER, readCalls } from '../support/iam-proof/recorded-calls.js';
import type { PlainPolicy, TemplateRole } from '../support/iam-proof/template-roles.js';

// What the integration tests called, against the policies of the rendered templates; `npm run test:integration` runs it
// after them. Where only some of them ran, nobody knows what the others would have used, and only the first part holds.

const calls = readCalls(process.env[CALLS_FOLDER] ?? join(__dirname, '..', '..', 'dist', 'calls'));
const ofWholeRun = process.env['ORIGIN_GUARD_WHOLE_RUN'] === 'false' ? it.skip : it;

const named = ({ role, asked: { action, resource } }: Question): string => `${role} ${action} ${resource}`;
const kindOf = ({ role, asked: { action } }: Question): string => `${role} ${action}`;
const all = questionsOf(calls);
const questions = all.filter((each) => !Object.hasOwn(MEANT_TO_FAIL, named(each)));
const meantToFail = all.filter((each) => Object.hasOwn(MEANT_TO_FAIL, named(each)));

/** The policies of the roles whose calls are ours. */
const policiesOf = (roles: ReadonlyMap<string, TemplateRole>): ReadonlyMap<string, PlainPolicy> =>
  new Map([...roles].flatMap(([name, { policy }]) => (Object.hasOwn(ROLES_OF_AWS, name) ? [] : [[name, policy()]])));
const everything = deployedRoles(EVERYTHING);
const policies = policiesOf(everything);

/** Each once, in the order of the alphabet. */
const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

it('every call that was made is allowed', async () => {
  console.log(
    `${String(calls.length)} calls of ${String(sorted(calls.map(({ role }) => role)).length)} roles, ` +
      `${String(questions.length)} different questions, ${String(sorted(questions.map(kindOf)).length)} actions of roles, ` +
      `${String([...policies.values()].flatMap(({ Statement }) => Statement).length)} statements`,
  );
  expect((await denied(questions, policies)).map(toText)).toEqual([]);
});

it('and what a test does only to see it fail is denied', async () => {
  expect((await denied(meantToFail, policies)).length).toBe(meantToFail.length);
});

it('every call is allowed with the settings that nobody changed, but for what a setting must allow first', async () => {
  const defaults = policiesOf(deployedRoles());
  const steps = new Set(memberRunbooks(settingsOf()).flatMap((each) => each.steps.map(({ name }) => name)));
  const isOfDefaults = ({ role, steps: by }: Question): boolean =>
    role !== REMEDIATION_ROLE || by.length === 0 || by.some((step) => steps.has(step.split('/').at(-1) ?? ''));
  const ofMember = [PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE];
  const theirs = questions.filter((each) => ofMember.includes(each.role) && isOfDefaults(each));
  const refused = sorted((await denied(theirs, defaults)).map(kindOf));
  expect(refused.filter((each) => !Object.hasOwn(ONLY_WITH_A_SETTING, each))).toEqual([]);
});

ofWholeRun('every action that is granted is used, or stands among the exceptions, which are all needed', () => {
  expect(sorted(unusedActions(questions, policies))).toEqual(sorted(Object.keys(USED_BY_AWS)));
});

ofWholeRun('without any one statement, or one of its resources, some call is denied', async () => {
  expect(sorted(await idleParts(questions, policies))).toEqual(sorted(Object.keys(STATEMENTS_OF_AWS)));
});

ofWholeRun('every other exception is needed too', () => {
  expect(sorted(meantToFail.map(named))).toEqual(sorted(Object.keys(MEANT_TO_FAIL)));
  expect(
    Object.keys(ONLY_WITH_A_SETTING).filter((each) => !questions.some((question) => kindOf(question) === each)),
  ).toEqual([]);
  expect(Object.keys(ROLES_OF_AWS).filter((each) => !everything.has(each))).toEqual([]);
});
