import { compareText, known, missing, type Fact, type Gap } from '../core/fact.js';
import type { LoadBalancerArn, PrefixListId, SecurityGroupId } from '../core/ids.js';
import { portsOf } from '../core/model/listener.js';
import { loadBalancerPath, type Entrance, type LoadBalancer } from '../core/model/load-balancer.js';
import { identifyPrefixList, type PrefixList } from '../core/model/prefix-list.js';
import type { SecurityGroup } from '../core/model/security-group.js';
import type {
  CitedGroup,
  ListenerReader,
  LoadBalancerReader,
  PrefixListReader,
  SecurityGroupReader,
} from '../core/ports.js';
import type { NetworkInterfaceItem } from '../wire/ec2.js';
import { once, onceEach } from './once.js';
import { readListenerRules, readListeners } from './read/listeners.js';
import { readLoadBalancers, readTags } from './read/load-balancers.js';
import { readBalancerInterfaces } from './read/network-interfaces.js';
import { readPrefixListEntries, readPrefixLists } from './read/prefix-lists.js';
import { readCitedGroups, readSecurityGroups } from './read/security-groups.js';
import { readAlbTargets, type AlbTarget } from './read/target-groups.js';
import type { Session } from './session.js';

export interface PlaceOptions {
  /** Whether ways in that bypass CloudFront by design are looked for; they never change a verdict. */
  readonly entrances: 'read' | 'skip';
  /** Which network interfaces are listed. @default - load balancers' and accelerators' own, as no verdict needs others */
  readonly interfaces?: 'every';
  /** @default - the prefix lists are read once for the run */
  readonly prefixLists?: (session: Session) => Promise<Fact<readonly PrefixList[]>>;
  /** Told of what could not be seen and is no part of any verdict. */
  readonly onBlindSpot: (gap: Gap) => void;
}

/** What the ports need of one account and Region. */
export interface Place
  extends
    Pick<SecurityGroupReader, 'citedGroups'>,
    Pick<LoadBalancerReader, 'listenerPorts' | 'publicAddresses' | 'otherEntrances' | 'withTags'>,
    ListenerReader,
    PrefixListReader {
  readonly session: Session;
  readonly securityGroups: (which: ReadonlySet<SecurityGroupId> | 'every') => Promise<readonly SecurityGroup[]>;
  readonly loadBalancers: () => Promise<Fact<readonly LoadBalancer[]>>;
  /** Whether a group lets everything out, if it was described already; `null` if not. */
  readonly egressSeen: (id: SecurityGroupId) => boolean | null;
}

/** Reads one account and Region; everything is read at most once. */
export function livePlace(session: Session, options: PlaceOptions): Place {
  const loadBalancers = once(() => readLoadBalancers(session));
  const listeners = onceEach(
    (arn: LoadBalancerArn) => arn,
    (arn) => readListeners(session, arn),
  );
  const prefixLists = once(() => (options.prefixLists ?? readPrefixLists)(session));
  const interfaces = once(async () => readBalancerInterfaces(session, await whereOf(options, loadBalancers)));
  const albTargets = once(async (): Promise<Fact<readonly AlbTarget[]>> => {
    const all = await loadBalancers();
    return all.known && all.value.some(({ type }) => type === 'network') ? readAlbTargets(session) : known([]);
  });
  const cited = new Map<SecurityGroupId, CitedGroup>();
  const openEgress = new Map<SecurityGroupId, boolean>();

  return {
    session,
    loadBalancers,
    securityGroups: async (which) => {
      const seen = await readSecurityGroups(session, which);
      for (const [id, group] of seen.cited) cited.set(id, group);
      for (const [id, isOpen] of seen.openEgress) openEgress.set(id, isOpen);
      const { groups } = seen;
      if (groups.known) return groups.value;
      options.onBlindSpot(groups.gap);
      return which === 'every' ? [] : [...which].map((id) => hidden(id, session, groups));
    },
    citedGroups: async (ids) => {
      const answers = new Map<SecurityGroupId, Fact<CitedGroup | null>>();
      const unseen = new Set<SecurityGroupId>();
      for (const id of ids) {
        const held = cited.get(id);
        if (held === undefined) unseen.add(id);
        else answers.set(id, known(held));
      }
      const read =
        unseen.size === 0
          ? new Map<SecurityGroupId, Fact<CitedGroup | null>>()
          : await readCitedGroups(session, unseen);
      return new Map([...answers, ...read]);
    },
    egressSeen: (id) => openEgress.get(id) ?? null,
    withTags: tagsOnce(session),
    listenerPorts: async (arn) => portsOf(await listeners(arn)),
    listeners,
    listenerRules: onceEach(
      (arn) => arn,
      (arn) => readListenerRules(session, arn),
    ),
    publicAddresses: async ({ arn }) => {
      const seen = await interfaces();
      return seen.known ? known(addressesOf(arn, seen.value)) : seen;
    },
    otherEntrances: async (loadBalancer) => {
      if (options.entrances === 'skip') return [];
      const [seen, targets] = await Promise.all([interfaces(), albTargets()]);
      for (const fact of [seen, targets]) if (!fact.known) options.onBlindSpot(fact.gap);
      return entrancesOf(loadBalancer, seen.known ? seen.value : [], targets.known ? targets.value : []);
    },
    prefixLists: async (ids, _from, entries) => {
      const lists = await prefixLists();
      const read = [...ids].map(async (id) => [id, await prefixListOf(session, id, lists, entries)] as const);
      return new Map(await Promise.all(read));
    },
    cloudfrontPrefixLists: async () => {
      const lists = await prefixLists();
      return lists.known
        ? lists.value
            .filter((list) => identifyPrefixList(list) === 'cloudfront')
            .sort((a, b) => compareText(a.name, b.name))
        : [];
    },
  };
}

