import type { Asked } from './asked-of.js';
import { denied, idleParts, questionsOf, toText, unusedActions } from './proof.js';
import type { RecordedCall } from './recorded-calls.js';
import type { PlainPolicy, PlainStatement } from './template-roles.js';

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
const call = (action: string, resource: string, context: Asked['context'] = {}, role = 'Some'): RecordedCall => ({
  role,
  home: HOME,
  step: null,
  asked: [{ action, resource, context }],
});
const policies = (...Statement: readonly PlainStatement[]): ReadonlyMap<string, PlainPolicy> =>
  new Map([['Some', { Version: '2012-10-17', Statement }]]);
const allow = (Sid: string, Action: readonly string[], Resource: readonly string[]): PlainStatement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});

const PARAMETER = 'arn:aws:ssm:eu-central-1:111122223333:parameter/a/b';
const PUT = call('ssm:PutParameter', PARAMETER);
const DESCRIBE = call('ec2:DescribeVpcs', '*', { 'aws:RequestedRegion': 'eu-central-1' });

it('calls that ask the same are one question, with the steps that asked it', () => {
  const found = questionsOf([PUT, { ...PUT, step: 'A' }, { ...PUT, step: 'B' }, { ...PUT, step: 'A' }, DESCRIBE]);
  expect(found.map(({ times, steps }) => [times, steps])).toEqual([
    [4, ['A', 'B']],
    [1, []],
  ]);
});

it('a call that no statement allows is denied, and so is everything of a role that no template has', async () => {
  const other = call('ssm:PutParameter', PARAMETER, {}, 'Other');
  const questions = questionsOf([PUT, DESCRIBE, other]);
  const only = policies(
    allow('Put', ['ssm:PutParameter'], ['arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter/a/*']),
  );
  expect((await denied(questions, only)).map(toText)).toEqual([
    'Some in 111122223333 eu-central-1: ec2:DescribeVpcs on * with {"aws:RequestedRegion":"eu-central-1"}',
    `Other in 111122223333 eu-central-1: ssm:PutParameter on ${PARAMETER} with {}`,
  ]);
});

it('an action that nobody called is named', () => {
  const granted = policies(allow('Both', ['ssm:PutParameter', 'ssm:DeleteParameter'], ['*']));
  expect(unusedActions(questionsOf([PUT]), granted)).toEqual(['Some ssm:DeleteParameter']);
});

it('a statement is idle that no call needs, and so is a resource', async () => {
  const questions = questionsOf([PUT, DESCRIBE]);
  const needed = [allow('Put', ['ssm:PutParameter'], [PARAMETER]), allow('Look', ['ec2:DescribeVpcs'], ['*'])];
  expect(await idleParts(questions, policies(...needed))).toEqual([]);
  const twice = [...needed, allow('Again', ['ssm:PutParameter'], [PARAMETER])];
  expect(await idleParts(questions, policies(...twice))).toEqual(['Some Put', 'Some Again']);
  const wide = [allow('Put', ['ssm:PutParameter'], [PARAMETER, 'arn:aws:ssm:*:*:parameter/c'])];
  expect(await idleParts(questions, policies(...wide))).toEqual(['Some Put arn:aws:ssm:*:*:parameter/c']);
});

it.each([
  ['an action that AWS does not have', call('ssm:PutParameters', PARAMETER)],
  ['a resource where nobody can name one', call('ec2:DescribeVpcs', PARAMETER)],
  [
    'a resource of a type that the action lacks',
    call('ssm:PutParameter', 'arn:aws:ssm:eu-central-1:111122223333:document/a'),
  ],
])('%s is an error', async (_, wrong) => {
  const anything = policies(allow('All', ['ssm:*', 'ec2:*'], ['*']));
  await expect(denied(questionsOf([wrong]), anything)).rejects.toThrow('cannot be asked');
});
