import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  alb,
  compliantFiles,
  distribution,
  emptyFolder,
  group,
  groupRule,
  items,
  origin,
  run,
  scan,
  writeFiles,
  type Files,
  type Json,
  type Ran,
} from '../support/saved-files.js';

/** Exit 2, no result, and one line without a stack that says all of this. */
function refused(ran: Ran, ...said: readonly string[]): void {
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toMatch(/^origin-guard: E1\d{3}: [^\n]+\n$/);
  expect(ran.stderr).not.toMatch(/ {4}at |ZodError|undefined/);
  for (const text of said) expect(ran.stderr).toContain(text);
}

/** The compliant files, one of them replaced. */
const withFile = (name: string, content: unknown): Files => compliantFiles({ [name]: content });

describe('files that are not readable JSON', () => {
  const whole = JSON.stringify({ SecurityGroups: [group()] });

  test.each(Array.from({ length: 12 }, (_, index) => Math.floor((whole.length * index) / 12)).filter((at) => at > 0))(
    'cut short after %i bytes',
    async (at) => {
      refused(await scan(withFile('security-groups.json', whole.slice(0, at))), 'E1004', 'security-groups.json');
    },
  );

  test.each<readonly [string, string | Buffer]>([
    ['a text', 'hello\nworld'],
    ['a number', '42'],
    ['a page of an error', '<html>\n<body>Forbidden</body>\n</html>'],
    [
      'the message of a command that failed',
      '\nAn error occurred (AccessDenied) when calling the ListDistributions operation\n',
    ],
    ['bytes of an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])],
    ['UTF-16, as PowerShell writes', Buffer.from(`\ufeff${whole}`, 'utf16le')],
    ['damaged gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8])],
    ['two documents', `${whole}\n${whole}`],
    ['an element that is no JSON', '{"SecurityGroups": [{"GroupId": sg-0web}]}'],
    ['a comma too many', '{"SecurityGroups": [],}'],
  ])('%s', async (_name, content) => {
    refused(await scan(withFile('security-groups.json', content)), 'E1004', 'security-groups.json');
  });

  test('an empty file: a command prints nothing for an empty list, and when it fails', async () => {
    refused(
      await scan(withFile('distributions.json', '')),
      'E1004',
      'distributions.json is empty',
      'found 0 bytes, expected JSON',
      '--no-paginate',
    );
  });

  test('a file of white space is not readable JSON either', async () => {
    refused(await scan(withFile('distributions.json', ' \n')), 'E1004', 'distributions.json');
  });
});

describe('paths', () => {
  test.each<readonly [string, () => string, string]>([
    ['that is not there', () => join(emptyFolder(), 'none.json'), 'there is no such file or folder'],
    ['below a file', () => join(writeFiles({ 'a.json': {} }), 'a.json', 'b.json'), 'a part of the path is a file'],
    ['to an empty folder', () => emptyFolder(), 'holds no .json or .json.gz file'],
    ['to a folder without JSON', () => writeFiles({ 'notes.txt': 'x' }), 'holds no .json or .json.gz file'],
    [
      'to a folder with nothing recognized',
      () => writeFiles({ 'a.json': { Reservations: [] } }),
      'holds no file with a recognized key (looked at ',
    ],
    [
      'to a list without configuration items',
      () => writeFiles({ 'a.json': '[]' }),
      'recognized keys: SecurityGroups, ',
    ],
  ])('a path %s', async (_name, make, why) => {
    const path = make();
    refused(await run(['scan', '--from', path]), path, why);
    refused(await run(['explain', 'sg-0web', '--from', path]), path, why);
  });

  test.each([
    ['whose links lead in a circle', 'loop.json', 'its links lead in a circle'],
    ['whose link leads nowhere', 'none.json', 'there is no such file or folder'],
  ])('a file %s is named, not the folder around it', async (_name, target, why) => {
    const folder = writeFiles(compliantFiles());
    mkdirSync(join(folder, 'inner'));
    symlinkSync(target, join(folder, 'inner', 'loop.json'));
    refused(await run(['scan', '--from', folder]), `cannot read ${join(folder, 'inner', 'loop.json')}: ${why}`);
  });

  const asRoot = process.getuid?.() === 0;
  (asRoot ? test.skip : test)('a folder that may not be read', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'closed'), { mode: 0o000 });
    try {
      refused(await run(['scan', '--from', folder]), join(folder, 'closed'), 'you have no permission to read it');
    } finally {
      chmodSync(join(folder, 'closed'), 0o700);
    }
  });

  test('no path at all', async () => {
    refused(await run(['scan']), 'E1003', '--from PATH');
  });
});

