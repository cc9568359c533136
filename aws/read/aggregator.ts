import {
  SelectAggregateResourceConfigCommand,
  type SelectAggregateResourceConfigCommandOutput,
} from '@aws-sdk/client-config-service';
import { OriginGuardError } from '../../core/errors.js';
import { known, missing, type Fact } from '../../core/fact.js';
import type { OrganizationReader, OwnedDistribution, PlacedLoadBalancer } from '../../core/gather-inventory.js';
import { groupBy } from '../../core/group-by.js';
import { scopeOfArn } from '../../core/ids.js';
import { jsonProblem } from '../../core/json-problem.js';
import { loadBalancerPath } from '../../core/model/load-balancer.js';
import { DistributionRow, InterfaceRow, LoadBalancerRow, QUERIES } from '../../wire/aggregator.js';
import { DistributionItem } from '../../wire/cloudfront.js';
import { NetworkInterfaceItem } from '../../wire/ec2.js';
import { once } from '../once.js';
import type { Session } from '../session.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['config:SelectAggregateResourceConfig'] as const;

/** The largest page. Source: API reference of SelectAggregateResourceConfig. */
const PAGE_SIZE = 100;

/** Reads what an aggregator of AWS Config holds of the organization; a row that cannot be read raises `E2006`. */
export function organizationReader(session: Session, aggregator: string): OrganizationReader {
  const loadBalancers = once(async (): Promise<Fact<readonly PlacedLoadBalancer[]>> => {
    const rows = await readRows(session, aggregator, 'load balancers', QUERIES.loadBalancers);
    if (!rows.known) return rows;
    const read = rows.value.map(toLoadBalancer);
    return known([...new Map(read.map((loadBalancer) => [loadBalancer.arn, loadBalancer])).values()]);
  });
  return {
    loadBalancers,
    distributions: async () => {
      const rows = await readRows(session, aggregator, 'distributions', QUERIES.distributions);
      return rows.known ? known(rows.value.map(toDistribution)) : rows;
    },
    publicAddresses: async () => {
      const [all, rows] = await Promise.all([
        loadBalancers(),
        readRows(session, aggregator, 'network interfaces', QUERIES.interfaces),
      ]);
      if (!all.known) return all;
      return rows.known ? known(addressesOf(all.value, rows.value)) : rows;
    },
  };
}

async function readRows(
  session: Session,
  aggregator: string,
  what: string,
  query: string,
): Promise<Fact<readonly unknown[]>> {
  const pages = await readPages<SelectAggregateResourceConfigCommandOutput>(session, {
    fact: what,
    what: `the ${what} that the aggregator ${aggregator} holds`,
    action: iamActions[0],
    command: 'select-aggregate-resource-config',
    page: (NextToken, options) =>
      session.clients.config.send(
        new SelectAggregateResourceConfigCommand({
          ConfigurationAggregatorName: aggregator,
          Expression: query,
          Limit: PAGE_SIZE,
          NextToken,
        }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages.known ? known(pages.value.flatMap(({ Results }) => listOf(Results, 'Results')).map(parseRow)) : pages;
}

function parseRow(row: string): unknown {
  try {
    return JSON.parse(row) as unknown;
  } catch (error) {
    // Without its cause, whose message quotes the text.
    throw new OriginGuardError('E2006', `a result of the query is not JSON: ${jsonProblem(error as SyntaxError)}`);
  }
}

function toDistribution(row: unknown): OwnedDistribution {
  const { accountId, resourceId: id, configuration } = readItem(DistributionRow, row, 'a distribution of the query');
  const { enabled, origins } = readItem(DistributionItem, { id, ...configuration }, `distribution ${id} of the query`);
  const parameterDefaults = missing({
    fact: `parameter defaults of distribution ${id}`,
    cause: 'not-recorded',
    detail: `the parameters of distribution ${id} are not recorded`,
  });
  // The query asks for no header; one that came all the same is dropped here.
  const bare = origins.map(({ customHeaders: _, ...origin }) => origin);
  return { id, accountId, enabled, origins: bare, parameterDefaults };
}

function toLoadBalancer(row: unknown): PlacedLoadBalancer {
  const {
    accountId,
    awsRegion: region,
    resourceId: arn,
    configuration,
  } = readItem(LoadBalancerRow, row, 'a load balancer of the query');
  const scope = scopeOfArn(arn);
  if (scope.accountId !== accountId || scope.region !== region) {
    throw new OriginGuardError(
      'E2006',
      `load balancer ${arn} of the query: it is said to be in ${accountId}, ${region}`,
    );
  }
  const [, name = ''] = loadBalancerPath(arn).split('/');
  return {
    arn,
    name,
    dnsName: configuration.dNSName,
    type: 'application',
    scheme: configuration.scheme ?? null,
    vpcId: null,
    scope: { accountId, region },
    securityGroups: [],
    tags: missing({ fact: 'tags', cause: 'not-seen', detail: 'the tags were not read' }),
  };
}

/** AWS names the owner of a load balancer's interface only in its description: "ELB app/NAME/HASH". */
function addressesOf(
  loadBalancers: readonly PlacedLoadBalancer[],
  rows: readonly unknown[],
): ReadonlyMap<string, readonly string[]> {
  const found = groupBy(rows.map(toAddresses), ({ key }) => key);
  return new Map(
    loadBalancers.flatMap(({ arn, scope: { accountId, region } }) => {
      const own = found.get(`${accountId}|${region}|ELB ${loadBalancerPath(arn)}`);
      return own === undefined ? [] : [[arn, own.flatMap(({ publicAddresses }) => publicAddresses)] as const];
    }),
  );
}

function toAddresses(row: unknown): { readonly key: string; readonly publicAddresses: readonly string[] } {
  const { accountId, awsRegion, resourceId, configuration } = readItem(InterfaceRow, row, 'an interface of the query');
  const element = { ...configuration, networkInterfaceId: resourceId };
  const { description, publicAddresses } = readItem(
    NetworkInterfaceItem,
    element,
    `interface ${resourceId} of the query`,
  );
  return { key: `${accountId}|${awsRegion}|${description ?? ''}`, publicAddresses };
}
