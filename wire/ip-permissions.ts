import * as z from 'zod/mini';
import type { Gap } from '../core/fact.js';
import { PrefixListId, SecurityGroupId, toAccountId } from '../core/ids.js';
import { parseCidr } from '../core/model/cidr.js';
import { normalizeProtocol, sourceText, type IngressRule, type IngressSource } from '../core/model/security-group.js';
import { CIDR_EXPECTED, isRecord } from './shared.js';

/** Ingress rules, or the gap left by a permission whose source this version does not understand. */
export interface Ingress {
  readonly rules: readonly IngressRule[];
  readonly gap: Gap | null;
}

/** The gap left by a source that nobody here can read: it may admit anybody. */
export const notUnderstood = (what: string): Gap => ({
  fact: 'ingress',
  cause: 'incomplete',
  detail: `an ingress rule has a source that this version does not understand (${what})`,
});

/** What makes two descriptions of an ingress rule one and the same. */
export const ruleKey = ({ ruleId, protocol, fromPort, toPort, source }: IngressRule): string =>
  `${ruleId ?? ''}|${protocol}|${String(fromPort)}|${String(toPort)}|${sourceText(source)}`;

interface SourceList {
  /** The member that holds the source; old configuration items hold the bare text in place of the object. */
  readonly key: string;
  readonly expected: string;
  readonly read: (text: string, element: unknown) => IngressSource | null;
}

const readCidr = (text: string): IngressSource | null => {
  const cidr = parseCidr(text);
  return cidr === null ? null : { kind: 'cidr', cidr };
};

/** The lists of sources that a permission may have. */
const SOURCE_LISTS: ReadonlyMap<string, SourceList> = new Map<string, SourceList>([
  ['ipRanges', { key: 'cidrIp', expected: CIDR_EXPECTED, read: readCidr }],
  ['ipv4Ranges', { key: 'cidrIp', expected: CIDR_EXPECTED, read: readCidr }],
  ['ipv6Ranges', { key: 'cidrIpv6', expected: CIDR_EXPECTED, read: readCidr }],
  [
    'prefixListIds',
    {
      key: 'prefixListId',
      expected: 'a prefix list id such as pl-3b927c52',
      read: (text) => {
        const id = PrefixListId.safeParse(text);
        return id.success ? { kind: 'prefix-list', prefixListId: id.data } : null;
      },
    },
  ],
  [
    'userIdGroupPairs',
    {
      key: 'groupId',
      expected: 'a security group id such as sg-0abc1234',
      read: (text, element) => {
        const id = SecurityGroupId.safeParse(text);
        const pair = isRecord(element) ? element : {};
        const vpcId = typeof pair['vpcId'] === 'string' && pair['vpcId'] !== '' ? pair['vpcId'] : null;
        return id.success
          ? { kind: 'security-group', groupId: id.data, vpcId, accountId: toAccountId(pair['userId']) }
          : null;
      },
    },
  ],
]);

type Report = (path: readonly PropertyKey[], found: unknown, expected: string) => void;

/**
 * `IpPermissions` as single rules.
 *
 * @remarks Read by hand, where everything else has a schema for each member: this is what large accounts have millions
 * of, and the schemas took most of the time of a scan.
 */
export const IpPermissions = z.pipe(
  z.array(z.unknown()),
  z.transform((permissions, context): Ingress => {
    const report: Report = (path, input, expected) => {
      context.issues.push({ code: 'custom', path: [...path], input, message: `expected ${expected}` });
    };
    const rules = new Map<string, IngressRule>();
    let gap: Gap | null = null;
    for (const [index, permission] of permissions.entries()) {
      if (isRecord(permission)) gap = readPermission(permission, index, rules, report) ?? gap;
      else report([index], permission, 'an object');
    }
    return { rules: [...rules.values()], gap };
  }),
);

function readPermission(
  permission: Readonly<Record<string, unknown>>,
  index: number,
  rules: Map<string, IngressRule>,
  report: Report,
): Gap | null {
  const ipProtocol = permission['ipProtocol'];
  if (typeof ipProtocol !== 'string') report([index, 'ipProtocol'], ipProtocol, 'a text');
  const fromPort = readPort(permission, 'fromPort', index, report);
  const toPort = readPort(permission, 'toPort', index, report);
  const ports = normalizeProtocol(String(ipProtocol), fromPort, toPort);
  let gap: Gap | null = null;
  let hasList = false;
  for (const name of Object.keys(permission)) {
    const elements = permission[name];
    const list = SOURCE_LISTS.get(name);
    if (list === undefined) {
      if (Array.isArray(elements) && elements.length > 0) gap = notUnderstood(name);
    } else if (Array.isArray(elements)) {
      hasList = true;
      for (const [at, element] of elements.entries()) {
        const text: unknown = isRecord(element) ? element[list.key] : element;
        const source = typeof text === 'string' ? list.read(text, element) : null;
        if (source !== null) keepRule(ports, source, rules);
        else if (text === undefined && list.key === 'groupId') gap = notUnderstood('a group without an id');
        else report([index, name, at, list.key], text, list.expected);
      }
    } else if (elements !== null && elements !== undefined) report([index, name], elements, 'a list');
  }
  return hasList ? gap : notUnderstood('no list of sources');
}

function keepRule(
  { protocol, fromPort, toPort }: Pick<IngressRule, 'protocol' | 'fromPort' | 'toPort'>,
  source: IngressSource,
  rules: Map<string, IngressRule>,
): void {
  const rule: IngressRule = { ruleId: null, protocol, fromPort, toPort, source };
  rules.set(ruleKey(rule), rule);
}

function readPort(
  permission: Readonly<Record<string, unknown>>,
  name: 'fromPort' | 'toPort',
  index: number,
  report: Report,
): number | null {
  const port = permission[name];
  if (typeof port === 'number' && Number.isInteger(port)) return port;
  if (port !== undefined && port !== null) report([index, name], port, 'a whole number');
  return null;
}
