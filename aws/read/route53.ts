import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type HostedZone,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';
import pLimit from 'p-limit';
import { OriginGuardError } from '../../core/errors.js';
import { known, type Fact, type Gap } from '../../core/fact.js';
import { UNKNOWN, type LookUp } from '../../core/follow-names.js';
import { normalizeDomain } from '../../core/model/domain-name.js';
import { RecordSetItem } from '../../wire/names.js';
import { clientSettings, equip, type ClientOptions } from '../clients.js';
import { once } from '../once.js';
import type { Session } from '../session.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['route53:ListHostedZones', 'route53:ListResourceRecordSets'] as const;

/**
 * Route 53 takes five requests a second from an account, whoever sends them.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
 */
const CONCURRENCY = 2;

/** More than one name has as a rule; every record beyond it is nobody's business. */
const PAGE_SIZE = 20;

/** Makes the client of one account; only the command line has one. */
export function makeRoute53Client(options: ClientOptions): Route53Client {
  const client = new Route53Client(clientSettings(options));
  equip(client, options.counter);
  return client;
}

/**
 * The public hosted zones of the account.
 *
 * A private one answers inside its VPCs and nowhere else, and CloudFront asks from outside: what it says of an origin's
 * name may be another thing than what CloudFront sees.
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
 */
export async function readHostedZones(session: Session, client: Route53Client): Promise<Fact<readonly HostedZone[]>> {
  const pages = await readPages(silent(session), {
    fact: 'hostedZones',
    what: 'hosted zones',
    action: iamActions[0],
    command: 'list-hosted-zones',
    global: true,
    page: (Marker, options) => client.send(new ListHostedZonesCommand({ Marker }), options),
    next: ({ IsTruncated, NextMarker }) => (IsTruncated === true ? required(NextMarker, 'NextMarker') : null),
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.HostedZones, 'HostedZones'))
      .filter(({ Config }) => Config?.PrivateZone !== true),
  );
}

/**
 * Looks names up in the public hosted zones of one account as its name servers would, wildcards and delegations
 * included; a name that no zone has is unknown, since others may answer for it.
 *
 * What decided an answer is handed to `onPage`, and nothing else of a zone: the address and CNAME records of the name,
 * and of other records the name and type alone. A read that was denied is told to `onDenied` and answers nothing.
 */
export function recordsLookUp(session: Session, client: Route53Client, onDenied: (gap: Gap) => void): LookUp {
  const limit = pLimit(CONCURRENCY);
  const zones = once(() => readHostedZones(session, client));
  const nodes = new Map<string, Promise<Fact<Node>>>();
  const nodeAt = (zone: HostedZone, name: string): Promise<Fact<Node>> => {
    const key = `${zone.Id ?? ''} ${name}`;
    const reading = nodes.get(key) ?? limit(() => readNode(session, client, zone, name));
    nodes.set(key, reading);
    return reading;
  };
  return async (name) => {
    const all = await zones();
    if (!all.known) {
      onDenied(all.gap);
      return UNKNOWN;
    }
    const own = all.value.filter((zone) => isWithin(name, zoneName(zone)));
    const answers = await Promise.all(own.map((zone) => recordsIn(zone, name, nodeAt)));
    const records: readonly ResourceRecordSet[] = answers.flatMap((answer) => {
      if (answer.known) return answer.value;
      onDenied(answer.gap);
      return [];
    });
    if (records.length === 0) return UNKNOWN;
    const items = records.map((record) => readItem(RecordSetItem, record, `a record set of ${name}`));
    return {
      status: 'found',
      names: items.flatMap(({ names }) => names),
      addresses: items.flatMap(({ addresses }) => addresses),
      failures: [],
    };
  };
}

/** What a zone has at a name. */
interface Node {
  /** A name exists where there are records at it or below it; a delegation hands it over to another zone. */
  readonly standing: 'exists' | 'does-not-exist' | 'handed-over';
  /** Its own records, by which the zone answers. */
  readonly records: readonly ResourceRecordSet[];
}

/**
 * The records by which a zone answers for a name: its own, or those of the wildcard at the closest name above it that
 * exists (RFC 4592). None below a delegation, where the zone's word does not count.
 */
async function recordsIn(
  zone: HostedZone,
  name: string,
  nodeAt: (zone: HostedZone, name: string) => Promise<Fact<Node>>,
): Promise<Fact<readonly ResourceRecordSet[]>> {
  let encloser = zoneName(zone);
  for (const level of levelsBelow(encloser, name)) {
    const node = await nodeAt(zone, level);
    if (!node.known) return node;
    if (node.value.standing === 'does-not-exist') {
      const wildcard = await nodeAt(zone, `*.${encloser}`);
      return wildcard.known ? known(wildcard.value.records) : wildcard;
    }
    if (node.value.standing === 'handed-over') return known([]);
    encloser = level;
  }
  const node = await nodeAt(zone, name);
  return node.known ? known(node.value.records) : node;
}

