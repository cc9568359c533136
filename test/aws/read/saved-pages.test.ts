import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetDistributionCommand,
  GetDistributionTenantCommand,
  ListDistributionsCommand,
  ListDistributionTenantsCommand,
  ListVpcOriginsCommand,
} from '@aws-sdk/client-cloudfront';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { readDistributions } from '../../../aws/read/distributions.js';
import { readLoadBalancers } from '../../../aws/read/load-balancers.js';
import { readAlbTargets } from '../../../aws/read/target-groups.js';
import { readTenants } from '../../../aws/read/tenants.js';
import { readVpcOrigins } from '../../../aws/read/vpc-origins.js';
import type { Fact } from '../../../core/fact.js';
import { known } from '../../../core/fact.js';
import type { Ports } from '../../../core/ports.js';
import { readSnapshot } from '../../../snapshot/read-snapshot.js';
import { openPageWriter } from '../../../snapshot/write-pages.js';
import { ACCOUNT, arnOf, dnsNameOf, VPC } from '../../support/builders.js';
import { distributionPage, listOfItems, summary } from '../support/cloudfront-pages.js';
import { testSession } from '../support/session.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-saved-pages-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function savedPorts({ seen }: ReturnType<typeof testSession>): Promise<Ports> {
  const writer = await openPageWriter(folder);
  for (const page of seen) writer.keep(page);
  await writer.write();
  const options = { flags: { accountId: null, region: null }, cloudfrontPrefixLists: [] };
  return (await readSnapshot([folder], options)).ports;
}

function valueOf<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(fact.gap.detail);
  return fact.value;
}

test('distributions, their tenants and VPC origins are read from their pages as they were read live', async () => {
  const session = testSession();
  const template = '{{tenant}}.example.com';
  const inside = { VpcOriginConfig: { VpcOriginId: 'vo_1' } };
  const config = {
    Enabled: true,
    Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: template }] },
    TenantConfig: {
      ParameterDefinitions: [
        { Name: 'tenant', Definition: { StringSchema: { DefaultValue: 'web', Required: false } } },
      ],
    },
  };
  const tenant = (Id: string, DistributionId: string, Enabled = true) => ({ Id, DistributionId, Enabled });
  const cloudfront = mockClient(session.clients.cloudfront);
  cloudfront
    .on(ListDistributionsCommand)
    .resolves(
      distributionPage([summary('E1', template), summary('E2', 'in.example.com', { origin: inside })], { next: 'E2' }),
    )
    .on(ListDistributionsCommand, { Marker: 'E2' })
    .resolves(distributionPage([summary('E3', template)]));
  for (const Id of ['E1', 'E3'])
    cloudfront.on(GetDistributionCommand, { Id }).resolves({
      Distribution: {
        Id,
        DistributionConfig: Id === 'E1' ? config : { ...config, TenantConfig: undefined },
      } as never,
    });
  cloudfront
    .on(ListDistributionTenantsCommand, { AssociationFilter: { DistributionId: 'E1' } })
    .resolves({ DistributionTenantList: [tenant('dt_1', 'E1')] as never, NextMarker: 'more' })
    .on(ListDistributionTenantsCommand, { AssociationFilter: { DistributionId: 'E1' }, Marker: 'more' })
    .resolves({ DistributionTenantList: [tenant('dt_2', 'E1', false)] as never })
    .on(ListDistributionTenantsCommand, { AssociationFilter: { DistributionId: 'E3' } })
    .resolves({})
    .on(GetDistributionTenantCommand, { Identifier: 'dt_1' })
    .resolves({
      DistributionTenant: { ...tenant('dt_1', 'E1'), Parameters: [{ Name: 'tenant', Value: 'api' }] },
    })
    .on(GetDistributionTenantCommand, { Identifier: 'dt_2' })
    .resolves({ DistributionTenant: tenant('dt_2', 'E1', false) })
    .on(ListVpcOriginsCommand)
    .resolves({ VpcOriginList: listOfItems([{ Id: 'vo_1', Arn: 'arn', OriginEndpointArn: arnOf('web') }]) });

  const distributions = valueOf(await readDistributions(session));
  const templates = distributions.filter(({ id }) => id !== 'E2');
  const tenants = new Map<string, unknown>();
  for (const { id } of templates) tenants.set(id, await readTenants(session, id));
  const vpcOrigins = valueOf(await readVpcOrigins(session));

  const ports = await savedPorts(session);
  const saved = await ports.distributions();
  expect(saved.gapAt(ACCOUNT)).toBeNull();
  expect(saved.items.map(({ id, accountId, enabled, origins }) => ({ id, accountId, enabled, origins }))).toEqual(
    distributions.map(({ id, accountId, enabled, origins }) => ({ id, accountId, enabled, origins })),
  );
  const savedTemplates = saved.items.filter(({ id }) => id !== 'E2');
  expect(savedTemplates.map((each) => each.parameterDefaults)).toEqual(templates.map((each) => each.parameterDefaults));
  for (const each of templates) expect(await ports.tenantsOf(each)).toEqual(tenants.get(each.id));
  const behind = distributions.find(({ id }) => id === 'E2')!;
  expect(await ports.vpcOrigin(behind.origins[0]!, behind)).toEqual(
    known(vpcOrigins.get(behind.origins[0]!.vpcOriginId!)),
  );
});

test('network load balancers are read from their page to be in front of the load balancers that they lead to', async () => {
  const session = testSession();
  const NLB = arnOf('tcp', undefined, 'net');
  const balancer = (name: string) => ({
    LoadBalancerArn: arnOf(name),
    DNSName: dnsNameOf(name),
    VpcId: VPC,
    SecurityGroups: [],
  });
  mockClient(session.clients.elbv2)
    .on(DescribeLoadBalancersCommand)
    .resolves({ LoadBalancers: [balancer('api'), balancer('web')] })
    .on(DescribeTargetGroupsCommand)
    .resolves({
      TargetGroups: [{ TargetGroupArn: 'arn', TargetType: 'alb', VpcId: VPC, LoadBalancerArns: [NLB] }],
    })
    .on(DescribeTargetHealthCommand)
    .resolves({ TargetHealthDescriptions: [{ Target: { Id: arnOf('web'), Port: 443 } }] });
  const [api, web] = valueOf(await readLoadBalancers(session));
  await readAlbTargets(session);

  const ports = await savedPorts(session);
  expect(await ports.otherEntrances(web!)).toEqual([{ kind: 'network-load-balancer', id: NLB }]);
  expect(await ports.otherEntrances(api!)).toEqual([]);
});