describe('a recognized key with a value of another shape', () => {
  const lists = [
    'SecurityGroups',
    'SecurityGroupRules',
    'PrefixLists',
    'NetworkInterfaces',
    'Entries',
    'LoadBalancers',
  ];
  const more = [
    'Listeners',
    'TagDescriptions',
    'TargetGroups',
    'ResourceRecordSets',
    'Resolutions',
    'configurationItems',
  ];
  const objects = [
    'DistributionList',
    'Distribution',
    'VpcOriginList',
    'VpcOrigin',
    'DistributionTenant',
    'DistributionTenantList',
  ];

  const wrong: readonly (readonly [unknown, string])[] = [
    [null, 'found null'],
    [7, 'found 7'],
    ['words', 'found a text'],
    [true, 'found true'],
  ];

  test.each(
    [...lists, ...more, ...objects].flatMap((key) => wrong.map(([value, found]) => [key, value, found] as const)),
  )('%s: %j', async (key, value, found) => {
    refused(
      await scan(withFile('odd-pl-0a.json', { [key]: value })),
      'E1005',
      `odd-pl-0a.json: ${key}`,
      found,
      'expected',
    );
  });

  test.each([...lists, ...more].map((key) => [key, key === 'configurationItems' ? 'resourceType' : '']))(
    '%s with an element that is an empty object or a number',
    async (key) => {
      const ran = await scan(withFile('odd-pl-0a.json', { [key]: [5] }));
      refused(ran, 'E1005', `odd-pl-0a.json: ${key}[0]: found 5, expected object`);
      if (key === 'TargetGroups' || key === 'Entries') return;
      refused(
        await scan(withFile('odd-pl-0a.json', { [key]: [{}] })),
        'E1005',
        `odd-pl-0a.json: ${key}[0].`,
        'found nothing, expected',
      );
    },
  );

  test.each<readonly [string, Json, string]>([
    [
      'a group id',
      { SecurityGroups: [group({ GroupId: 'web' })] },
      'SecurityGroups[0].GroupId: found "web", expected a security group id such as sg-0abc1234',
    ],
    [
      'a CIDR',
      { SecurityGroups: [group({ IpPermissions: [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0' }] }] })] },
      'SecurityGroups[0].IpPermissions[0].IpRanges[0].CidrIp: found "10.0.0.0", expected a CIDR such as',
    ],
    [
      'a port',
      { SecurityGroupRules: [groupRule({ FromPort: '443' })] },
      'SecurityGroupRules[0].FromPort: found "443", expected number',
    ],
    [
      'an ARN',
      { LoadBalancers: [alb({ LoadBalancerArn: 'web' })] },
      'LoadBalancers[0].LoadBalancerArn: found "web", expected the ARN of a load balancer',
    ],
    [
      'a switch',
      { DistributionList: { Items: [distribution({ Enabled: 'yes' })] } },
      'Enabled: found "yes", expected boolean',
    ],
    [
      'an origin',
      { DistributionList: { Items: [distribution({ Origins: items([{ ...origin(), DomainName: undefined }]) })] } },
      'DomainName: found nothing, expected string',
    ],
    [
      'a saved answer with a key of its own',
      { Resolutions: [{ name: 'a.example', status: 'answered', ttl: 5 }] },
      'Resolutions[0]',
    ],
    ['a long text is cut', { SecurityGroups: [group({ GroupId: 'x'.repeat(500) })] }, `found "${'x'.repeat(59)}…`],
  ])('%s is named by its field, with what was found and what is allowed', async (_name, content, said) => {
    refused(await scan(withFile('odd.json', content)), 'E1005', 'odd.json: ', said);
  });
});
