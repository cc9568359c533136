import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { REFUSALS, type Fix, type RefusalCode } from '../../core/plan.js';
import { renderPlanCommands } from '../../report/plan-commands.js';
import { shellWord } from '../../report/shell-word.js';
import { holds, inOwnFolder, undo, valueAfter, WELL, writesOf, type Answers } from '../support/aws-stand-in.js';
import { fromCidr, fromGroup, fromList, open } from '../support/builders.js';
import { propertyRuns } from '../support/property-runs.js';
import { fix, grant, nothing, planned, refusal, revocable, split, swap } from '../support/plans.js';

const render = (plan: Fix): string => renderPlanCommands(planned(plan));

// Each case starts many processes; on a busy machine they take a while.
jest.setTimeout(60_000);

const { runScript, inFolder, files } = inOwnFolder();

describe('an edit', () => {
  test('is saved, admitted, seen, and only then removed', () => {
    const { status, stderr, calls } = runScript(render(fix()));
    expect([status, stderr]).toEqual([0, '']);
    expect(calls.map(([, name]) => name)).toEqual([
      'describe-security-group-rules',
      'authorize-security-group-ingress',
      'describe-security-group-rules',
      'describe-security-group-rules',
      'revoke-security-group-ingress',
      'describe-security-group-rules',
    ]);
    expect(calls[4]).toEqual(
      'ec2 revoke-security-group-ingress --group-id sg-0web --security-group-rule-ids sgr-0open --region us-east-1'.split(
        ' ',
      ),
    );
    expect(files()).toContain('sg-0web.before.json');
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
    const there = holds('sg-0web', 'sgr-0b tcp 443 443 0.0.0.0/0', 'sgr-0a tcp 443 443 0.0.0.0/0');
    expect(writesOf(runScript(render(fix({ revoke })), [there, ...WELL]).calls)).toEqual([
      'authorize-security-group-ingress sg-0web',
      'revoke-security-group-ingress sg-0web sgr-0a sgr-0b',
    ]);
  });

  const mixed = [
    revocable({ id: 'sgr-0a' }),
    revocable({ id: 'sgr-0ab', ...open(fromCidr('2001:db8::/32'), 'icmpv6', 128, -1) }),
    revocable({ id: 'sgr-0b', ...open(fromCidr('::/0'), '-1', null) }),
    revocable({ id: 'sgr-0c', source: fromGroup('sg-0peer') }),
    revocable({ id: 'sgr-0d', ...open(fromList('pl-0other'), 'udp', 0, 65535) }),
  ];
  const LINES = [
    'sgr-0ab icmpv6 128 -1 2001:db8::/32',
    'sgr-0a tcp 443 443 0.0.0.0/0',
    'sgr-0b -1 - - ::/0',
    'sgr-0c tcp 443 443 sg-0peer',
    'sgr-0d udp 0 65535 pl-0other',
  ];

  test('every kind of rule is known again', () => {
    const { status, stderr, calls } = runScript(render(fix({ revoke: mixed })), [holds('sg-0web', ...LINES), ...WELL]);
    expect([status, stderr]).toEqual([0, '']);
    expect(writesOf(calls).at(-1)).toBe('revoke-security-group-ingress sg-0web sgr-0a sgr-0ab sgr-0b sgr-0c sgr-0d');
  });

  test.each([
    ['another protocol', 'sgr-0a', 'sgr-0a udp 443 443 0.0.0.0/0'],
    ['another first port', 'sgr-0a', 'sgr-0a tcp 80 443 0.0.0.0/0'],
    ['another last port', 'sgr-0a', 'sgr-0a tcp 443 444 0.0.0.0/0'],
    ['another range', 'sgr-0a', 'sgr-0a tcp 443 443 10.0.0.0/8'],
    ['a range of IPv6', 'sgr-0b', 'sgr-0b -1 - - 2001:db8::/32'],
    ['another type of ICMP', 'sgr-0ab', 'sgr-0ab icmpv6 129 -1 2001:db8::/32'],
    ['another group', 'sgr-0c', 'sgr-0c tcp 443 443 sg-0other'],
    ['another list', 'sgr-0d', 'sgr-0d udp 0 65535 pl-3b927c52'],
    ['nothing', 'sgr-0a', ''],
  ])('a rule that is %s by now stops it before anything is removed', (_, id, now) => {
    const there = [...LINES.filter((line) => !line.startsWith(`${id} `)), now];
    const { status, stderr, calls } = runScript(render(fix({ revoke: mixed })), [holds('sg-0web', ...there), ...WELL]);
    expect([status, stderr]).toEqual([
      1,
      [
        `stopped: rule ${id}, which is to be removed`,
        `  expected: ${LINES.find((line) => line.startsWith(`${id} `)) ?? ''}`,
        `  found:    ${now === '' ? 'nothing' : now}`,
        'nothing was revoked; make a new plan',
        '',
      ].join('\n'),
    ]);
    expect(writesOf(calls)).toEqual(['authorize-security-group-ingress sg-0web']);
  });

  test('nothing is removed when the rules cannot be read', () => {
    const unread: Answers[number] = [holds('sg-0web')[0], null];
    const { status, calls } = runScript(render(fix()), [unread, ...WELL]);
    expect(status).not.toBe(0);
    expect(writesOf(calls)).toEqual(['authorize-security-group-ingress sg-0web']);
  });

  describe('where CloudFront comes already', () => {
    const admitting = [revocable({ id: 'sgr-0cf', source: fromList('pl-3b927c52') })];
    const text = renderPlanCommands(planned(fix({ grants: [] }), { restsOn: { admitting, adopted: [] } }));
    const CLOUDFRONT = 'sgr-0cf tcp 443 443 pl-3b927c52';

    test('its rule is seen to be there still', () => {
      const there = holds('sg-0web', 'sgr-0open tcp 443 443 0.0.0.0/0', CLOUDFRONT);
      expect(writesOf(runScript(text, [there, ...WELL]).calls)).toEqual([
        'revoke-security-group-ingress sg-0web sgr-0open',
      ]);
    });

    test('nothing is removed when its rule is gone', () => {
      const { status, stderr, calls } = runScript(text);
      const said = `stopped: rule sgr-0cf, by which CloudFront comes\n  expected: ${CLOUDFRONT}\n  found:    nothing\n`;
      expect([status, stderr]).toEqual([1, expect.stringContaining(said)]);
      expect(writesOf(calls)).toEqual([]);
    });
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
    writeFileSync(inFolder('sg-0web.before.json'), 'before');
    const { status, calls } = runScript(render(fix()));
    expect(status).not.toBe(0);
    expect(calls).toEqual([]);
    expect(readFileSync(inFolder('sg-0web.before.json'), 'utf8')).toBe('before');
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
    const there = ['sgr-0a tcp 443 443 0.0.0.0/0', 'sgr-0b -1 - - ::/0', 'sgr-0c tcp 443 443 sg-0peer'];
    expect(writesOf(runScript(text, [holds('sg-0web', ...there), ...WELL]).calls)).toEqual([
      'authorize-security-group-ingress sg-0web',
      'revoke-security-group-ingress sg-0web sgr-0a sgr-0b sgr-0c',
    ]);
    rmSync(inFolder('log'));
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
