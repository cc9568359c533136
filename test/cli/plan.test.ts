import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planCommand } from '../../cli/commands/plan.js';
import type { planInput } from '../../cli/input.js';
import { known, type Fact } from '../../core/fact.js';
import type { Scope } from '../../core/ids.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { PlanningPorts } from '../../core/planning.js';
import type { PlanDocument } from '../../report/plan-json.js';
import type { z } from 'zod';
import {
  arnOf,
  distribution,
  fromCidr,
  fromGroup,
  groupId,
  HOME,
  hidden,
  ingress,
  NOW,
  open,
  origin,
  OTHER_ACCOUNT,
  ruleId,
  securityGroup,
} from '../support/builders.js';
import { balancerInterface } from '../support/fake-planning.js';
import { fakePorts, type World } from '../support/fake-ports.js';
import { run, writeFiles } from '../support/saved-files.js';

const EVERYBODY = { ...open(fromCidr('0.0.0.0/0')), ruleId: ruleId('sgr-0open') };

const groupWith = (...rules: readonly (typeof EVERYBODY)[]): SecurityGroup => securityGroup({ ingress: known(rules) });

/** One load balancer on HTTPS behind CloudFront, open to everybody; nothing else is there. */
function ports(world: Partial<World> = {}, planning: Partial<PlanningPorts> = {}): PlanningPorts {
  const none =
    <T>(value: T): (() => Promise<Fact<T>>) =>
    () =>
      Promise.resolve(known(value));
  return {
    ...fakePorts({
      groups: [groupWith(EVERYBODY)],
      distributions: [
        distribution({
          origins: [
            origin({
              custom: { httpPort: 80, httpsPort: 443, protocolPolicy: 'https-only', ipAddressType: 'ipv4' },
            }),
          ],
        }),
      ],
      listeners: { [arnOf('web')]: known([443]) },
      ...world,
    }),
    interfacesOf: none([
      { id: 'eni-0web', type: 'interface', description: 'ELB app/web/50dc6c495c0c9188', isManaged: true },
    ]),
    acceleratorsIn: none([]),
    forwardersTo: none([]),
    referencesTo: none([]),
    hasOpenEgress: none(true),
    groupsNamed: none([]),
    quota: (name) => Promise.resolve(known(name === 'rules-per-group' ? 60 : 5)),
    rollbackRecords: none([]),
    ...planning,
  };
}

/** Runs `plan` over ports of a test, in place of what the options name. */
async function plan(argv: readonly string[], given: PlanningPorts = ports(), places: readonly Scope[] = []) {
  let code: number | null = null;
  let stdout = '';
  const io = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => undefined },
    env: {},
    now: () => new Date(NOW),
  };
  const input: typeof planInput = (_options, _io, planWith) => planWith(given, places);
  const command = planCommand(io, (exit) => (code = exit), input);
  await new Command()
    .exitOverride()
    .addCommand(command)
    .parseAsync(['plan', ...argv], { from: 'user' });
  return { code, stdout };
}

async function document(argv: readonly string[], given?: PlanningPorts, places?: readonly Scope[]) {
  const { code, stdout } = await plan([...argv, '--format', 'json'], given, places);
  return { code, ...(JSON.parse(stdout) as z.infer<typeof PlanDocument>) };
}

describe('what it says, and the exit code', () => {
  test('a plan: 0', async () => {
    const { code, stdout } = await plan(['sg-0web', '--from', 'saved']);
    expect(code).toBe(0);
    expect(stdout).toContain('EDIT  add 1 rule, then remove 1 rule');
    expect(stdout).toContain('\n  origin-guard plan sg-0web --from saved --format aws-cli\n');
  });

  test('nothing to do: 0', async () => {
    const { code, stdout } = await plan(['sg-0web'], ports({ groups: [securityGroup()] }));
    expect([code, stdout]).toEqual([0, expect.stringContaining('NOOP  COMPLIANT')]);
  });

  test('refused: 1', async () => {
    const { code, stdout } = await plan(['sg-0web'], ports({ distributions: [] }));
    expect([code, stdout]).toEqual([1, expect.stringContaining('REFUSE  NOT_FRONTED')]);
  });

  test('as JSON', async () => {
    expect(await document(['sg-0web'])).toMatchObject({
      code: 0,
      schemaVersion: '1',
      decision: 'EDIT',
      accountId: '111122223333',
      securityGroupName: 'web',
      remove: [{ securityGroupRuleId: 'sgr-0open' }],
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}\.[0-9a-f]{64}$/),
    });
  });

  test('as commands', async () => {
    const { code, stdout } = await plan(['sg-0web', '--format', 'aws-cli']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '\naws ec2 revoke-security-group-ingress --group-id sg-0web --security-group-rule-ids sgr-0open ',
    );
  });

  test('as commands that look first whether what the plan rests on is still there', async () => {
    const cloudfront = { ...ingress(), ruleId: ruleId('sgr-0cf') };
    const { stdout } = await plan(
      ['sg-0web', '--format', 'aws-cli'],
      ports({ groups: [groupWith(EVERYBODY, cloudfront)] }),
    );
    for (const rule of ['sgr-0cf tcp 443 443 pl-3b927c52', 'sgr-0open tcp 443 443 0.0.0.0/0'])
      expect(stdout).toContain(` '${rule}' "$(rule ${rule.split(' ', 1).join('')})"\n`);
  });

  test('into a file', async () => {
    const file = join(writeFiles({}), 'plan.json');
    const { stdout } = await plan(['sg-0web', '--format', 'json', '--output', file]);
    expect(stdout).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ decision: 'EDIT' });
  });
});

