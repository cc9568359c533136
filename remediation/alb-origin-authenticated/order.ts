import { listenerText } from '../../core/model/listener.js';
import { loadBalancerPath } from '../../core/model/load-balancer.js';
import { uses } from '../../rules/alb-origin-authenticated/judge-listener.js';
import type { AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import type { Asker, Change, Copy, GuideStep, Order, SeenListener, Sender } from './guide.js';
import { ALTERNATIVES, BACK, BECAUSE, TITLES, WATCH } from './order-words.js';
import type { GuideFacts } from './seen-rules.js';
import { snippetsFor } from './snippets.js';

/** Everything that has been decided about an order; what is left is to put it in a row. */
export interface Decided {
  readonly facts: GuideFacts;
  readonly params: AlbOriginParams;
  readonly headerName: string;
  readonly senders: readonly Sender[];
  /** Those that must accept other values than now. */
  readonly askers: readonly Asker[];
  readonly copies: readonly Copy[];
  readonly listeners: readonly SeenListener[];
  readonly aim: Order['aim'];
}

/** Enough that nobody guesses it, and within what a listener rule takes. */
const SECRET_LENGTH = 64;

/** The steps in their order: what accepts before what sends, what sends before what closes. */
export function orderOf(decided: Decided): Order {
  const { facts, params, headerName, senders, askers, copies, listeners, aim } = decided;
  const secretName = secretNameOf(facts.rule.loadBalancer.arn);
  return {
    kind: 'order',
    aim,
    because: BECAUSE[aim],
    headerName,
    secretName,
    secretLength: Math.max(SECRET_LENGTH, params.minSecretLength),
    senders,
    askers,
    copies,
    listeners,
    steps: stepsOf(decided, secretName),
    alternatives: ALTERNATIVES,
    risks: risksOf(decided),
    snippets: snippetsFor(decided, secretName),
  };
}

const secretNameOf = (arn: string): string => `origin-guard/${loadBalancerPath(arn).split('/')[1] ?? 'load-balancer'}`;

function stepsOf({ senders, askers, copies }: Decided, secretName: string): readonly GuideStep[] {
  const changing = senders.filter(({ changes }) => changes);
  const distributionIds = [...new Set(senders.map(({ distributionId }) => distributionId))];
  const byDefault = copies.filter(isOfDefault);
  const others = copies.filter((copy) => !isOfDefault(copy));
  const keepsPrevious = changing.some(({ spellings }) => spellings.length > 0);
  const isNext = changing.length > 0;
  const changesBy: Readonly<Record<GuideStep['name'], readonly Change[]>> = {
    'make-secret': isNext ? [{ kind: 'make-secret', secretName, keepsPrevious }] : [],
    'accept-next': askers.map((asker) => ({ kind: 'accept-beside', asker, withNext: isNext })),
    send: changing.map((sender) => ({ kind: 'send-next', sender })),
    wait: isNext ? distributionIds.map((distributionId) => ({ kind: 'wait-deployed', distributionId })) : [],
    accept: copies.map((copy) => ({ kind: 'accept-by-copy', copy })),
    watch: [],
    'close-default': byDefault.map((copy) => ({ kind: 'close-default', copy })),
    'close-rules': others.map((copy) => ({ kind: 'close-rule', copy })),
    'accept-only-sent': askers.map((asker) => ({ kind: 'accept-only-sent', asker })),
  };
  const names = Object.keys(changesBy) as GuideStep['name'][];
  return names
    .filter((name) => name === 'watch' || changesBy[name].length > 0)
    .map((name) => ({
      name,
      title: TITLES[name],
      changes: changesBy[name],
      watch: WATCH[name],
      back: name === 'send' && keepsPrevious ? BACK['send-previous'] : BACK[name],
    }));
}

const isOfDefault = ({ ofPriority }: Copy): boolean => ofPriority === 'default';

function risksOf({ facts, headerName, copies, senders }: Decided): readonly string[] {
  const { rule, unresolvedOrigins } = facts;
  const listeners = rule.listeners.known ? rule.listeners.value : [];
  const unused = listeners.filter(
    ({ listener }) =>
      copies.some(({ listenerArn }) => listenerArn === listener.arn) &&
      rule.ways.every((way) => uses(way, listener) === 'no'),
  );
  const entrances = rule.ways.flatMap(({ path }) => path.otherEntrances);
  return [
    ...unresolvedOrigins.map(
      ({ distributionId, originId, domain }) =>
        `nobody could resolve origin ${originId} of ${distributionId} (${domain}): if it leads here, it must send ${headerName} too before anything is closed`,
    ),
    ...unused.map(
      ({ listener }) =>
        `no origin connects to ${listenerText(listener)}: instead of closing it, it may be deleted, or allowed by allowUnusedListeners`,
    ),
    ...(entrances.length === 0
      ? []
      : [
          'requests by a network load balancer or Global Accelerator bring no header and are refused once it is closed',
        ]),
    'whoever calls the load balancer directly (monitors, internal clients, partners) is refused once it is closed',
    'a distribution that is disabled now must send the header before it is enabled again',
    'a deployment of the template that made the listener or the distribution takes these changes back: change it too',
    ...(senders.some(({ spellings }) => spellings.length > 0)
      ? []
      : [
          `if a viewer sends ${headerName} today, CloudFront replaces it once it sends its own, and the application sees that one`,
        ]),
    'health checks of targets do not pass the listener: they stay green whatever the rules do, so do not watch them',
  ];
}
