import { ListDistributionsCommand, type ListDistributionsCommandOutput } from '@aws-sdk/client-cloudfront';
import {
  DescribeConfigurationRecorderStatusCommand,
  DescribeOrganizationConformancePacksCommand,
  type DescribeConfigurationRecorderStatusCommandOutput,
} from '@aws-sdk/client-config-service';
import {
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  type DescribeNetworkInterfacesCommandOutput,
} from '@aws-sdk/client-ec2';
import {
  DescribeLoadBalancersCommand,
  type DescribeLoadBalancersCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeHubCommand } from '@aws-sdk/client-securityhub';
import { known, type Fact } from '../../core/fact.js';
import type { Region } from '../../core/ids.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../../core/model/prefix-list.js';
import type { CloudFrontLists, Survey } from '../../core/proving.js';
import { regionsIn } from '../accounts.js';
import { isCausedBy } from '../failures.js';
import { nextMarker } from '../read/cloudfront-lists.js';
import { listOf, readOne, readPages } from '../read/pages.js';
import { readPrefixLists } from '../read/prefix-lists.js';
import type { Session } from '../session.js';
import type { ProvingSession } from './session.js';

/** Everything a survey reads. */
export const iamActions = [
  'cloudfront:ListDistributions',
  'config:DescribeConfigurationRecorderStatus',
  'config:DescribeOrganizationConformancePacks',
  'ec2:DescribeManagedPrefixLists',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRegions',
  'elasticloadbalancing:DescribeLoadBalancers',
  'securityhub:DescribeHub',
] as const;

/** What must be known of an account before anything is made in it. Only reads. */
export function survey(session: ProvingSession): Promise<Survey> {
  return together({
    loadBalancers: readLoadBalancers(session),
    balancerInterfaces: readBalancerInterfaces(session),
    otherRegions: readOtherRegions(session),
    distributions: readDistributions(session),
    administers: readAdministers(session),
    recorder: readRecorder(session),
    securityHub: readSecurityHub(session),
    prefixLists: readLists(session),
  });
}

/** What reads that are under way beside each other come to, by name. */
async function together<T extends object>(reads: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const entries = Object.entries<Promise<unknown>>(reads).map(async ([name, read]) => [name, await read] as const);
  return Object.fromEntries(await Promise.all(entries)) as T;
}

/** What the pages of a read hold, or its gap. */
const each = <Page, T>(pages: Fact<readonly Page[]>, items: (page: Page) => readonly T[]): Fact<readonly T[]> =>
  pages.known ? known(pages.value.flatMap(items)) : pages;

const readLoadBalancers = async (session: Session): Promise<Fact<readonly string[]>> =>
  each(
    await readPages<DescribeLoadBalancersCommandOutput>(session, {
      fact: 'loadBalancers',
      what: 'load balancers',
      action: 'elasticloadbalancing:DescribeLoadBalancers',
      command: 'describe-load-balancers',
      page: (Marker, options) => session.clients.elbv2.send(new DescribeLoadBalancersCommand({ Marker }), options),
      next: ({ NextMarker }) => NextMarker,
    }),
    (page) => listOf(page.LoadBalancers, 'LoadBalancers').map((one) => one.LoadBalancerName ?? 'one without a name'),
  );

/** How AWS describes the interfaces of load balancers of any type, Classic ones included; no field names their owner. */
const OF_A_BALANCER = 'ELB *';

const readBalancerInterfaces = async (session: Session): Promise<Fact<readonly string[]>> =>
  each(
    await readPages<DescribeNetworkInterfacesCommandOutput>(session, {
      fact: 'networkInterfaces',
      what: 'network interfaces of load balancers',
      action: 'ec2:DescribeNetworkInterfaces',
      command: 'describe-network-interfaces',
      page: (NextToken, options) =>
        session.clients.ec2.send(
          new DescribeNetworkInterfacesCommand({
            Filters: [{ Name: 'description', Values: [OF_A_BALANCER] }],
            NextToken,
          }),
          options,
        ),
      next: ({ NextToken }) => NextToken,
    }),
    (page) =>
      listOf(page.NetworkInterfaces, 'NetworkInterfaces').map((one) => one.NetworkInterfaceId ?? 'one without an id'),
  );

