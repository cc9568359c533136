import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseParams } from '../core/params.js';
import { DEFAULT_OPTIONS } from '../remediation/alb-sg-cloudfront-only/options.js';
import { planGroups } from '../remediation/alb-sg-cloudfront-only/gather-plan.js';
import { gatherAlbSgFacts } from '../rules/alb-sg-cloudfront-only/facts.js';
import { params } from '../rules/alb-sg-cloudfront-only/params.js';
import { selectRules } from '../rules/registry.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { checkBound, median } from './bounds.js';

const GROUPS = 1_000;
const RUNS = 11;
/** Planning from saved data takes at most so many times as long as judging it. */
const MOST = 2;
const ACCOUNT = '111122223333';
const NOW = '2026-11-01T00:00:00Z';

/** Plans 1,000 open groups from saved data, each behind its own load balancer, and holds it against judging them. */
export async function benchPlan(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-bench-'));
  try {
    for (const [name, content] of Object.entries(account())) writeFileSync(join(folder, name), JSON.stringify(content));
    const judging: number[] = [];
    const planning: number[] = [];
    let plans = 0;
    // The two take turns, so that a slow moment of the machine meets both.
    for (let run = 0; run < RUNS; run += 1) {
      judging.push(await timed(() => judge(folder)));
      planning.push(
        await timed(async () => {
          plans = await plan(folder);
        }),
      );
    }
    const ratio = median(planning) / median(judging);
    console.log(
      `\nPlanning ${GROUPS.toLocaleString('en')} groups from saved data (median of ${String(RUNS)}, one process)`,
    );
    console.log(
      `  reading and judging ${median(judging).toFixed(0)} ms; reading and planning ${median(planning).toFixed(0)} ms (${String(plans)} plans apply); ratio ${ratio.toFixed(2)} (bound ${String(MOST)})`,
    );
    checkBound(ratio <= MOST, `planning takes ${ratio.toFixed(2)} times as long as judging`);
    checkBound(plans === GROUPS, `${String(plans)} of ${String(GROUPS)} groups have a plan`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const read = (folder: string): ReturnType<typeof readSnapshot> =>
  readSnapshot([folder], { flags: { accountId: null, region: null }, cloudfrontPrefixLists: [] });

async function judge(folder: string): Promise<void> {
  const { ports } = await read(folder);
  const [rule] = selectRules(['alb-sg-cloudfront-only']);
  const run = await rule?.prepare({})(ports, NOW);
  for (const judgement of run?.judgements ?? []) judgement.advise();
}

async function plan(folder: string): Promise<number> {
  const { planning } = await read(folder);
  const values = parseParams(params, {});
  const world = await gatherAlbSgFacts(planning, values, NOW);
  const planned = await planGroups(planning, world, {
    params: values,
    options: DEFAULT_OPTIONS,
    now: NOW,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return planned.filter(({ plan: { kind } }) => kind === 'apply').length;
}

const hex = (prefix: string, index: number): string => `${prefix}-${index.toString(16).padStart(17, '0')}`;
const VPC = 'vpc-0123456789abcdef0';
const arnOf = (index: number): string =>
  `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:loadbalancer/app/alb-${String(index)}/${index.toString(16).padStart(16, '0')}`;
const dnsNameOf = (index: number): string => `alb-${String(index)}.us-east-1.elb.amazonaws.com`;

/** What the AWS CLI prints of such an account, file by file. */
function account(): Readonly<Record<string, object>> {
  const each = <T>(make: (index: number) => T): readonly T[] =>
    Array.from({ length: GROUPS }, (_, index) => make(index));
  return {
    'groups.json': {
      SecurityGroups: each((index) => ({
        GroupId: hex('sg', index),
        GroupName: `group-${String(index)}`,
        VpcId: VPC,
        OwnerId: ACCOUNT,
        SecurityGroupArn: `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group/${hex('sg', index)}`,
        IpPermissions: [],
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      })),
    },
    'rules.json': {
      SecurityGroupRules: each((index) =>
        ['0.0.0.0/0', '10.0.0.0/8', '192.168.0.0/16'].map((cidr, at) => ({
          SecurityGroupRuleId: hex('sgr', index * 3 + at),
          GroupId: hex('sg', index),
          GroupOwnerId: ACCOUNT,
          SecurityGroupRuleArn: `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group-rule/${hex('sgr', index * 3 + at)}`,
          IsEgress: false,
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          CidrIpv4: cidr,
        })),
      ).flat(),
    },
    'load-balancers.json': {
      LoadBalancers: each((index) => ({
        LoadBalancerArn: arnOf(index),
        DNSName: dnsNameOf(index),
        Type: 'application',
        VpcId: VPC,
        IpAddressType: 'ipv4',
        SecurityGroups: [hex('sg', index)],
      })),
    },
    'listeners.json': { Listeners: each((index) => ({ LoadBalancerArn: arnOf(index), Port: 443 })) },
    'interfaces.json': {
      NetworkInterfaces: each((index) => ({
        NetworkInterfaceId: hex('eni', index),
        Description: `ELB ${arnOf(index).split(':loadbalancer/')[1] ?? ''}`,
        InterfaceType: 'interface',
        RequesterManaged: true,
        VpcId: VPC,
        OwnerId: ACCOUNT,
        AvailabilityZone: 'us-east-1a',
        Groups: [{ GroupId: hex('sg', index) }],
      })),
    },
    'lists.json': {
      PrefixLists: [
        {
          PrefixListId: 'pl-3b927c52',
          PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
          OwnerId: 'AWS',
          PrefixListArn: 'arn:aws:ec2:us-east-1:aws:prefix-list/pl-3b927c52',
        },
      ],
    },
    'distributions.json': {
      DistributionList: {
        Items: [
          {
            Id: 'E1EXAMPLE',
            ARN: `arn:aws:cloudfront::${ACCOUNT}:distribution/E1EXAMPLE`,
            Enabled: true,
            Origins: {
              Items: each((index) => ({
                Id: String(index),
                DomainName: dnsNameOf(index),
                CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
              })),
            },
          },
        ],
      },
    },
  };
}
