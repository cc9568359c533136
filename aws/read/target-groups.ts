import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type DescribeTargetGroupsCommandOutput,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { OriginGuardError } from '../../core/errors.js';
import { known, type Fact } from '../../core/fact.js';
import type { LoadBalancerArn } from '../../core/ids.js';
import { TargetGroupItem, TargetHealthItem } from '../../wire/elbv2.js';
import { textOrNull } from '../../wire/shared.js';
import type { Session } from '../session.js';
import { readExisting } from './existing.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything this reader may call. */
export const iamActions = [
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
] as const;

/** The largest page. Source: API reference of DescribeTargetGroups. */
const PAGE_SIZE = 400;

/** Network load balancers that pass requests on to Application Load Balancers. */
export interface AlbTarget {
  readonly loadBalancerArns: readonly LoadBalancerArn[];
  readonly vpcId: string | null;
  /** The Application Load Balancers. */
  readonly targets: readonly LoadBalancerArn[];
}

/**
 * The target groups of Application Load Balancers that a network load balancer uses, with their targets.
 *
 * @remarks What is saved of the answer carries the targets too, under `Targets`, which AWS has in another answer.
 */
export async function readAlbTargets(session: Session): Promise<Fact<readonly AlbTarget[]>> {
  const { onPage, ...silent } = session;
  const pages = await readPages(silent, {
    fact: 'targetGroups',
    what: 'target groups',
    action: iamActions[0],
    command: 'describe-target-groups',
    page: (Marker, options) =>
      session.clients.elbv2.send(new DescribeTargetGroupsCommand({ Marker, PageSize: PAGE_SIZE }), options),
    trim: usedForAlbs,
    next: ({ NextMarker }) => NextMarker,
  });
  if (!pages.known) return pages;
  const groups = pages.value.flatMap(({ TargetGroups }) => TargetGroups ?? []);
  const read = await Promise.all(groups.map(async (group) => ({ group, targets: await readTargets(silent, group) })));

  const seen: { readonly group: TargetGroup; readonly targets: readonly LoadBalancerArn[] }[] = [];
  for (const { group, targets } of read) {
    if (targets === null) continue;
    if (!targets.known) return targets;
    seen.push({ group, targets: targets.value });
  }
  onPage?.({
    accountId: session.accountId,
    region: session.region,
    command: 'describe-target-groups',
    page: { TargetGroups: seen.map(({ group, targets }) => ({ ...group, Targets: targets })) },
  });
  return known(seen.map(({ group, targets }) => toAlbTarget(group, targets)));
}

const usedForAlbs = (page: DescribeTargetGroupsCommandOutput): DescribeTargetGroupsCommandOutput => ({
  ...page,
  TargetGroups: listOf(page.TargetGroups, 'TargetGroups').filter(
    ({ TargetType, LoadBalancerArns }) => TargetType === 'alb' && (LoadBalancerArns?.length ?? 0) > 0,
  ),
});

function toAlbTarget(group: TargetGroup, targets: readonly LoadBalancerArn[]): AlbTarget {
  const { loadBalancerArns, vpcId } = readItem(TargetGroupItem, group, `target group ${group.TargetGroupArn ?? '?'}`);
  return { loadBalancerArns: loadBalancerArns ?? [], vpcId: textOrNull(vpcId), targets };
}

/** `null` for a group that was deleted meanwhile. */
async function readTargets(
  session: Session,
  { TargetGroupArn }: TargetGroup,
): Promise<Fact<readonly LoadBalancerArn[]> | null> {
  if (TargetGroupArn === undefined) throw new OriginGuardError('E2006', 'a target group: expected its ARN');
  const what = `the targets of ${TargetGroupArn}`;
  const page = await readExisting(
    session,
    {
      fact: `targets of ${TargetGroupArn}`,
      what,
      action: iamActions[1],
      command: 'describe-target-health',
      page: (_, options) => session.clients.elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }), options),
    },
    'TargetGroupNotFoundException',
  );
  if (page?.known !== true) return page;
  const described = listOf(page.value.TargetHealthDescriptions, 'TargetHealthDescriptions');
  return known([...new Set(described.map((element) => readItem(TargetHealthItem, element, what).target.id))].sort());
}
