import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { REFUSALS, type Fix, type RefusalCode } from '../../core/plan.js';
import { renderPlanCommands } from '../../report/plan-commands.js';
import { shellWord } from '../../report/shell-word.js';
import { arnOf, fromCidr, fromGroup, groupId, open } from '../support/builders.js';
import { propertyRuns } from '../support/property-runs.js';
import { fix, grant, nothing, planned, refusal, revocable, split, swap } from '../support/plans.js';

const render = (plan: Fix): string => renderPlanCommands(planned(plan));

/** Stands for the AWS CLI: writes down the words it was given, and answers by what the question holds. */
const STAND_IN = `#!${process.execPath}
const fs = require('node:fs');
const words = process.argv.slice(2);
fs.appendFileSync(process.env.LOG, JSON.stringify(words) + '\\n');
for (const [part, answer] of JSON.parse(process.env.ANSWERS)) {
  if (!words.join(' ').includes(part)) continue;
  if (answer === null) process.exit(254);
  process.stdout.write(answer + '\\n');
  process.exit(0);
}
`;

// Each case starts many processes; on a busy machine they take a while.
jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-commands-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Answers = readonly (readonly [part: string, answer: string | null])[];

/** What the AWS CLI says when everything goes well. */
const WELL: Answers = [
  ['create-security-group', 'sg-0new'],
  ['join(', 'sg-0app,sg-0web'],
  ['length(', '1'],
];

/** Runs a script with sh in a folder of its own; gives the calls as words. */
function runScript(text: string, answers: Answers = WELL) {
  const aws = join(folder, 'aws');
  writeFileSync(aws, STAND_IN);
  chmodSync(aws, 0o755);
  writeFileSync(join(folder, 'script.sh'), text);
  const log = join(folder, 'log');
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, LOG: log, ANSWERS: JSON.stringify(answers) };
  const { status, stderr } = spawnSync('sh', ['script.sh'], { cwd: folder, env, encoding: 'utf8' });
  const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  return { status, stderr, calls: calls.map((line) => JSON.parse(line) as readonly string[]) };
}

/** The calls that change something, by their name and what they are about. */
const writesOf = (calls: readonly (readonly string[])[]): readonly string[] =>
  calls
    .filter(([, name = '']) => !name.startsWith('describe-'))
    .map(([, name = '', ...words]) => [name, ...words.filter((word) => /^sgr?-/.test(word))].join(' '));

const valueAfter = (words: readonly string[] | undefined, option: string): string =>
  words?.[words.indexOf(option) + 1] ?? '';

/** The commands that are printed for undoing, without their mark. */
const undo = (text: string): string => text.slice(text.indexOf('# To undo')).replaceAll(/^# (?=aws )/gm, '');

describe('an edit', () => {
  test('is saved, admitted, seen, and only then removed', () => {
    const { status, stderr, calls } = runScript(render(fix()));
    expect([status, stderr]).toEqual([0, '']);
    expect(calls.map(([, name]) => name)).toEqual([
      'describe-security-group-rules',
      'authorize-security-group-ingress',
      'describe-security-group-rules',
      'revoke-security-group-ingress',
      'describe-security-group-rules',
    ]);
    expect(calls[3]).toEqual(
      'ec2 revoke-security-group-ingress --group-id sg-0web --security-group-rule-ids sgr-0open --region us-east-1'.split(
        ' ',
      ),
    );
    expect(readdirSync(folder)).toContain('sg-0web.before.json');
  });

  test('every grant is one call, with what EC2 takes', () => {
    const { calls } = runScript(render(fix({ grants: [grant(80), grant(443, { toPort: 444 })] })));
    const permissions = calls
      .filter(([, name]) => name === 'authorize-security-group-ingress')
      .map((words) => JSON.parse(valueAfter(words, '--ip-permissions')) as unknown);
    const list = [{ PrefixListId: 'pl-3b927c52', Description: 'CloudFront only, by origin-guard plan' }];
    expect(permissions).toEqual([
      [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, PrefixListIds: list }],
      [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 444, PrefixListIds: list }],
    ]);
  });

  test('all rules go in one call', () => {
    const revoke = [revocable({ id: 'sgr-0a' }), revocable({ id: 'sgr-0b' })];
    expect(writesOf(runScript(render(fix({ revoke }))).calls)).toEqual([
      'authorize-security-group-ingress sg-0web',
      'revoke-security-group-ingress sg-0web sgr-0a sgr-0b',
    ]);
  });

  test('where CloudFront is admitted already, nothing is added', () => {
    expect(writesOf(runScript(render(fix({ grants: [] }))).calls)).toEqual([
      'revoke-security-group-ingress sg-0web sgr-0open',
    ]);
  });

  test.each<readonly [string, Answers]>([
    ['it is not allowed', [['authorize-security-group-ingress', null]]],
    ['what was added is not seen', [['length(', '0']]],
    ['the look at it fails', [['length(', null]]],
  ])('nothing is removed when %s', (_, answers) => {
    const { status, calls } = runScript(render(fix()), answers);
    expect(status).not.toBe(0);
    expect(writesOf(calls)).toEqual(['authorize-security-group-ingress sg-0web']);
  });

  test('what an earlier run saved is never replaced', () => {
    writeFileSync(join(folder, 'sg-0web.before.json'), 'before');
    const { status, calls } = runScript(render(fix()));
    expect(status).not.toBe(0);
    expect(calls).toEqual([]);
    expect(readFileSync(join(folder, 'sg-0web.before.json'), 'utf8')).toBe('before');
  });

  test('no Region is named where none is known', () => {
    const text = renderPlanCommands(planned(fix(), { scope: { accountId: null, region: null } }));
    expect(text).not.toContain('--region');
    expect(text).toContain('in account (not said), (Region not said)');
  });

  test('the way back is comments, and takes every rule as it was', () => {
    const revoke = [
      revocable({ id: 'sgr-0a', description: 'it\'s "open"; rm -rf $HOME `id`\nand more' }),
      revocable({ id: 'sgr-0b', ...open(fromCidr('::/0'), '-1', null) }),
      revocable({ id: 'sgr-0c', source: fromGroup('sg-0peer') }),
    ];
    const text = render(fix({ revoke }));
    expect(writesOf(runScript(text).calls)).toEqual([
      'authorize-security-group-ingress sg-0web',
      'revoke-security-group-ingress sg-0web sgr-0a sgr-0b sgr-0c',
    ]);
    rmSync(join(folder, 'log'));
    const { calls } = runScript(undo(text));
    expect(calls).toHaveLength(1);
    expect(JSON.parse(valueAfter(calls[0], '--ip-permissions'))).toEqual([
      {
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'it\'s "open"; rm -rf $HOME `id`\nand more' }],
      },
      { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: 'sg-0peer' }] },
    ]);
  });
});

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
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['sg-0web.before.json', 'web.before.json']));
  });

  test('stops where the groups of the load balancer have changed', () => {
    expect(writesOf(runScript(render(split()), [['join(', 'sg-0web']]).calls)).toEqual([]);
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

  test('where an interface carries no more groups, the lists change in one call', () => {
    const securityGroups = ['sg-0web', 'sg-0a', 'sg-0b', 'sg-0c', 'sg-0d'].map(groupId);
    const text = render(swap({ loadBalancer: { arn: arnOf('web'), securityGroups } }));
    const { calls } = runScript(text, [['join(', 'sg-0a,sg-0b,sg-0c,sg-0d,sg-0web'], ...WELL]);
    expect(writesOf(calls).filter((call) => call.startsWith('set'))).toEqual([
      'set-security-groups sg-0a sg-0b sg-0c sg-0d sg-0new',
    ]);
  });
});