/** A Region that may not be looked into is a gap of its own: policies of organizations close most of them. */
async function readOtherRegions(session: ProvingSession): Promise<Survey['otherRegions']> {
  const answer = await readOne(session, {
    fact: 'regions',
    what: 'the Regions of the account',
    action: 'ec2:DescribeRegions',
    command: 'describe-regions',
    page: (_, options) => session.clients.ec2.send(new DescribeRegionsCommand({ AllRegions: false }), options),
  });
  if (!answer.known) return answer;
  const regions = regionsIn(answer.value.Regions, `listing the Regions of account ${session.accountId}`);
  const others = regions.filter((region) => region !== session.region);
  return known(await Promise.all(others.map(async (region) => ({ region, held: await readHeld(session, region) }))));
}

async function readHeld(session: ProvingSession, region: Region): Promise<Fact<readonly string[]>> {
  const there = session.sessionIn(region);
  const [balancers, interfaces] = await Promise.all([readLoadBalancers(there), readBalancerInterfaces(there)]);
  if (!balancers.known) return balancers;
  return interfaces.known ? known([...balancers.value, ...interfaces.value]) : interfaces;
}

const readDistributions = async (session: ProvingSession): Promise<Fact<readonly string[]>> =>
  each(
    await readPages<ListDistributionsCommandOutput>(session, {
      fact: 'distributions',
      what: 'distributions',
      action: 'cloudfront:ListDistributions',
      command: 'list-distributions',
      global: true,
      page: (Marker, options) => session.clients.cloudfront.send(new ListDistributionsCommand({ Marker }), options),
      next: ({ DistributionList }) => nextMarker(DistributionList, 'distributions'),
    }),
    ({ DistributionList }) => (DistributionList?.Items ?? []).map((one) => one.Id ?? 'one without an id'),
  );

/**
 * Only the management account and delegated administrators may ask for the packs of an organization.
 * Source: API reference of DescribeOrganizationConformancePacks.
 */
const NO_ADMINISTRATOR = ['OrganizationAccessDeniedException', 'NoAvailableOrganizationException'] as const;

async function readAdministers(session: ProvingSession): Promise<Fact<boolean>> {
  try {
    const answer = await readOne(session, {
      fact: 'organization',
      what: 'whether it administers an organization',
      action: 'config:DescribeOrganizationConformancePacks',
      command: 'describe-organization-conformance-packs',
      page: (_, options) =>
        session.clients.config.send(new DescribeOrganizationConformancePacksCommand({ Limit: 1 }), options),
    });
    return answer.known ? known(true) : answer;
  } catch (error) {
    if (NO_ADMINISTRATOR.some((name) => isCausedBy(error, name))) return known(false);
    throw error;
  }
}

async function readRecorder(session: ProvingSession): Promise<Survey['recorder']> {
  const answer = await readOne<DescribeConfigurationRecorderStatusCommandOutput>(session, {
    fact: 'recorder',
    what: 'the recorder of AWS Config',
    action: 'config:DescribeConfigurationRecorderStatus',
    command: 'describe-configuration-recorder-status',
    page: (_, options) => session.clients.config.send(new DescribeConfigurationRecorderStatusCommand({}), options),
  });
  if (!answer.known) return answer;
  const recorders = answer.value.ConfigurationRecordersStatus ?? [];
  if (recorders.length === 0) return known('none');
  return known(recorders.some(({ recording }) => recording === true) ? 'recording' : 'stopped');
}

async function readSecurityHub(session: ProvingSession): Promise<Survey['securityHub']> {
  try {
    const answer = await readOne(session, {
      fact: 'securityHub',
      what: 'whether Security Hub is on',
      action: 'securityhub:DescribeHub',
      command: 'describe-hub',
      page: (_, options) => session.clients.securityHub.send(new DescribeHubCommand({}), options),
    });
    return answer.known ? known('on') : answer;
  } catch (error) {
    if (isCausedBy(error, 'InvalidAccessException') || isCausedBy(error, 'ResourceNotFoundException'))
      return known('off');
    throw error;
  }
}

async function readLists(session: ProvingSession): Promise<Fact<CloudFrontLists>> {
  const lists = await readPrefixLists(session);
  if (!lists.known) return lists;
  const idOf = (name: string): string | null =>
    lists.value.find((list) => list.ownerId === 'AWS' && list.name === name)?.id ?? null;
  return known({
    ipv4: idOf(CLOUDFRONT_PREFIX_LIST_NAMES.ipv4),
    ipv6: idOf(CLOUDFRONT_PREFIX_LIST_NAMES.ipv6),
  });
}