describe('where the group is', () => {
  const elsewhere: Scope = { ...HOME, accountId: OTHER_ACCOUNT };

  test('the one account and Region that is read is not asked for twice', async () => {
    const given = ports();
    const asked = jest.spyOn(given, 'securityGroups');
    await plan(['sg-0web'], given, [HOME]);
    const once = asked.mock.calls.length;
    await plan(['sg-0web'], given, [HOME, elsewhere]);
    expect(asked.mock.calls.length - once).toBe(once + 1);
  });

  test('of several, the first that shows its rules', async () => {
    const denied = securityGroup({ scope: elsewhere, ingress: hidden('rules') });
    const given = ports({ groups: [denied, groupWith(EVERYBODY)] });
    expect(await document(['sg-0web'], given, [elsewhere, HOME])).toMatchObject({ accountId: '111122223333' });
  });

  test('where none shows them, the gap of the first is the reason', async () => {
    const denied = securityGroup({ scope: HOME, ingress: hidden('rules') });
    expect(await document(['sg-0web'], ports({ groups: [denied] }))).toMatchObject({
      code: 1,
      reasonCode: 'LOOKUP_FAILED',
    });
  });

  test('a group that is not there is refused', async () => {
    for (const places of [[], [HOME], [HOME, elsewhere]])
      expect(await document(['sg-0none'], ports(), places)).toMatchObject({
        code: 1,
        decision: 'REFUSE',
        reasonCode: 'GROUP_NOT_FOUND',
      });
  });
});

describe('what a person opts in to', () => {
  const PRIVATE = { ...open(fromCidr('10.0.0.0/8')), ruleId: ruleId('sgr-0vpc') };
  const PEER = { ...open(fromGroup('sg-0peer')), ruleId: ruleId('sgr-0peer') };
  const mixed = (): PlanningPorts =>
    ports({ groups: [groupWith(EVERYBODY, PRIVATE, PEER), securityGroup({ id: groupId('sg-0peer') })] });

  test.each([
    [[], ['sgr-0open']],
    [['--revoke-private-sources'], ['sgr-0open', 'sgr-0vpc']],
    [['--revoke-security-group-sources'], ['sgr-0open', 'sgr-0peer']],
    [
      ['--revoke-private-sources', '--revoke-security-group-sources'],
      ['sgr-0open', 'sgr-0peer', 'sgr-0vpc'],
    ],
  ])('%j removes %j', async (flags, removed) => {
    const { remove, keep } = await document(['sg-0web', ...flags], mixed());
    expect(remove.map(({ securityGroupRuleId }) => securityGroupRuleId)).toEqual(removed);
    expect(keep).toHaveLength(3 - removed.length);
  });

  test('--allow-split makes a group for what does not fit, --allow-swap one in place of a shared one', async () => {
    const many = Array.from({ length: 10 }, (_, at) => ({
      ...open(fromCidr(`198.51.${String(at)}.0/24`)),
      ruleId: ruleId(`sgr-0a${String(at)}`),
    }));
    const full = ports({ groups: [groupWith(...many)] });
    expect(await document(['sg-0web'], full)).toMatchObject({ reasonCode: 'QUOTA_NO_HEADROOM' });
    expect(await document(['sg-0web', '--allow-split'], full)).toMatchObject({ code: 0, decision: 'SPLIT' });
    const shared = ports(
      {},
      {
        interfacesOf: () =>
          Promise.resolve(
            known([balancerInterface(), balancerInterface('db', { description: 'db', isManaged: false })]),
          ),
      },
    );
    expect(await document(['sg-0web'], shared)).toMatchObject({ reasonCode: 'SHARED_SG' });
    expect(await document(['sg-0web', '--allow-swap'], shared)).toMatchObject({ code: 0, decision: 'SWAP' });
  });

  test('the command that is proposed opts in to the same', async () => {
    const { stdout } = await plan(['sg-0web', '--allow-swap', '--revoke-private-sources', '--region', 'us-east-1']);
    expect(stdout).toContain(
      '\n  origin-guard plan sg-0web --region us-east-1 --allow-swap --revoke-private-sources --format aws-cli\n',
    );
  });

  test('the parameters of the rule say what is allowed', async () => {
    const argv = ['sg-0web', '--param', 'allowedCidrs=0.0.0.0/0'];
    expect(await document(argv)).toMatchObject({ code: 0, decision: 'NOOP', reasonCode: 'COMPLIANT' });
  });
});

describe('wrong use', () => {
  test.each([
    ['web', 'the id is "web"; expected a security group id such as sg-0abc1234, or the ARN of a load balancer\n'],
    ['arn:aws:s3:::web', 'expected a security group id such as sg-0abc1234, or the ARN of a load balancer\n'],
  ])('%s is neither a group nor a load balancer', async (id, said) => {
    const ran = await run(['plan', id, '--from', 'nowhere']);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/^origin-guard: E1003: [^\n]+\n$/);
    expect(ran.stderr).toContain(said);
  });

  test.each([
    [['--param', 'prots=all'], 'E1002: unknown parameter prots'],
    [['--param', 'ports=some'], 'E1002: parameter ports is "some"'],
    [['--rule', 'other'], 'E1007'],
    [['--format', 'html'], 'Allowed choices are table, json, aws-cli'],
    [['--allow-everything'], "unknown option '--allow-everything'"],
    [[], 'E1004'],
  ])('%j is refused before anything is read', async (options, said) => {
    const ran = await run(['plan', 'sg-0web', '--from', '/nowhere', ...options]);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(said);
  });

  test('without an id', async () => {
    const ran = await run(['plan']);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining("missing required argument 'id'")]);
  });

  test('--help has an example, and the exit codes', async () => {
    const { code, stdout } = await run(['plan', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Example:\n  origin-guard plan sg-0482d99e7921588bc --from examples/article-before\n');
    expect(stdout).toContain('0 nothing to do or a plan, 1 refused');
  });
});