describe('comments', () => {
  test('say what, why, whose and what to mind', () => {
    const text = render(
      fix({
        kept: [open(fromCidr('10.0.0.0/8'))],
        owner: { kind: 'terraform', name: 'Terraform = true' },
        risks: ['monitors are cut off'],
      }),
    );
    for (const said of [
      '# origin-guard plan: EDIT of group sg-0web (web)',
      '# in account 111122223333, us-east-1',
      '#   add     pl-3b927c52 (CloudFront, IPv4) on tcp 443',
      '#   remove  0.0.0.0/0 on tcp 443 (sgr-0open)',
      '#   leave   10.0.0.0/8 on tcp 443',
      '# Managed by terraform (Terraform = true)',
      '# Mind: monitors are cut off.',
    ])
      expect(text).toContain(said);
    expect(render(swap())).toContain('# Why: something else uses the group too');
    expect(render(split())).toContain('#   make    origin-guard-50dc6c495c0c9188-ipv4-80-80 for web: pl-3b927c52');
  });

  test('nothing else is printed where nothing is done', () => {
    const refusals = (Object.keys(REFUSALS) as RefusalCode[]).map((code) => refusal(code));
    const withSnippet = refusal('CONTROLLER_MANAGED', { snippets: [{ language: 'kubernetes', code: 'metadata:' }] });
    for (const plan of [nothing, withSnippet, ...refusals]) {
      const text = renderPlanCommands(planned(plan, { name: 'two\nlines' }));
      expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
      expect(text).toContain('code' in plan ? plan.code : null);
    }
    expect(renderPlanCommands(planned(withSnippet))).toContain(
      'The change of the source is in --format table and json.',
    );
  });

  test('whatever people wrote, it stays behind the mark', () => {
    const evil = 'x\nrm -rf ~\r\nevil\u2028evil';
    const plan = fix({
      revoke: [revocable({ description: evil })],
      owner: { kind: 'terraform', name: evil },
      risks: [evil],
    });
    const { status, calls } = runScript(renderPlanCommands(planned(plan, { name: evil })));
    expect([status, writesOf(calls).length]).toEqual([0, 2]);
  });
});

describe('shellWord', () => {
  test('a shell gives back the very word', () => {
    const words = fc.array(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\0\ud800-\udfff]/g, '')),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(words, (given) => {
        const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${given.map(shellWord).join(' ')}`], {
          encoding: 'utf8',
        });
        expect(stdout.split('\0').slice(0, -1)).toEqual(given);
      }),
      { numRuns: Math.min(50, propertyRuns()) },
    );
  });
});