/** The names from just below the zone's own down to the name: `b.example.com`, `a.b.example.com`. */
function levelsBelow(zone: string, name: string): readonly string[] {
  if (name === zone) return [];
  const labels = name.slice(0, -zone.length - 1).split('.');
  return labels.map((_, cut) => `${labels.slice(cut).join('.')}.${zone}`).reverse();
}

async function readNode(session: Session, client: Route53Client, zone: HostedZone, name: string): Promise<Fact<Node>> {
  const apex = zoneName(zone);
  const pages = await readPages(silent(session), {
    fact: `records of ${apex}`,
    what: `the records of ${name}`,
    action: iamActions[1],
    command: 'list-resource-record-sets',
    global: true,
    page: (token, options) => {
      const start = token === undefined ? { StartRecordName: `${name}.` } : (JSON.parse(token) as NextRecord);
      return client.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zone.Id, MaxItems: PAGE_SIZE, ...start }),
        options,
      );
    },
    next: (page) => nextOf(page, name),
  });
  if (!pages.known) return pages;
  const listed = pages.value.flatMap((page) => listOf(page.ResourceRecordSets, 'ResourceRecordSets'));
  const { node, proof } = toNode(listed, name, apex);
  session.onPage?.({
    accountId: session.accountId,
    region: null,
    command: 'list-resource-record-sets',
    about: name,
    page: { ResourceRecordSets: [{ Name: `${apex}.`, Type: 'SOA' }, ...proof] },
  });
  return known(node);
}

/**
 * What the records from a name on say of the name, and those of them that show it.
 *
 * @remarks Whoever reads the proof again must know which names exist, since they end the reach of wildcards above them.
 */
function toNode(
  listed: readonly ResourceRecordSet[],
  name: string,
  apex: string,
): { readonly node: Node; readonly proof: readonly object[] } {
  const own = listed.filter((record) => recordName(record) === name);
  if (name !== apex && own.some(({ Type }) => Type === 'NS'))
    return { node: { standing: 'handed-over', records: [] }, proof: own.map(nameAndType) };
  if (own.length > 0) {
    const proof = own.map((record) => (LEADS_ON.has(record.Type) ? record : nameAndType(record)));
    return { node: { standing: 'exists', records: own }, proof };
  }
  // Names are listed by their labels from the right, so what is below a name follows it at once.
  const below = listed.slice(0, 1).filter((record) => isWithin(recordName(record), name));
  return {
    node: { standing: below.length > 0 ? 'exists' : 'does-not-exist', records: [] },
    proof: below.map(nameAndType),
  };
}

interface NextRecord {
  readonly StartRecordName: string;
  readonly StartRecordType?: RRType;
  readonly StartRecordIdentifier?: string;
}

/** Where the list goes on, as long as that is with records of the same name. */
function nextOf(page: ListResourceRecordSetsCommandOutput, name: string): string | null {
  if (page.IsTruncated !== true) return null;
  const StartRecordName = required(page.NextRecordName, 'NextRecordName');
  if (nameOf(StartRecordName) !== name) return null;
  const next: NextRecord = {
    StartRecordName,
    ...(page.NextRecordType === undefined ? {} : { StartRecordType: page.NextRecordType }),
    ...(page.NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: page.NextRecordIdentifier }),
  };
  return JSON.stringify(next);
}

const LEADS_ON: ReadonlySet<string | undefined> = new Set(['A', 'AAAA', 'CNAME']);

/** Texts, mail servers and the like lead nowhere, and may be tokens: that they are there is all that counts. */
const nameAndType = ({ Name, Type }: ResourceRecordSet): object => ({ Name, Type });

/** Route 53 takes a `*` and writes it `\052`: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html */
const nameOf = (text: string): string => normalizeDomain(text.replaceAll('\\052', '*'));
const recordName = ({ Name }: ResourceRecordSet): string => nameOf(Name ?? '');
const zoneName = ({ Name }: HostedZone): string => nameOf(Name ?? '');

const isWithin = (name: string, ancestor: string): boolean => name === ancestor || name.endsWith(`.${ancestor}`);

/** A session that hands no page on. */
const silent = ({ onPage: _, ...session }: Session): Session => session;

function required(text: string | undefined, name: string): string {
  if (text !== undefined && text !== '') return text;
  throw new OriginGuardError('E2006', `the answer is truncated and has no ${name}`);
}
