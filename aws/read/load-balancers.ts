import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type DescribeTagsCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { known, missing, type Fact, type Gap } from '../../core/fact.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import { LoadBalancerItem, TagDescriptionItem } from '../../wire/elbv2.js';
import type { Session } from '../session.js';
import { batchesOf } from './batches.js';
import { readItem } from './items.js';
import { listOf, readOne, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTags'] as const;

/** The largest page and batch. Source: API reference of DescribeLoadBalancers and DescribeTags. */
const PAGE_SIZE = 400;
const TAGS_PER_CALL = 20;

/** Every load balancer of the Region, of every type; the tags are not read. */
export async function readLoadBalancers(session: Session): Promise<Fact<readonly LoadBalancer[]>> {
  const { accountId, region } = session;
  const pages = await readPages(session, {
    fact: 'loadBalancers',
    what: 'load balancers',
    action: iamActions[0],
    command: 'describe-load-balancers',
    page: (Marker, options) =>
      session.clients.elbv2.send(new DescribeLoadBalancersCommand({ Marker, PageSize: PAGE_SIZE }), options),
    next: ({ NextMarker }) => NextMarker,
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.LoadBalancers, 'LoadBalancers'))
      .map((element) => ({
        ...readItem(LoadBalancerItem, element, 'a load balancer'),
        scope: { accountId, region },
        tags: missing({ fact: 'tags', cause: 'not-seen', detail: 'the tags were not read' }),
      })),
  );
}

/** The load balancers with their tags, or with the gap of a read that was denied. */
export async function readTags(
  session: Session,
  loadBalancers: readonly LoadBalancer[],
): Promise<readonly LoadBalancer[]> {
  const batches = batchesOf(loadBalancers, TAGS_PER_CALL);
  return (await Promise.all(batches.map((batch) => tagBatch(session, batch)))).flat();
}

async function tagBatch(session: Session, batch: readonly LoadBalancer[]): Promise<readonly LoadBalancer[]> {
  const page: Fact<DescribeTagsCommandOutput> = await readOne(session, {
    fact: 'tags',
    what: 'the tags of load balancers',
    action: iamActions[1],
    command: 'describe-tags',
    page: (_, options) =>
      session.clients.elbv2.send(new DescribeTagsCommand({ ResourceArns: batch.map(({ arn }) => arn) }), options),
  });
  if (!page.known) return batch.map((loadBalancer) => ({ ...loadBalancer, tags: page }));
  const tags = new Map(
    listOf(page.value.TagDescriptions, 'TagDescriptions')
      .map((element) => readItem(TagDescriptionItem, element, 'the tags of a load balancer'))
      .map((item) => [item.resourceArn, item.tags] as const),
  );
  return batch.map((loadBalancer) => {
    const own = tags.get(loadBalancer.arn);
    return { ...loadBalancer, tags: own === undefined ? missing(passedOver(loadBalancer)) : known(own) };
  });
}

/** AWS describes each load balancer that it is asked about, one without tags too. */
const passedOver = ({ arn }: LoadBalancer): Gap => ({
  fact: `tags of ${arn}`,
  cause: 'incomplete',
  detail: `the answer has no tags of ${arn}`,
});
