import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { Io } from '../../cli/io.js';
import { main } from '../../cli/main.js';
import type { ScanResult } from '../../report/scan-result.js';
import { seen } from './planted-secrets.js';

// Objects as the AWS command line prints them. Every builder returns a compliant default: a case shows only its point.

export type Json = Readonly<Record<string, unknown>>;
export type Files = Readonly<Record<string, unknown>>;
export type Scanned = z.infer<typeof ScanResult>;
export type Evaluated = Scanned['evaluations'][number];

export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const REGION = 'us-east-1';
export const VPC = 'vpc-0a1';
export const GROUP = 'sg-0web';
export const CLOUDFRONT_V4 = 'pl-3b927c52';
export const CLOUDFRONT_V6 = 'pl-0dda64b28';
export const NOW = '2026-07-01T12:00:00.000Z';

interface Place {
  readonly account?: string;
  readonly region?: string;
}

export const albArn = (name = 'web', { account = ACCOUNT, region = REGION }: Place = {}): string =>
  `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${name}/50dc6c495c0c9188`;

export const albDns = (name = 'web', region = REGION): string => `${name}-1234567890.${region}.elb.amazonaws.com`;

export const distributionArn = (id: string, account = ACCOUNT): string =>
  `arn:aws:cloudfront::${account}:distribution/${id}`;

const textIn = (overrides: Json, key: string, fallback: string): string => {
  const given = overrides[key];
  return typeof given === 'string' ? given : fallback;
};

/** Admits CloudFront's IPv4 list on HTTPS, as one entry of `IpPermissions`. */
export const permission = (overrides: Json = {}): Json => ({
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  IpRanges: [],
  Ipv6Ranges: [],
  PrefixListIds: [{ PrefixListId: CLOUDFRONT_V4 }],
  UserIdGroupPairs: [],
  ...overrides,
});

/** Admits one CIDR on HTTPS, and nobody else. */
export const admits = (cidr: string): Json =>
  permission({
    PrefixListIds: [],
    ...(cidr.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: cidr }] } : { IpRanges: [{ CidrIp: cidr }] }),
  });

export const OPEN = admits('0.0.0.0/0');

/** The group of the load balancer `web`, open to CloudFront only. */
export const group = (overrides: Json = {}, { account = ACCOUNT, region = REGION }: Place = {}): Json => {
  const id = textIn(overrides, 'GroupId', GROUP);
  return {
    GroupId: id,
    GroupName: id.replace('sg-', 'group-'),
    OwnerId: account,
    VpcId: VPC,
    SecurityGroupArn: `arn:aws:ec2:${region}:${account}:security-group/${id}`,
    IpPermissions: [permission()],
    IpPermissionsEgress: [],
    Tags: [],
    ...overrides,
  };
};

/** The same as one row of `describe-security-group-rules`. */
export const groupRule = (overrides: Json = {}): Json => ({
  SecurityGroupRuleId: 'sgr-0web',
  GroupId: GROUP,
  GroupOwnerId: ACCOUNT,
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  ...('CidrIpv4' in overrides || 'CidrIpv6' in overrides || 'ReferencedGroupInfo' in overrides
    ? {}
    : { PrefixListId: CLOUDFRONT_V4 }),
  SecurityGroupRuleArn: `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group-rule/sgr-0web`,
  Tags: [],
  ...overrides,
});

/** An Application Load Balancer that uses `GROUP`. */
export const alb = (overrides: Json = {}, place: Place = {}): Json => {
  const name = textIn(overrides, 'LoadBalancerName', 'web');
  return {
    LoadBalancerArn: albArn(name, place),
    DNSName: albDns(name, place.region),
    LoadBalancerName: name,
    Scheme: 'internet-facing',
    VpcId: VPC,
    Type: 'application',
    SecurityGroups: [GROUP],
    ...overrides,
  };
};

export const listener = (port = 443, arn = albArn()): Json => ({
  ListenerArn: `${arn.replace(':loadbalancer/', ':listener/')}/${String(port)}`,
  LoadBalancerArn: arn,
  Port: port,
  Protocol: port === 80 ? 'HTTP' : 'HTTPS',
  DefaultActions: [],
});

export const origin = (domain: string = albDns(), overrides: Json = {}): Json => ({
  Id: `origin-${domain}`,
  DomainName: domain,
  OriginPath: '',
  CustomHeaders: { Quantity: 0 },
  CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
  ...overrides,
});

export const items = (list: readonly unknown[]): Json => ({ Quantity: list.length, Items: list });