/** Reads the tags of each load balancer once, however many rules ask. */
function tagsOnce(session: Session): LoadBalancerReader['withTags'] {
  const read = new Map<LoadBalancerArn, Promise<readonly LoadBalancer[]>>();
  return (asked) => {
    const unread = asked.filter(({ arn }) => !read.has(arn));
    const reading = readTags(session, unread);
    for (const { arn } of unread) read.set(arn, reading);
    return Promise.all(
      asked.map(async (each) => {
        const all = await read.get(each.arn);
        return all?.find(({ arn }) => arn === each.arn) ?? each;
      }),
    );
  };
}

/** One listing serves every question where several are asked, else only load balancers' own interfaces are read. */
async function whereOf(
  { entrances, interfaces }: PlaceOptions,
  loadBalancers: () => Promise<Fact<readonly LoadBalancer[]>>,
): Promise<Parameters<typeof readBalancerInterfaces>[1]> {
  if (interfaces === 'every') return { kind: 'everywhere' };
  if (entrances === 'skip') return { kind: 'described' };
  const all = await loadBalancers();
  const applications = all.known ? all.value.filter(({ type }) => type === 'application') : [];
  return { kind: 'in-vpcs', vpcIds: [...new Set(applications.flatMap(({ vpcId }) => vpcId ?? []))].sort() };
}

function hidden(
  id: SecurityGroupId,
  { accountId, region }: Session,
  fact: { readonly known: false; readonly gap: Gap },
): SecurityGroup {
  return { id, name: null, vpcId: null, scope: { accountId, region }, deleted: false, tags: fact, ingress: fact };
}

/** AWS names the owner of a load balancer's interface only in its description: "ELB app/NAME/HASH". */
const addressesOf = (arn: string, interfaces: readonly NetworkInterfaceItem[]): readonly string[] =>
  interfaces
    .filter(({ description }) => description === `ELB ${loadBalancerPath(arn)}`)
    .flatMap(({ publicAddresses }) => publicAddresses);

function entrancesOf(
  { arn, vpcId }: LoadBalancer,
  interfaces: readonly NetworkInterfaceItem[],
  targets: readonly AlbTarget[],
): readonly Entrance[] {
  const accelerators = interfaces.filter(
    (each) => each.interfaceType === 'global_accelerator_managed' && each.vpcId === vpcId,
  );
  // One that leads here by several ports has a target group for each.
  const inFront = new Set(
    targets.filter((target) => target.targets.includes(arn)).flatMap(({ loadBalancerArns }) => loadBalancerArns),
  );
  return [
    ...accelerators.map(({ networkInterfaceId: id }): Entrance => ({ kind: 'global-accelerator', id })),
    ...[...inFront].map((id): Entrance => ({ kind: 'network-load-balancer', id })),
  ].sort((a, b) => compareText(a.id, b.id));
}

async function prefixListOf(
  session: Session,
  id: PrefixListId,
  lists: Fact<readonly PrefixList[]>,
  entries: 'with-entries' | 'without-entries',
): Promise<Fact<PrefixList>> {
  if (!lists.known) return lists;
  const list = lists.value.find((each) => each.id === id);
  if (list === undefined) {
    const { accountId, region } = session;
    return missing({
      fact: `prefixList ${id}`,
      cause: 'unresolved',
      detail: `prefix list ${id} is not visible to account ${accountId} in ${region}; it may be deleted or no longer shared`,
    });
  }
  const isJudgedByEntries = entries === 'with-entries' && identifyPrefixList(list) === 'customer';
  return known(isJudgedByEntries ? { ...list, entries: await readPrefixListEntries(session, id) } : list);
}
