import { known, missing, type Fact, type Gap } from '../../core/fact.js';
import { EVERYTHING, type Focus } from '../../core/focus.js';
import { gatherLinks } from '../../core/gather-links.js';
import { LoadBalancerArn, scopeOfArn } from '../../core/ids.js';
import { NO_LINKS, type Links } from '../../core/link-origins.js';
import type { Origin } from '../../core/model/distribution.js';
import { listenerText, type Listener } from '../../core/model/listener.js';
import { loadBalancerPath, type LoadBalancer } from '../../core/model/load-balancer.js';
import { settingsBy } from '../../core/origin-ports.js';
import { originText, type Path, type UnresolvedOrigin } from '../../core/path.js';
import type { Ports } from '../../core/ports.js';
import { NOT_READ, type AlbOriginFacts, type ListenerFacts, type Way } from './facts.js';
import type { AlbOriginParams } from './params.js';

/** The facts of every load balancer in focus, and the origins that nobody could resolve. */
export interface AlbOriginWorld {
  readonly facts: readonly AlbOriginFacts[];
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
  /** Evidence without which the load balancers in scope cannot all be told. */
  readonly unread: readonly Gap[];
}

/** Reads what the rule needs to judge the load balancers in focus; listeners and rules only where a distribution leads to. */
export async function gatherAlbOriginFacts(
  ports: Ports,
  params: AlbOriginParams,
  now: string,
  focus: Focus = EVERYTHING,
): Promise<AlbOriginWorld> {
  const all = await ports.loadBalancers();
  const named = namedBy(focus);
  const isNamed = ({ arn }: LoadBalancer): boolean => named.has(arn);
  const applications = all.items.filter(({ type }) => type === 'application');
  const untagged = focus.kind === 'named' ? applications.filter(isNamed) : applications;
  // An exemption is a tag, so those with a path are asked for theirs too.
  const about = untagged.length === 0 ? [] : await ports.withTags(untagged);
  const tagged = new Map(about.map((each) => [each.arn, each] as const));
  const items = all.items.map((each) => tagged.get(each.arn) ?? each);
  const links = about.length === 0 ? NO_LINKS : await gatherLinks(ports, items, params, { about, tags: 'read' });
  const judged = focus.kind === 'in-scope' ? about.filter((each) => isNamed(each) || mayBeFronted(each, links)) : about;
  const originOf = await originsOf(ports, judged, links);

  const seen = await Promise.all(
    judged.map(async (each): Promise<AlbOriginFacts> => {
      const ways = links.pathsTo(each.arn).map((path) => wayOf(path, originOf, each));
      return {
        loadBalancer: each,
        deleted: false,
        sightGap: null,
        ways,
        linkGaps: links.gapsFor(each),
        listeners: ways.length === 0 ? NOT_READ : await readListeners(ports, each),
        now,
      };
    }),
  );
  const others = all.items
    .filter((each) => each.type !== 'application' && isNamed(each))
    .map((each) => bare(each, now));
  const shown = new Set([...seen, ...others].map(({ loadBalancer }) => loadBalancer.arn));
  const hidden = focus.kind === 'everything' ? null : all.gapAt(focus.at);
  const absent = [...named].filter((arn) => !shown.has(arn)).map((arn) => absentFacts(arn, hidden, now));
  return {
    facts: [...seen, ...others, ...absent],
    unresolvedOrigins: links.unresolvedOrigins,
    unread: focus.kind === 'in-scope' && hidden !== null ? [hidden] : [],
  };
}

const namedBy = (focus: Focus): ReadonlySet<LoadBalancerArn> =>
  new Set(focus.kind === 'everything' ? [] : [...focus.ids].flatMap((id) => LoadBalancerArn.safeParse(id).data ?? []));

const mayBeFronted = (each: LoadBalancer, links: Links): boolean =>
  links.pathsTo(each.arn).length > 0 || links.gapsFor(each).length > 0;

/** By distribution and origin; nothing is read where no way leads to any of them. */
async function originsOf(
  ports: Ports,
  judged: readonly LoadBalancer[],
  links: Links,
): Promise<ReadonlyMap<string, Origin>> {
  if (!judged.some(({ arn }) => links.pathsTo(arn).length > 0)) return new Map();
  const { items } = await ports.distributions();
  return new Map(
    items.flatMap(({ id, origins }) => origins.map((origin) => [originKey(id, origin.id), origin] as const)),
  );
}

