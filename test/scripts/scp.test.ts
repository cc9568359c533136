import { renderScp } from '../../infra/organization/scp.js';
import { scp } from '../../scripts/scp.js';

const BREAK_GLASS = 'arn:aws:iam::*:role/BreakGlass';
const APPROVER = 'arn:aws:iam::*:role/Approver';
const DEPLOYER = 'arn:aws:iam::444455556666:role/cdk-*';

it('writes the policy for the roles and tag keys that are named, as one line', () => {
  const { code, stdout } = scp([
    ...['--break-glass', BREAK_GLASS, '--exempts', APPROVER, '--deploys', DEPLOYER],
    ...['--tag-key', 'acme:exempt'],
  ]);
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toEqual(
    renderScp({
      breakGlassRoles: [BREAK_GLASS],
      exemptionRoles: [APPROVER],
      deployerRoles: [DEPLOYER],
      tagKeys: ['origin-guard:*', 'acme:exempt', 'acme:exempt-until'],
    }),
  );
});

it('knows the tag that exempts from the settings, so that nobody exempts a group by a key that was forgotten', () => {
  const tagKeysOf = (exemptTagKey: string): unknown => {
    const { stdout } = scp(['--break-glass', BREAK_GLASS], { 'origin-guard': { exemptTagKey } });
    const { Statement } = JSON.parse(stdout) as { readonly Statement: readonly { Sid: string; Condition: object }[] };
    return Statement.find(({ Sid }) => Sid === 'GroupTags')?.Condition;
  };
  expect(tagKeysOf('acme:exempt')).toMatchObject({
    'ForAnyValue:StringLike': { 'aws:TagKeys': ['origin-guard:*', 'acme:exempt', 'acme:exempt-until'] },
  });
  expect(tagKeysOf('origin-guard:skip')).toMatchObject({
    'ForAnyValue:StringLike': { 'aws:TagKeys': ['origin-guard:*'] },
  });
});

it.each([
  ['a setting that is wrong', [], 'E1014: setting exemptTagKey is "a b"; allowed: a tag key', { exemptTagKey: 'a b' }],
  ['a role by its name', ['--exempts', 'Approver'], '--exempts is "Approver"; allowed: the ARN pattern of a role', {}],
  ['every role at once', ['--deploys', 'arn:aws:iam::*:role/*'], '--deploys is "arn:aws:iam::*:role/*"; allowed:', {}],
  ['everybody', ['--break-glass', '*'], '--break-glass is "*"; allowed: the ARN pattern of a role', {}],
])('refuses %s', (_, args, words, settings) => {
  const { code, stdout, stderr } = scp(['--break-glass', BREAK_GLASS, ...args], { 'origin-guard': settings });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(words);
});

it.each([
  ['no role for emergencies', ['--exempts', APPROVER], '--break-glass is missing\nusage: npm run --silent scp'],
  ['an option that is none', ['--break', BREAK_GLASS], "Unknown option '--break'"],
  [
    'more roles than a policy holds',
    Array.from({ length: 40 }, (_, at) => ['--break-glass', `${BREAK_GLASS}${String(at)}`]).flat(),
    'characters; allowed: 5120',
  ],
])('refuses %s, and says how to ask', (_, args, words) => {
  const { code, stdout, stderr } = scp(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).toContain('--break-glass ROLE  ');
});