/** A distribution in the form of `list-distributions`, with the load balancer `web` as its origin. */
export const distribution = (overrides: Json = {}, account = ACCOUNT): Json => {
  const id = textIn(overrides, 'Id', 'E1WEB');
  return {
    Id: id,
    ARN: distributionArn(id, account),
    Enabled: true,
    Origins: items([origin()]),
    Staging: false,
    ...overrides,
  };
};

/** The same in the form of `get-distribution`. */
export const detailed = ({ Id, ARN, ...config }: Json): Json => ({
  Id,
  ARN,
  Status: 'Deployed',
  DistributionConfig: config,
});

export const prefixList = (overrides: Json = {}): Json => {
  const id = textIn(overrides, 'PrefixListId', CLOUDFRONT_V4);
  const owner = textIn(overrides, 'OwnerId', 'AWS');
  return {
    PrefixListId: id,
    PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
    AddressFamily: 'IPv4',
    OwnerId: owner,
    PrefixListArn: `arn:aws:ec2:${REGION}:${owner.toLowerCase()}:prefix-list/${id}`,
    ...overrides,
  };
};

/** A network interface of the load balancer `web`. */
export const networkInterface = (publicIp: string, overrides: Json = {}): Json => ({
  NetworkInterfaceId: 'eni-0web',
  Description: 'ELB app/web/50dc6c495c0c9188',
  InterfaceType: 'interface',
  VpcId: VPC,
  OwnerId: ACCOUNT,
  AvailabilityZone: `${REGION}a`,
  Association: { PublicIp: publicIp, IpOwnerId: 'amazon-elb' },
  Ipv6Addresses: [],
  ...overrides,
});

/** A load balancer behind a distribution, its group open to CloudFront only: every file that is needed. */
export const compliantFiles = (overrides: Files = {}): Files => ({
  'security-groups.json': { SecurityGroups: [group()] },
  'load-balancers.json': { LoadBalancers: [alb()] },
  'tags.json': { TagDescriptions: [{ ResourceArn: albArn(), Tags: [] }] },
  'distributions.json': { DistributionList: { Items: [distribution()] } },
  'prefix-lists.json': { PrefixLists: [prefixList()] },
  ...overrides,
});

/** The same with other permissions of the group. */
export const filesWith = (permissions: readonly Json[], overrides: Files = {}): Files =>
  compliantFiles({ 'security-groups.json': { SecurityGroups: [group({ IpPermissions: permissions })] }, ...overrides });

export const without = (files: Files, ...names: readonly string[]): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => !names.includes(name)));

const written: string[] = [];

afterAll(() => {
  for (const folder of written.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is gone after the tests of the file. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-'));
  written.push(folder);
  return folder;
}

/** Writes files below a new folder: texts and bytes as they are, everything else as JSON. */
export function writeFiles(files: Files, folder = emptyFolder()): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }
  return folder;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON; raises where it is none. */
  readonly json: Scanned;
}

/** Runs a command line in this process, at a fixed time and without a terminal unless told otherwise. */
export async function run(argv: readonly string[], world: Partial<Io> & { readonly tty?: boolean } = {}): Promise<Ran> {
  const { tty = false, ...io } = world;
  let stdout = '';
  let stderr = '';
  const code = await main(argv, {
    stdout: { write: (text) => (stdout += text), isTTY: tty },
    stderr: { write: (text) => (stderr += text), isTTY: tty },
    env: {},
    now: () => new Date(NOW),
    ...io,
  });
  seen(stdout + stderr, `origin-guard ${argv.join(' ')}`);
  return {
    code,
    stdout,
    stderr,
    get json(): Scanned {
      return JSON.parse(stdout) as Scanned;
    },
  };
}

/** `scan --format json` over a folder with these files. */
export const scan = (files: Files, ...options: readonly string[]): Promise<Ran> =>
  run(['scan', '--from', writeFiles(files), '--format', 'json', ...options]);

/** The only evaluation of one group; raises where there are none or several. */
export function evaluationOf({ json }: Pick<Ran, 'json'>, id = GROUP): Evaluated {
  const [only, ...others] = json.evaluations.filter(({ resourceId }) => resourceId === id);
  if (only === undefined || others.length > 0)
    throw new RangeError(`${id} has ${String(only === undefined ? 0 : others.length + 1)} evaluations`);
  return only;
}

/** What these files make of one group, in a line: `NON_COMPLIANT world-ipv4` or `INDETERMINATE not-seen`. */
export async function verdictOn(files: Files, ...options: readonly string[]): Promise<string> {
  const { verdict, findings, gaps } = evaluationOf(await scan(files, ...options));
  return [verdict, ...findings.map(({ reason }) => reason), ...gaps.map(({ cause }) => cause)].join(' ');
}
