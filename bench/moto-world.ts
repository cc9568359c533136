import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** How many of each there are; the rest of the groups is used by nothing. */
export interface WorldSize {
  readonly groups: number;
  readonly loadBalancers: number;
  /** As many load balancers are an origin, each of a distribution of its own. */
  readonly distributions: number;
  readonly groupsPerLoadBalancer: number;
}

/**
 * Fills a server in its own process, since 5,000 groups take minutes over HTTP, then serves, until its input ends.
 *
 * Every fourth load balancer's groups admit the whole internet, a private network and a group that nothing reads
 * otherwise; the others admit CloudFront's list and path MTU discovery. moto compares every rule with every id of a
 * filter, and every group and rule that it prints with every tag, by regular expressions; equality says the same within
 * the time that a call may take.
 */
const PROGRAM = `
import json, os, sys, threading
from moto.cloudfront.models import cloudfront_backends
from moto.ec2 import ec2_backends
from moto.ec2.models import security_groups
from moto.elbv2 import elbv2_backends
from moto.securityhub import securityhub_backends
from moto.server import main

def one_of(self, values):
    return self.group_id in values

def own_tags(self):
    return [{"key": key, "value": value} for key, value in self.ec2_backend.tags.get(self.id, {}).items()]

for kind in security_groups.SecurityGroup, security_groups.SecurityGroupRule:
    kind.filter_group_id, kind.get_tags = one_of, own_tags

ACCOUNT, REGION = "123456789012", "us-east-1"
world = json.loads(sys.argv[1])
ec2, elb = ec2_backends[ACCOUNT][REGION], elbv2_backends[ACCOUNT][REGION]
cloudfront = cloudfront_backends[ACCOUNT]["aws"]
securityhub_backends[ACCOUNT][REGION].enable_security_hub()

vpc = ec2.create_vpc("10.0.0.0/16")
subnets = [ec2.create_subnet(vpc.id, f"10.0.{n}.0/24", availability_zone=f"{REGION}{zone}").id for n, zone in enumerate("ab")]
cloudfront_list = next(
    each.id for each in ec2.describe_managed_prefix_lists() if each.prefix_list_name == "com.amazonaws.global.cloudfront.origin-facing"
)

def admit(group, protocol, port, **source):
    end = 4 if protocol == "icmp" else port
    ec2.authorize_security_group_ingress(group.id, protocol, str(port), str(end), source.get("ranges", []),
        source_groups=source.get("groups"), prefix_list_ids=source.get("lists"), vpc_id=vpc.id)

each = world["groupsPerLoadBalancer"]
in_scope = world["distributions"] * each
groups = [
    ec2.create_security_group(f"group-{n}", "as somebody described it", vpc.id, tags={"Name": f"group-{n}"}, force=True)
    for n in range(world["groups"])
]
for n, group in enumerate(groups):
    admit(group, "tcp", 443, lists=[{"PrefixListId": cloudfront_list, "Description": "CloudFront"}])
    admit(group, "icmp", 3, ranges=[{"CidrIp": "0.0.0.0/0", "Description": "path MTU discovery"}])
    if n // each % 4 == 0:
        admit(group, "tcp", 443, ranges=[{"CidrIp": "0.0.0.0/0", "Description": "everybody"}])
        admit(group, "tcp", 80, ranges=[{"CidrIp": f"10.{n % 256}.0.0/16", "Description": "the office"}])
        admit(group, "tcp", 8080, groups=[{"GroupId": groups[-1].id}])

balancers = []
for n in range(world["loadBalancers"]):
    own = [group.id for group in groups[n * each : (n + 1) * each]]
    balancers.append(elb.create_load_balancer(f"alb-{n}", own, subnets, loadbalancer_type="application",
        tags=[{"Key": "Name", "Value": f"alb-{n}"}]))
for n in range(world["distributions"]):
    cloudfront.create_distribution({
        "CallerReference": f"caller-{n}", "Comment": f"distribution {n}", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "alb", "DomainName": balancers[n].dns_name, "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "alb", "ViewerProtocolPolicy": "redirect-to-https"},
    }, [])

linked = world["distributions"]
print(json.dumps({
    "accountId": ACCOUNT, "region": REGION, "vpcId": vpc.id,
    "inScope": [group.id for group in groups[:in_scope]],
    "cited": [groups[-1].id],
    "unlinked": [balancer.arn for balancer in balancers[linked:]],
    "unused": groups[-2].id,
}), flush=True)

def end_with_parent():
    while os.read(0, 1024):
        pass
    os._exit(0)

threading.Thread(target=end_with_parent, daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])
`;

const Filled = z.object({
  accountId: z.string(),
  region: z.string(),
  vpcId: z.string(),
  /** The groups of load balancers that are an origin. */
  inScope: z.array(z.string()),
  /** The groups that rules of those in scope cite and that are not in scope themselves. */
  cited: z.array(z.string()),
  /** The load balancers that are no origin. */
  unlinked: z.array(z.string()),
  /** A group that no load balancer uses. */
  unused: z.string(),
});

/** What a filled server holds, and how to end it. */
export type MotoWorld = z.infer<typeof Filled> & {
  readonly size: WorldSize;
  readonly url: string;
  readonly stop: () => Promise<void>;
};

const START_MS = 60_000;

/** Starts moto and fills it; `null` where there is no Python with moto, which `npm run test:integration` installs. */
export async function startMotoWorld(size: WorldSize): Promise<MotoWorld | null> {
  const venv = process.env['ORIGIN_GUARD_VENV'] ?? join(__dirname, '..', '..', '.venv');
  const python = join(venv, 'bin', 'python');
  const looked = spawnSync(python, [
    '-c',
    'import importlib.util, sys; sys.exit(importlib.util.find_spec("moto") is None)',
  ]);
  if (looked.status !== 0) return null;
  const child = spawn(python, ['-c', PROGRAM, JSON.stringify(size)], {
    env: { PATH: process.env['PATH'] ?? '', PYTHONUNBUFFERED: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const filled = (async () => {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return Filled.parse(JSON.parse(line));
  })();
  try {
    const [world, url] = await Promise.all([filled, addressOf(child)]);
    return { ...world, size, url, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** The address that the server prints once it has its port; what it prints later is read and dropped. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => {
      fail('it took too long');
    }, START_MS);
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`moto did not start: ${why} ${said}`));
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('exit', (code) => {
      fail(`exit code ${String(code)}`);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
