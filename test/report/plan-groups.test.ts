import { known } from '../../core/fact.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { Fix } from '../../core/plan.js';
import { renderPlanCommands } from '../../report/plan-commands.js';
import {
  ADMITTED,
  holds,
  inOwnFolder,
  undo,
  valueAfter,
  WELL,
  writesOf,
  type Answers,
} from '../support/aws-stand-in.js';
import { arnOf, fromList, groupId, hidden, open, securityGroup } from '../support/builders.js';
import { planned, revocable, split, swap } from '../support/plans.js';

const render = (plan: Fix): string => renderPlanCommands(planned(plan));

// Each case starts many processes; on a busy machine they take a while.
jest.setTimeout(60_000);

const { runScript, files } = inOwnFolder();

describe('a split', () => {
  test('the new group is there, seen and attached before anything is removed', () => {
    const { status, stderr, calls } = runScript(render(split()));
    expect([status, stderr]).toEqual([0, '']);
    expect(writesOf(calls)).toEqual([
      'create-security-group',
      'authorize-security-group-ingress sg-0new',
      'set-security-groups sg-0web sg-0app sg-0new',
      'authorize-security-group-ingress sg-0web',
      'revoke-security-group-ingress sg-0web sgr-0open',
    ]);
    const made = calls.find(([, name]) => name === 'create-security-group');
    expect(valueAfter(made, '--group-name')).toBe('origin-guard-50dc6c495c0c9188-ipv4-80-80');
    expect(JSON.parse(valueAfter(made, '--tag-specifications'))).toEqual([
      { ResourceType: 'security-group', Tags: [{ Key: 'origin-guard:managed', Value: 'true' }] },
    ]);
    expect(files()).toEqual(expect.arrayContaining(['sg-0web.before.json', 'web.before.json']));
  });

  test('stops where the groups of the load balancer have changed', () => {
    expect(writesOf(runScript(render(split()), [['sort(LoadBalancers', 'sg-0web']]).calls)).toEqual([]);
  });

  test('stops where the new group is not seen on the load balancer', () => {
    const { calls } = runScript(render(split()), [['SecurityGroups[?@', '0'], ...WELL]);
    expect(writesOf(calls).at(-1)).toBe('set-security-groups sg-0web sg-0app sg-0new');
  });

  test('the way back sets the old list, after the rules are there again', () => {
    const { calls } = runScript(`GROUP_1=sg-0new\n${undo(render(split()))}`);
    expect(writesOf(calls)).toEqual([
      'authorize-security-group-ingress sg-0web',
      'set-security-groups sg-0web sg-0app',
      'delete-security-group sg-0new',
    ]);
  });

  test.each([
    ['more than CloudFront', [ADMITTED, 'sgr-0b tcp 80 80 0.0.0.0/0']],
    ['CloudFront on another port', ['sgr-0cf tcp 8080 8080 pl-3b927c52']],
    ['nobody', []],
  ])('a group that admits %s is not attached', (_, rules) => {
    const { status, stderr, calls } = runScript(render(split()), [holds('sg-0new', ...rules), ...WELL]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('  expected: tcp 80 80 pl-3b927c52\n')]);
    expect(writesOf(calls).filter((call) => /^(?:set|revoke)/.test(call))).toEqual([]);
  });
});

