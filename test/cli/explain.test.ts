import { stripVTControlCharacters } from 'node:util';
import {
  ACCOUNT,
  admits,
  alb,
  albArn,
  compliantFiles,
  filesWith,
  group,
  GROUP,
  groupRule,
  networkInterface,
  OPEN,
  permission,
  run,
  without,
  writeFiles,
  type Files,
} from '../support/saved-files.js';

const explained = (id: string, files: Files, ...options: readonly string[]) =>
  run(['explain', id, '--from', writeFiles(files), ...options]);

/** What is explained, by the first word of each explanation. */
const titles = (text: string): readonly string[] => text.match(/^sg-\w+/gm) ?? [];

describe('what may be asked for', () => {
  const files = compliantFiles({
    'more.json': {
      SecurityGroups: [group({ GroupId: 'sg-0second', IpPermissions: [OPEN] }), group({ GroupId: 'sg-0unused' })],
      LoadBalancers: [alb({ SecurityGroups: ['sg-0second'] })],
    },
  });

  test.each([
    ['a group', GROUP, [GROUP], 0],
    ['a group that is open', 'sg-0second', ['sg-0second'], 1],
    ['a group that nothing uses', 'sg-0unused', ['sg-0unused'], 0],
    ['a load balancer by its ARN: every group on its paths', albArn(), ['sg-0second', GROUP], 1],
    ['a load balancer by its name', 'web', ['sg-0second', GROUP], 1],
    ['a distribution', 'E1WEB', ['sg-0second', GROUP], 1],
  ])('%s', async (_name, id, expected, code) => {
    const ran = await explained(id, files);
    expect([ran.code, ran.stderr]).toEqual([code, '']);
    expect(titles(ran.stdout)).toEqual(expected);
  });

  test.each(['sg-0none', 'E1NONE', albArn('none'), 'we'])(
    '%s is not in the input, and a few that are are named',
    async (id) => {
      const ran = await explained(id, files);
      expect([ran.code, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).toBe(
        `origin-guard: E1008: ${id} is no resource of the input and on no path; the input holds ${albArn()}, sg-0second, sg-0unused, ${GROUP}\n`,
      );
    },
  );

  test('of many only five are named', async () => {
    const many = Array.from({ length: 6 }, (_, index) => group({ GroupId: `sg-0${String(index)}` }));
    const ran = await explained(
      'x',
      compliantFiles({
        'security-groups.json': { SecurityGroups: many },
        'load-balancers.json': { LoadBalancers: [] },
      }),
    );
    expect(ran.stderr).toContain('the input holds sg-00, sg-01, sg-02, sg-03, sg-04, ...\n');
  });

  test('an input without resources is named as such', async () => {
    const ran = await explained('x', { 'a.json': { LoadBalancers: [] } });
    expect(ran.stderr).toContain('the input holds no resource to judge\n');
  });
});

describe('what is said', () => {
  test('every rule with the clause or the reason that settled it, and what to do', async () => {
    const files = compliantFiles({
      'rules.json': {
        SecurityGroupRules: [groupRule(), groupRule({ SecurityGroupRuleId: 'sgr-0open', CidrIpv4: '0.0.0.0/0' })],
      },
    });
    const { stdout } = await explained(GROUP, files);
    for (const text of [
      `${GROUP} (group-0web)  ${ACCOUNT} us-east-1`,
      'NON_COMPLIANT  rule alb-sg-cloudfront-only',
      `  E1WEB → web → ${GROUP}`,
      '  ✓ sgr-0web pl-3b927c52 on tcp 443',
      '  ✗ sgr-0open 0.0.0.0/0 on tcp 443',
      '[world-ipv4]',
      'What to do\n  1. remove 0.0.0.0/0: CloudFront is already allowed on tcp 443',
    ])
      expect(stdout).toContain(text);
  });

  test('what cannot be told, and what would supply it', async () => {
    const { stdout, code } = await explained(GROUP, without(compliantFiles(), 'distributions.json'));
    expect(code).toBe(3);
    expect(stdout).toMatch(
      / {2}\? the distributions of account 111122223333 were not seen; add the output of\s+aws cloudfront list-distributions/,
    );
    expect(stdout).not.toContain('What to do');
  });

  test('another way in beside the path', async () => {
    const accelerator = networkInterface('203.0.113.9', {
      NetworkInterfaceId: 'eni-0ga',
      InterfaceType: 'global_accelerator_managed',
    });
    const { stdout } = await explained(GROUP, compliantFiles({ 'i.json': { NetworkInterfaces: [accelerator] } }));
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'another way in that bypasses CloudFront: global-accelerator eni-0ga',
    );
  });

  test('why a group is not applicable', async () => {
    const { stdout } = await explained(GROUP, compliantFiles({ 'load-balancers.json': { LoadBalancers: [] } }));
    expect(stdout).toContain('no Application Load Balancer uses the group');
  });

  test('as JSON, with the steps and the advice', async () => {
    const ran = await explained(GROUP, filesWith([OPEN]), '--format', 'json');
    expect(ran.code).toBe(1);
    expect(ran.json).toEqual({
      schemaVersion: '1',
      explanations: [
        expect.objectContaining({
          resourceId: GROUP,
          verdict: 'NON_COMPLIANT',
          steps: expect.arrayContaining([
            { outcome: 'refused', text: expect.stringContaining('0.0.0.0/0 on tcp 443') },
          ]),
          advice: [expect.stringContaining('allow pl-3b927c52')],
        }),
      ],
    });
  });
});

describe('80 columns', () => {
  const LONG = 'a-name-of-a-group-that-is-long-enough-to-fill-a-line-of-its-own-and-more-'.repeat(3);
  const permissions = [
    permission({ UserIdGroupPairs: [{ GroupId: 'sg-0other' }] }),
    ...['0.0.0.0/0', '2001:db8:1111:2222:3333:4444:5555:6666/128'].map(admits),
  ];

  test.each(['group', LONG])('no line is wider, save for an ARN that must be copied: %s', async (GroupName) => {
    const files = compliantFiles({
      'security-groups.json': { SecurityGroups: [group({ GroupName, IpPermissions: permissions })] },
    });
    for (const world of [{}, { tty: true }]) {
      const { stdout } = await run(['explain', GROUP, '--from', writeFiles(files)], world);
      const wide = stripVTControlCharacters(stdout)
        .split('\n')
        .filter((line) => line.length > 80);
      expect(wide.filter((line) => !/^\s*\(?arn:\S+$/.test(line))).toEqual([]);
      expect(stripVTControlCharacters(stdout).replaceAll('\n', '')).toContain(GroupName);
    }
  });
});
