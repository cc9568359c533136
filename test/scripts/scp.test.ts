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