describe('a group of an earlier run', () => {
  const NAME = 'origin-guard-50dc6c495c0c9188-ipv4-80-80';
  const rule = revocable({ id: 'sgr-0cf', ...open(fromList('pl-3b927c52'), 'tcp', 80) });
  const adopting = (ingress: SecurityGroup['ingress'], plan: Fix = split()): string =>
    renderPlanCommands(
      planned(plan, {
        restsOn: { admitting: [], adopted: [securityGroup({ id: groupId('sg-0old'), name: NAME, ingress })] },
      }),
    );
  const OURS: Answers = [['Tags[?', 'true'], holds('sg-0old', ADMITTED), ...WELL.slice(1)];

  test('is attached as it is', () => {
    const text = adopting(known([rule]));
    expect(text).toContain(`#   attach  ${NAME} for web: pl-3b927c52 (CloudFront, IPv4) on tcp 80 (sg-0old, which is`);
    const { status, stderr, calls } = runScript(text, OURS);
    expect([status, stderr]).toEqual([0, '']);
    expect(writesOf(calls)).toEqual([
      'set-security-groups sg-0web sg-0app sg-0old',
      'authorize-security-group-ingress sg-0web',
      'revoke-security-group-ingress sg-0web sgr-0open',
    ]);
  });

  test('is named once where the load balancer has it already', () => {
    const securityGroups = ['sg-0web', 'sg-0old'].map(groupId);
    const text = adopting(known([rule]), split({ loadBalancer: { arn: arnOf('web'), securityGroups } }));
    const { calls } = runScript(text, [['sort(LoadBalancers', 'sg-0old,sg-0web'], ...OURS]);
    expect(writesOf(calls)[0]).toBe('set-security-groups sg-0web sg-0old');
  });

  test('that has got rules since is left alone', () => {
    const text = adopting(known([]));
    const { stderr, calls } = runScript(text, OURS);
    expect(stderr).toContain(`stopped: the ingress rules of sg-0old\n  expected: nothing\n  found:    ${ADMITTED}\n`);
    expect(writesOf(calls)).toEqual([]);
  });

  test('gets the rule that it lacks', () => {
    const [question, rules] = holds('sg-0old', ADMITTED);
    const answers: Answers = [[question, rules, 'authorize'], holds('sg-0old'), ...OURS];
    const { status, stderr, calls } = runScript(adopting(known([])), answers);
    expect([status, stderr]).toEqual([0, '']);
    expect(writesOf(calls).slice(0, 2)).toEqual([
      'authorize-security-group-ingress sg-0old',
      'set-security-groups sg-0web sg-0app sg-0old',
    ]);
  });

  test.each<readonly [string, SecurityGroup['ingress'], Answers, string]>([
    ['does not carry our tag', known([rule]), [['Tags[?', '']], 'the tag origin-guard:managed of sg-0old'],
    [
      'lets nothing out',
      known([rule]),
      [['length(SecurityGroupRules[?IsEgress', '0']],
      'rules of sg-0old that let everything out',
    ],
    [
      'admits somebody else since',
      known([rule]),
      [holds('sg-0old', ADMITTED, 'sgr-0b -1 - - 0.0.0.0/0')],
      `the ingress rules of ${NAME}`,
    ],
    [
      'admitted somebody else before',
      known([revocable()]),
      [holds('sg-0old', 'sgr-0open tcp 443 443 0.0.0.0/0')],
      `the ingress rules of ${NAME}`,
    ],
    [
      'was not seen whole, and has no rule',
      hidden('rules of sg-0old'),
      [holds('sg-0old')],
      `the ingress rules of ${NAME}`,
    ],
  ])('that %s is left alone', (_, ingress, answers, what) => {
    const { status, stderr, calls } = runScript(adopting(ingress), [...answers, ...OURS]);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`stopped: ${what}\n`)]);
    expect(stderr).toContain('nothing was revoked; make a new plan');
    expect(writesOf(calls)).toEqual([]);
  });

  test('is not deleted on the way back', () => {
    expect(undo(adopting(known([rule])))).not.toContain('delete-security-group');
  });
});

describe('a swap', () => {
  test('the new group comes before the shared one goes, and no rule of that is touched', () => {
    expect(writesOf(runScript(render(swap())).calls)).toEqual([
      'create-security-group',
      'authorize-security-group-ingress sg-0new',
      'set-security-groups sg-0web sg-0app sg-0new',
      'set-security-groups sg-0app sg-0new',
    ]);
  });

  test('stops where a group of another VPC names the shared one', () => {
    const { status, calls } = runScript(render(swap()), [['length(SecurityGroupReferenceSet', '1'], ...WELL]);
    expect([status, writesOf(calls)]).toEqual([1, []]);
  });

  test('where an interface carries no more groups, the lists change in one call', () => {
    const securityGroups = ['sg-0web', 'sg-0a', 'sg-0b', 'sg-0c', 'sg-0d'].map(groupId);
    const text = render(swap({ loadBalancer: { arn: arnOf('web'), securityGroups } }));
    const { calls } = runScript(text, [['sort(LoadBalancers', 'sg-0a,sg-0b,sg-0c,sg-0d,sg-0web'], ...WELL]);
    expect(writesOf(calls).filter((call) => call.startsWith('set'))).toEqual([
      'set-security-groups sg-0a sg-0b sg-0c sg-0d sg-0new',
    ]);
  });
});
