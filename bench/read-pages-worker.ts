import { CloudFrontClient, paginateListDistributions } from '@aws-sdk/client-cloudfront';
import { ConfigServiceClient, paginateGetComplianceDetailsByConfigRule } from '@aws-sdk/client-config-service';
import {
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { paginateGetFindings, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { MotoWorld } from './moto-world.js';

/** What is known beforehand of the world to read. */
export type Known = Pick<MotoWorld, 'inScope' | 'cited' | 'unlinked' | 'accountId' | 'region'> & {
  readonly configRuleName: string;
};

/** What it took to read it. */
export interface PagesRead {
  readonly pages: number;
  readonly peakMb: number;
}

/** Reads, one after another, the pages that a sweep reads, and drops each: what the SDK alone needs. */
async function readPages({ inScope, cited, unlinked, configRuleName }: Known): Promise<PagesRead> {
  const ec2 = new EC2Client({});
  const elbv2 = new ElasticLoadBalancingV2Client({});
  let pages = 0;
  const drop = async (reading: AsyncIterable<object>): Promise<void> => {
    for await (const page of reading) pages += Object.keys(page).length > 0 ? 1 : 0;
  };
  await drop(paginateDescribeLoadBalancers({ client: elbv2 }, { PageSize: 400 }));
  await drop(paginateListDistributions({ client: new CloudFrontClient({}), pageSize: 100 }, {}));
  for (const ResourceArns of inBatches(unlinked, 20)) {
    await elbv2.send(new DescribeTagsCommand({ ResourceArns }));
    pages += 1;
  }
  await ec2.send(new DescribeManagedPrefixListsCommand({ MaxResults: 100 }));
  pages += 1;
  for (const Values of inBatches(inScope, 200)) {
    const Filters = [{ Name: 'group-id', Values }];
    await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters, MaxResults: 1000 }));
    pages += 1;
  }
  for (const Values of inBatches([...inScope, ...cited], 200)) {
    const Filters = [{ Name: 'group-id', Values }];
    await ec2.send(new DescribeSecurityGroupsCommand({ Filters, MaxResults: 1000 }));
    pages += 1;
  }
  const config = new ConfigServiceClient({});
  await drop(
    paginateGetComplianceDetailsByConfigRule({ client: config, pageSize: 100 }, { ConfigRuleName: configRuleName }),
  );
  await drop(paginateGetFindings({ client: new SecurityHubClient({}), pageSize: 100 }, {}));
  return { pages, peakMb: process.resourceUsage().maxRSS / 1024 };
}

function inBatches(items: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

process.once('message', (known: Known) => {
  void readPages(known).then((result) => process.send?.(result, () => process.exit()));
});