const originKey = (distributionId: string | null, originId: string | null): string =>
  `${distributionId ?? ''}\u0000${originId ?? ''}`;

function wayOf(path: Path, originOf: ReadonlyMap<string, Origin>, to: LoadBalancer): Way {
  const origin = originOf.get(originKey(path.distributionId, path.originId));
  return {
    path,
    headers: origin?.customHeaders === undefined ? missing(headersNotSeen(path)) : known(origin.customHeaders),
    custom: settingsBy(path.linkedBy, origin?.custom ?? null),
    vpcOriginGap: vpcOriginGapOf(path, origin, to),
  };
}

/** CloudFront reaches a load balancer that does not face the internet by a VPC origin only, said or not. */
function vpcOriginGapOf(path: Path, origin: Origin | undefined, { scheme }: LoadBalancer): Gap | null {
  if (path.linkedBy === 'vpc-origin') return null;
  if (typeof origin?.vpcOriginId === 'string') return vpcOriginHidden(origin.vpcOriginId);
  return origin?.mayBeVpcOrigin === true && scheme !== 'internet-facing' ? vpcOriginNotTold(path) : null;
}

function headersNotSeen(path: Path): Gap {
  if (path.distributionId === null)
    return {
      fact: `customHeaders to ${path.loadBalancerArn}`,
      cause: 'unresolved',
      detail:
        'a tag declares that CloudFront fronts the load balancer, so what CloudFront sends cannot be seen; name the header with headerName',
    };
  return {
    fact: `customHeaders of ${originText(path)}`,
    cause: 'not-seen',
    detail: `which headers CloudFront adds for ${originText(path)} was not seen, or not in full; add the output of aws cloudfront list-distributions`,
  };
}

const vpcOriginHidden = (id: string): Gap => ({
  fact: `vpcOrigin ${id}`,
  cause: 'not-seen',
  detail: `the VPC origin ${id} was not seen, so where it leads is not proven; add the output of aws cloudfront list-vpc-origins`,
});

const vpcOriginNotTold = (path: Path): Gap => ({
  fact: `vpcOrigin of ${originText(path)}`,
  cause: 'not-recorded',
  detail: `whether ${originText(path)} is a VPC origin is not in the inventory; judge the load balancer with the output of aws cloudfront list-distributions and list-vpc-origins of the account of that distribution`,
});

async function readListeners(ports: Ports, { arn }: LoadBalancer): Promise<Fact<readonly ListenerFacts[]>> {
  const listeners = await ports.listeners(arn);
  if (!listeners.known) return listeners;
  return known(
    await Promise.all(
      listeners.value.map(async (listener): Promise<ListenerFacts> => ({
        listener,
        rules: listener.arn === null ? missing(rulesOfNobody(arn, listener)) : await ports.listenerRules(listener.arn),
      })),
    ),
  );
}

const rulesOfNobody = (arn: LoadBalancerArn, listener: Pick<Listener, 'port'>): Gap => ({
  fact: `rules of ${arn}`,
  cause: 'incomplete',
  detail: `${listenerText(listener)} of ${arn} has no ARN, so its rules cannot be told; add the output of aws elbv2 describe-listeners`,
});

const bare = (loadBalancer: LoadBalancer, now: string): AlbOriginFacts => ({
  loadBalancer,
  deleted: false,
  sightGap: null,
  ways: [],
  linkGaps: [],
  listeners: NOT_READ,
  now,
});

/** One that is asked for and not among those that were seen: gone, unless the place could not be seen. */
function absentFacts(arn: LoadBalancerArn, hidden: Gap | null, now: string): AlbOriginFacts {
  const path = loadBalancerPath(arn);
  const loadBalancer: LoadBalancer = {
    arn,
    name: path.split('/').slice(1, 2).join(''),
    dnsName: '',
    type: path.startsWith('app/') ? 'application' : 'network',
    scheme: null,
    vpcId: null,
    scope: scopeOfArn(arn),
    securityGroups: [],
    tags: missing({ fact: 'tags', cause: 'not-seen', detail: 'the tags were not read' }),
  };
  return { ...bare(loadBalancer, now), deleted: hidden === null, sightGap: hidden };
}
