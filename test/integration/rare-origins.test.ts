import { CreateManagedPrefixListCommand } from '@aws-sdk/client-ec2';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rareOriginsStandIn, TENANT_DISTRIBUTION, VPC_DISTRIBUTION } from '../support/proxy/rare-origins-stand-in.js';
import type { StandIn } from '../support/proxy/recording-proxy.js';
import { startDnsServer, type DnsServer } from '../support/dns-server.js';
import {
  admit,
  buildEnvironment,
  FROM_ANYWHERE,
  given,
  httpFrom,
  type Environment,
} from './support/article-environment.js';
import { clientsFor, defaultCaller } from './support/caller.js';
import { changeEvent, groupItem, RULE_NAME } from './support/config-event.js';
import { startRig } from './support/rule-rig.js';
import { nextRun, startRunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// Origins that moto's CloudFront cannot hold: one that waits for a tenant, under a name of the owner's own, and one in a
// VPC. Both functions follow both of them, in the bundles that are deployed.

const world = useMoto();
const HOST = 'origin.example.com';
const PARAMETERS = { allowedCidrs: '192.0.2.0/24', resolveOrigins: 'dns' };
let environment: Environment;
let dns: DnsServer;

beforeEach(async () => {
  const clients = clientsFor(world.moto, defaultCaller);
  environment = await buildEnvironment(clients, { originDomain: null, ingress: [FROM_ANYWHERE] });
  const { PrefixList } = await clients.ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      MaxEntries: 1,
      AddressFamily: 'IPv4',
      Entries: [{ Cidr: '192.0.2.0/25' }],
    }),
  );
  const offices = httpFrom({ PrefixListIds: [{ PrefixListId: given(PrefixList?.PrefixListId) }] });
  await admit(clients, environment.groupId, offices);
  dns = await startDnsServer({ names: { [HOST]: { A: ['203.0.113.7'] } } });
});

afterEach(() => dns.close());

/** CloudFront, with the one tenant's origin there. */
const cloudfront = (tenantDomain: string): readonly StandIn[] => [
  rareOriginsStandIn({ tenantDomain, loadBalancerArn: environment.loadBalancerArn }),
];

/** The bundle, which asks the DNS server of the test. */
function withDns(name: string): string {
  const path = join(world.folder, `${name}.js`);
  const bundle = join(__dirname, '..', '..', 'dist', 'functions', `${name}.js`);
  writeFileSync(
    path,
    `const dns = require('node:dns/promises');
const { Resolver } = dns;
dns.Resolver = class extends Resolver {
  constructor(options) {
    super(options);
    this.setServers([${JSON.stringify(dns.address)}]);
  }
};
module.exports = require(${JSON.stringify(bundle)});
`,
  );
  return path;
}

it('the rule follows a tenant and a VPC origin to the load balancer, and names both distributions', async () => {
  const rig = await startRig(world.moto, {
    standIns: cloudfront(HOST),
    parameters: PARAMETERS,
    bundle: withDns('config-rule'),
  });
  try {
    const event = changeEvent(rig.rule, await groupItem(rig.clients, environment.groupId));
    expect(await rig.invoke(event)).toMatchObject({ errorMessage: null, ok: true });
    expect(rig.config.resultsOf(RULE_NAME).map(({ compliance }) => compliance)).toEqual(['NON_COMPLIANT']);
    expect(rig.calls()).toMatchObject({
      DescribeNetworkInterfaces: 1,
      GetDistribution: 1,
      GetDistributionTenant: 1,
      GetManagedPrefixListEntries: 1,
      GetVpcOrigin: 1,
      ListDistributionTenants: 1,
      ListVpcOrigins: 1,
    });
    expect(dns.asked).toContain(`A ${HOST}`);
    const told = JSON.stringify(await rig.findings());
    expect([TENANT_DISTRIBUTION, VPC_DISTRIBUTION].filter((id) => told.includes(id))).not.toEqual([]);
  } finally {
    await rig.stop();
  }
});

it('the planner follows both too, and refuses a load balancer that is a VPC origin', async () => {
  const rig = await startRunbookRig(
    world,
    { RULE_PARAMETERS: JSON.stringify({ allowedCidrs: PARAMETERS.allowedCidrs }) },
    cloudfront(environment.dnsName),
  );
  try {
    await rig.addInterface(environment);
    const plan = await rig.ask({ mode: 'plan', securityGroupId: environment.groupId, executionId: nextRun() });
    expect(plan).toMatchObject({ decision: 'REFUSE', reasonCode: 'VPC_ORIGIN' });
    expect(plan['summary']).toContain(VPC_DISTRIBUTION);
    expect(rig.calls()).toMatchObject({
      GetDistribution: 1,
      GetDistributionTenant: 1,
      GetManagedPrefixListEntries: 1,
      GetVpcOrigin: 1,
      ListDistributionTenants: 1,
      ListVpcOrigins: 1,
    });
  } finally {
    await rig.stop();
  }
});
