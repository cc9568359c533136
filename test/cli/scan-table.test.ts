import { stripVTControlCharacters } from 'node:util';
import {
  alb,
  albDns,
  compliantFiles,
  distribution,
  filesWith,
  group,
  GROUP,
  items,
  networkInterface,
  OPEN,
  origin,
  permission,
  run,
  writeFiles,
  type Files,
} from '../support/saved-files.js';

/** The table without the command that is proposed last, which must be copied whole. */
async function table(files: Files, tty = false): Promise<string> {
  const { stdout } = await run(['scan', '--from', writeFiles(files), '--rule', 'alb-sg-cloudfront-only'], { tty });
  return stdout.replace(/\n[^\n]*Why, step by step:.*/s, '\n');
}

const tooWide = (text: string): readonly string[] =>
  stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => line.length > 80);

test('what is open is listed with why, what to do and the path', async () => {
  expect(await table(filesWith([OPEN]))).toBe(
    [
      '┌───────────────┬──────────────────────┬───────────────────────────────────────┐',
      '│ Verdict       │ Resource             │ Why                                   │',
      '├───────────────┼──────────────────────┼───────────────────────────────────────┤',
      '│ NON_COMPLIANT │ sg-0web              │ 0.0.0.0/0 on tcp 443 (world-ipv4)     │',
      "│               │ group-0web           │ do: allow pl-3b927c52 (CloudFront's   │",
      '│               │ 111122223333         │ IPv4 prefix list) on tcp 443, then    │',
      '│               │ us-east-1            │ remove 0.0.0.0/0                      │',
      '│               │                      │ path: E1WEB → web, dns-name           │',
      '└───────────────┴──────────────────────┴───────────────────────────────────────┘',
      '',
      '1 non-compliant, 0 indeterminate, 0 compliant, 0 not applicable',
      '',
      '',
    ].join('\n'),
  );
});

test('the command that explains the first open group can be copied', async () => {
  const folder = writeFiles(filesWith([OPEN]));
  const { stdout } = await run(['scan', '--from', folder]);
  const command = /step by step:\n {2}origin-guard (.*)\n$/.exec(stdout)?.[1] ?? '';
  expect(command).toBe(`explain ${GROUP} --from ${folder}`);
  expect((await run(command.split(' '))).code).toBe(1);
});

test('a path with a space is quoted in it', async () => {
  const folder = writeFiles(filesWith([OPEN]), `${writeFiles({})}/my data`);
  expect((await run(['scan', '--from', folder])).stdout).toContain(`--from '${folder}'\n`);
});

test('nothing is proposed where all is closed', async () => {
  const { stdout } = await run(['scan', '--from', writeFiles(compliantFiles()), '--rule', 'alb-sg-cloudfront-only']);
  expect(stdout).not.toContain('origin-guard explain');
  expect(stdout).toContain('│ COMPLIANT     │');
});

test('what is not applicable is counted, not listed', async () => {
  const { stdout } = await run([
    'scan',
    '--from',
    writeFiles(compliantFiles({ 'load-balancers.json': { LoadBalancers: [] } })),
  ]);
  expect(stdout).toMatch(/^Origins that nobody could resolve\n/);
  expect(stdout).toMatch(/\n0 non-compliant, 0 indeterminate, 0 compliant, 1 not applicable\n$/);
});

test('what cannot be told is proposed where nothing is open', async () => {
  const { 'distributions.json': _, ...files } = compliantFiles();
  const { stdout } = await run(['scan', '--from', writeFiles(files), '--rule', 'alb-sg-cloudfront-only']);
  expect(stdout).toContain('│ INDETERMINATE │');
  expect(stdout).toContain(`origin-guard explain ${GROUP}`);
});

test('of many findings, things to do and paths five are shown, and the rest is counted', async () => {
  const many = Array.from({ length: 8 }, (_, index) => ({ CidrIp: `203.0.${String(index)}.0/24` }));
  const origins = Array.from({ length: 7 }, (_, index) => origin(albDns(), { Id: `o${String(index)}` }));
  const text = await table(
    filesWith([{ ...OPEN, IpRanges: many }], {
      'distributions.json': { DistributionList: { Items: [distribution({ Origins: items(origins) })] } },
    }),
  );
  for (const rest of ['and 3 more reasons', 'and 3 more things to do', 'and 2 more paths'])
    expect(text).toContain(rest);
  expect(text.match(/public-cidr/g)).toHaveLength(5);
});

test('another way in stands beside the path', async () => {
  const accelerator = networkInterface('203.0.113.9', {
    NetworkInterfaceId: 'eni-0ga',
    InterfaceType: 'global_accelerator_managed',
  });
  const text = await table(compliantFiles({ 'i.json': { NetworkInterfaces: [accelerator] } }));
  expect(text.replaceAll(/[│\s]+/g, ' ')).toContain('also global-accelerator eni-0ga');
});

describe('80 columns', () => {
  const LONG = 'abcdefghij-'.repeat(20);

  test.each<readonly [string, Files]>([
    [
      'a long name of a group',
      compliantFiles({
        'security-groups.json': { SecurityGroups: [group({ GroupName: LONG, IpPermissions: [OPEN] })] },
      }),
    ],
    [
      'a name without a place to break',
      compliantFiles({
        'security-groups.json': { SecurityGroups: [group({ GroupName: 'x'.repeat(255), IpPermissions: [OPEN] })] },
      }),
    ],
    [
      'long names of origins',
      compliantFiles({
        'd.json': {
          DistributionList: {
            Items: [
              distribution({ Id: 'E2', Origins: items([origin(`${LONG}.example.com`), origin('x'.repeat(200))]) }),
            ],
          },
        },
      }),
    ],
    [
      'a VPC origin that leads to a load balancer elsewhere',
      compliantFiles({
        'd.json': {
          DistributionList: {
            Items: [
              distribution({
                Id: 'E2',
                Origins: items([origin('in.example.com', { VpcOriginConfig: { VpcOriginId: 'vo_1' } })]),
              }),
            ],
          },
        },
        'v.json': {
          VpcOriginList: items([
            {
              Id: 'vo_1',
              OriginEndpointArn:
                'arn:aws:elasticloadbalancing:us-east-1:999999999999:loadbalancer/app/a-name-of-32-characters-at-most/50dc6c495c0c9188',
            },
          ]),
        },
      }),
    ],
    [
      'long names of load balancers',
      filesWith([OPEN], {
        'more.json': {
          LoadBalancers: [alb({ LoadBalancerName: 'a-name-of-32-characters-at-most0', DNSName: albDns() })],
        },
      }),
    ],
    ['gaps', filesWith([permission({ PrefixListIds: [{ PrefixListId: 'pl-0123456789abcdef0' }] })])],
  ])('%s', async (_name, files) => {
    expect(tooWide(await table(files))).toEqual([]);
    expect(tooWide(await table(files, true))).toEqual([]);
  });

  test.each(['article-before', 'article-restricted', 'organization'])(
    'the example %s',
    async (name) => {
      expect(tooWide((await run(['scan', '--from', `examples/${name}`], { tty: true })).stdout)).toEqual([]);
    },
    30_000,
  );
});
