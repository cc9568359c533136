import { DescribeListenersCommand, DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { known, missing, type Fact, type Gap } from '../../core/fact.js';
import type { ListenerArn, LoadBalancerArn } from '../../core/ids.js';
import { loadBalancerPath } from '../../core/model/load-balancer.js';
import type { Listener, ListenerRule } from '../../core/model/listener.js';
import { hasDefaultRule, ListenerItem, RuleItem, sealRule } from '../../wire/listeners.js';
import { headerDigest } from '../header-digest.js';
import type { Session } from '../session.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules'] as const;

/** The largest page. Source: API reference of DescribeListeners and DescribeRules. */
const PAGE_SIZE = 400;

/** The listeners of a load balancer. */
export async function readListeners(session: Session, arn: LoadBalancerArn): Promise<Fact<readonly Listener[]>> {
  const pages = await readPages(session, {
    fact: `listeners of ${arn}`,
    what: `the listeners of ${arn}`,
    action: iamActions[0],
    command: 'describe-listeners',
    about: loadBalancerPath(arn),
    page: (Marker, options) =>
      session.clients.elbv2.send(
        new DescribeListenersCommand({ LoadBalancerArn: arn, Marker, PageSize: PAGE_SIZE }),
        options,
      ),
    next: ({ NextMarker }) => NextMarker,
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.Listeners, 'Listeners'))
      .map((element) => {
        const { loadBalancerArn: _, ...listener } = readItem(ListenerItem, element, 'a listener');
        return listener;
      }),
  );
}

/** The rules of a listener, its default rule among them; an answer without one is not whole. */
export async function readListenerRules(session: Session, arn: ListenerArn): Promise<Fact<readonly ListenerRule[]>> {
  const pages = await readPages(session, {
    fact: `rules of ${arn}`,
    what: `the rules of ${arn}`,
    action: iamActions[1],
    command: 'describe-rules',
    page: (Marker, options) =>
      session.clients.elbv2.send(new DescribeRulesCommand({ ListenerArn: arn, Marker, PageSize: PAGE_SIZE }), options),
    next: ({ NextMarker }) => NextMarker,
  });
  if (!pages.known) return pages;
  const rules = pages.value
    .flatMap((page) => listOf(page.Rules, 'Rules'))
    .map((element) => sealRule(readItem(RuleItem, element, 'a listener rule'), headerDigest));
  return hasDefaultRule(rules) ? known(rules) : missing(notWhole(arn));
}

const notWhole = (arn: ListenerArn): Gap => ({
  fact: `rules of ${arn}`,
  cause: 'incomplete',
  detail: `the answer has no default rule of ${arn}, so it is not whole`,
});
