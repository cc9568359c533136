import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectRules } from '../rules/registry.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';

const GROUPS = 100_000;
const GROUPS_PER_ALB = 5;
const RUNS = 3;
const ACCOUNT = '111122223333';

/** Judges 100,000 groups of five rules, all behind CloudFront, and holds it against `JSON.parse` of their input. */
export async function benchJudge(): Promise<void> {
  const groups = Array.from({ length: GROUPS }, (_, index) => describedGroup(index));
  // The AWS CLI indents by four.
  const text = JSON.stringify({ SecurityGroups: groups }, null, 4);
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-bench-'));
  try {
    const path = join(folder, 'groups.json');
    writeFileSync(path, text);
    writeFileSync(join(folder, 'rest.json'), JSON.stringify(surroundings()));
    const { ports } = await readSnapshot([folder], {
      flags: { accountId: null, region: null },
      cloudfrontPrefixLists: [],
    });
    const [rule] = selectRules(['alb-sg-cloudfront-only']);
    const judge = rule?.prepare({});
    let open = 0;
    const judging = await bestOf(async () => {
      const run = await judge?.(ports, '2026-11-01T00:00:00Z');
      open = run?.judgements.filter(({ verdict }) => verdict.kind === 'non-compliant').length ?? 0;
    });
    const parsing = await bestOf(() => Promise.resolve(JSON.parse(text)));
    console.log(
      `\nJudging ${GROUPS.toLocaleString('en')} groups of 5 rules (facts and verdicts; best of ${String(RUNS)}, one process)`,
    );
    console.log(
      `  judging ${judging.toFixed(2)} s (${String(open)} non-compliant); JSON.parse of their ${(text.length / 1e6).toFixed(0)} MB ${parsing.toFixed(2)} s; ratio ${(judging / parsing).toFixed(2)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bestOf(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const started = process.hrtime.bigint();
    await work();
    best = Math.min(best, Number(process.hrtime.bigint() - started) / 1e9);
  }
  return best;
}

const hex = (index: number): string => `sg-${index.toString(16).padStart(17, '0')}`;

/** A group of five rules, with everything that `aws ec2 describe-security-groups` prints of one. */
function describedGroup(index: number): object {
  const permission = (port: number, sources: object): object => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    UserIdGroupPairs: [],
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    ...sources,
  });
  const Description = 'as somebody described it';
  return {
    GroupId: hex(index),
    IpPermissionsEgress: [
      {
        IpProtocol: '-1',
        UserIdGroupPairs: [],
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [],
        PrefixListIds: [],
      },
    ],
    Tags: [{ Key: 'Name', Value: `group-${String(index)}` }],
    VpcId: 'vpc-0123456789abcdef0',
    SecurityGroupArn: `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group/${hex(index)}`,
    OwnerId: ACCOUNT,
    GroupName: `group-${String(index)}`,
    Description,
    IpPermissions: [
      permission(443, { PrefixListIds: [{ Description, PrefixListId: 'pl-3b927c52' }] }),
      permission(80, { IpRanges: [{ Description, CidrIp: `198.51.${String(index % 256)}.0/24` }] }),
      permission(8080, { IpRanges: [{ Description, CidrIp: `10.${String(index % 256)}.0.0/16` }] }),
      permission(8443, { Ipv6Ranges: [{ Description, CidrIpv6: '2001:db8::/32' }] }),
      permission(9000, { UserIdGroupPairs: [{ Description, UserId: ACCOUNT, GroupId: hex(index + 1) }] }),
    ],
  };
}

function surroundings(): object {
  const count = GROUPS / GROUPS_PER_ALB;
  const dnsName = (index: number): string => `alb-${String(index)}.us-east-1.elb.amazonaws.com`;
  return {
    LoadBalancers: Array.from({ length: count }, (_, index) => ({
      LoadBalancerArn: `arn:aws:elasticloadbalancing:us-east-1:${ACCOUNT}:loadbalancer/app/alb-${String(index)}/0123456789abcdef`,
      DNSName: dnsName(index),
      Type: 'application',
      VpcId: 'vpc-0123456789abcdef0',
      SecurityGroups: Array.from(
        { length: GROUPS_PER_ALB },
        (_, offset) => `sg-${(index * GROUPS_PER_ALB + offset).toString(16).padStart(17, '0')}`,
      ),
    })),
    DistributionList: {
      Items: [
        {
          Id: 'E1EXAMPLE',
          ARN: `arn:aws:cloudfront::${ACCOUNT}:distribution/E1EXAMPLE`,
          Enabled: true,
          Origins: {
            Items: Array.from({ length: count }, (_, index) => ({ Id: String(index), DomainName: dnsName(index) })),
          },
        },
      ],
    },
    PrefixLists: [
      {
        PrefixListId: 'pl-3b927c52',
        PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
        OwnerId: 'AWS',
        PrefixListArn: 'arn:aws:ec2:us-east-1:aws:prefix-list/pl-3b927c52',
      },
    ],
  };
}
