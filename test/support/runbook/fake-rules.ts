import { SecurityGroupId } from '../../../core/ids.js';
import { parseCidr } from '../../../core/model/cidr.js';
import { normalizeProtocol, sourceText, type IngressRule } from '../../../core/model/security-group.js';
import { PrefixListId } from '../../../core/ids.js';
import { AwsError } from './fake-state.js';

type Map = Readonly<Record<string, unknown>>;

/** The rules that `IpPermissions` ask for, one for each source; raises the error with which EC2 refuses a shape. */
export function toRules(permissions: unknown): readonly Omit<IngressRule, 'ruleId'>[] {
  const rules = listOf(permissions, 'IpPermissions').flatMap((permission) => {
    const protocol = textOf(permission, 'IpProtocol');
    const [fromPort, toPort] = [portOf(permission, 'FromPort'), portOf(permission, 'ToPort')];
    checkPorts(protocol, fromPort, toPort);
    const range = normalizeProtocol(protocol, fromPort, toPort);
    return sourcesOf(permission).map((source) => ({ ...range, ...source }));
  });
  if (rules.length === 0) throw new AwsError('MissingParameter', 'IpPermissions hold no source');
  return rules;
}

function sourcesOf(permission: Map): readonly Pick<IngressRule, 'source' | 'description'>[] {
  const cidrs = [
    ...optionalList(permission, 'IpRanges').map((range) => [range, textOf(range, 'CidrIp')] as const),
    ...optionalList(permission, 'Ipv6Ranges').map((range) => [range, textOf(range, 'CidrIpv6')] as const),
  ].map(([range, text]) => {
    const cidr = parseCidr(text);
    if (cidr === null) throw new AwsError('InvalidParameterValue', `CIDR block ${text} is malformed`);
    return { source: { kind: 'cidr', cidr } as const, ...describedBy(range) };
  });
  const lists = optionalList(permission, 'PrefixListIds').map((list) => {
    const prefixListId = PrefixListId.safeParse(list['PrefixListId']).data;
    if (prefixListId === undefined)
      throw new AwsError('InvalidPrefixListId.Malformed', JSON.stringify(list['PrefixListId']));
    return { source: { kind: 'prefix-list', prefixListId } as const, ...describedBy(list) };
  });
  const groups = optionalList(permission, 'UserIdGroupPairs').map((pair) => {
    const groupId = SecurityGroupId.safeParse(pair['GroupId']).data;
    if (groupId === undefined) throw new AwsError('InvalidGroupId.Malformed', JSON.stringify(pair['GroupId']));
    return {
      source: { kind: 'security-group', groupId, vpcId: null, accountId: null } as const,
      ...describedBy(pair),
    };
  });
  return [...cidrs, ...lists, ...groups];
}

/** What makes two rules of one group the same rule; descriptions and rule ids do not. */
export const ruleKey = ({ protocol, fromPort, toPort, source }: Omit<IngressRule, 'ruleId'>): string =>
  [protocol, fromPort, toPort, addressesOf(source)].join('|');

const addressesOf = (source: IngressRule['source']): string =>
  source.kind === 'cidr' ? `${source.cidr.family}:${source.cidr.first}-${source.cidr.last}` : sourceText(source);

/** A rule in the shape of `SecurityGroupRules`. */
export const toDescribedRule = (groupId: string, rule: IngressRule): Map => ({
  SecurityGroupRuleId: rule.ruleId,
  GroupId: groupId,
  IsEgress: false,
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort ?? -1,
  ToPort: rule.toPort ?? -1,
  ...sourceFields(rule.source),
  ...(rule.description === undefined ? {} : { Description: rule.description }),
});

function sourceFields(source: IngressRule['source']): Map {
  if (source.kind === 'prefix-list') return { PrefixListId: source.prefixListId };
  if (source.kind === 'security-group') return { ReferencedGroupInfo: { GroupId: source.groupId } };
  return source.cidr.family === 4 ? { CidrIpv4: source.cidr.text } : { CidrIpv6: source.cidr.text };
}

function checkPorts(protocol: string, fromPort: number | null, toPort: number | null): void {
  if (!['tcp', 'udp', '6', '17'].includes(protocol)) return;
  const isRange = fromPort !== null && toPort !== null && fromPort >= 0 && fromPort <= toPort && toPort <= 65_535;
  if (!isRange) throw new AwsError('InvalidParameterValue', `ports ${String(fromPort)}-${String(toPort)}`);
}

function portOf(permission: Map, name: string): number | null {
  const value = permission[name] ?? null;
  if (value === null || Number.isInteger(value)) return value as number | null;
  throw new AwsError('ValidationException', `${name} is ${JSON.stringify(value)}; expected an integer`);
}

/** A text that a call must carry. */
export function textOf(params: Map, name: string): string {
  const value = params[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('ValidationException', `${name} is ${JSON.stringify(value)}; expected a text`);
}

/** Texts that a call must carry, at least one. */
export function textsOf(params: Map, name: string): readonly string[] {
  const value = params[name];
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')) return value;
  throw new AwsError('ValidationException', `${name} is ${JSON.stringify(value)}; expected a list of texts`);
}

const optionalList = (params: Map, name: string): readonly Map[] =>
  params[name] === undefined ? [] : listOf(params[name], name);

function listOf(value: unknown, name: string): readonly Map[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)) return value as Map[];
  throw new AwsError('ValidationException', `${name} is ${JSON.stringify(value)}; expected a list of structures`);
}

const describedBy = ({ Description: text }: Map): { readonly description?: string } =>
  typeof text === 'string' && text !== '' ? { description: text } : {};
