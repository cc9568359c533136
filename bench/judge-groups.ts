import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectRules } from '../rules/registry.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { groupConfiguration } from './config-snapshot.js';

const GROUPS = 100_000;
const GROUPS_PER_ALB = 5;
const RUNS = 3;
const ACCOUNT = '111122223333';

/** Judges 100,000 groups of five rules, all behind CloudFront, and holds it against `JSON.parse` of their input. */
export async function benchJudge(): Promise<void> {
  const groups = Array.from({ length: GROUPS }, (_, index) => capitalized(groupConfiguration(index)));
  const text = JSON.stringify({ SecurityGroups: groups });
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

/** The names as the API has them: the first letter large. */
function capitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalized);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), capitalized(inner)]),
  );
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
