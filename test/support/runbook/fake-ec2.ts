import { AccountId, SecurityGroupId, SecurityGroupRuleId } from '../../../core/ids.js';
import { FAMILIES } from '../../../core/plan.js';
import { countRules } from './fake-network.js';
import type { Operation, Setting } from './fake-operation.js';
import { ruleKey, textOf, textsOf, toDescribedRule, toRules } from './fake-rules.js';
import { AwsError, withGroup, type FakeGroup, type FakeState, type StoredRule } from './fake-state.js';

type Params = Readonly<Record<string, unknown>>;

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html */
const authorizeIngress: Operation = (state, params, setting) => {
  const group = groupOf(state, textOf(params, 'GroupId'));
  const asked = toRules(params['IpPermissions']);
  for (const { source } of asked) {
    if (source.kind === 'security-group') groupOf(state, source.groupId);
    if (source.kind === 'prefix-list' && !setting.book.lists.some(({ id }) => id === source.prefixListId))
      throw new AwsError('InvalidPrefixListID.NotFound', `there is no prefix list ${source.prefixListId}`);
  }
  const keys = asked.map(ruleKey);
  if (new Set(keys).size < keys.length) throw new AwsError('InvalidParameterValue', 'a permission is asked for twice');
  const duplicate = group.ingress.map(ruleKey).find((key) => keys.includes(key));
  if (duplicate !== undefined)
    throw new AwsError('InvalidPermission.Duplicate', `group ${group.id} has the rule ${duplicate}`);
  const added = asked.map((rule): StoredRule => ({
    ...rule,
    ruleId: SecurityGroupRuleId.parse(setting.newId('sgr-')),
  }));
  const ingress = [...group.ingress, ...added];
  checkQuota(group, ingress, setting);
  return {
    state: withGroup(state, { ...group, ingress }),
    answer: { Return: true, SecurityGroupRules: added.map((rule) => toDescribedRule(group.id, rule)) },
  };
};

function checkQuota({ id }: FakeGroup, ingress: readonly StoredRule[], setting: Setting): void {
  const limit = setting.quotas['rules-per-group'];
  const count = countRules(ingress, setting.book, setting.counting);
  const over = FAMILIES.find((family) => count[family] > limit);
  if (over !== undefined)
    throw new AwsError(
      'RulesPerSecurityGroupLimitExceeded',
      `group ${id} would count ${String(count[over])} ${over} rules of ${String(limit)}`,
    );
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html */
const revokeIngress: Operation = (state, params, setting) => {
  const group = groupOf(state, textOf(params, 'GroupId'));
  const going =
    params['SecurityGroupRuleIds'] === undefined
      ? byProperties(group, params, setting)
      : byIds(group, textsOf(params, 'SecurityGroupRuleIds'));
  return {
    state: withGroup(state, { ...group, ingress: group.ingress.filter((rule) => !going.includes(rule)) }),
    answer: { Return: true, RevokedSecurityGroupRules: going.map((rule) => toDescribedRule(group.id, rule)) },
  };
};

const byIds = (group: FakeGroup, ids: readonly string[]): readonly StoredRule[] =>
  [...new Set(ids)].map((id) => {
    const rule = group.ingress.find(({ ruleId }) => ruleId === id);
    if (rule === undefined)
      throw new AwsError('InvalidSecurityGroupRuleId.NotFound', `group ${group.id} has no rule ${id}`);
    return rule;
  });

function byProperties(group: FakeGroup, params: Params, { defaultVpcs }: Setting): readonly StoredRule[] {
  const keys = toRules(params['IpPermissions']).map(ruleKey);
  const unknown = keys.find((key) => !group.ingress.some((rule) => ruleKey(rule) === key));
  if (unknown !== undefined && !defaultVpcs.includes(group.vpcId))
    throw new AwsError('InvalidPermission.NotFound', `group ${group.id} has no rule ${unknown}`);
  return group.ingress.filter((rule) => keys.includes(ruleKey(rule)));
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const createGroup: Operation = (state, params, setting) => {
  const [name, vpcId] = [textOf(params, 'GroupName'), textOf(params, 'VpcId')];
  textOf(params, 'Description');
  if (!/^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/.test(name))
    throw new AwsError('InvalidParameterValue', `group name ${name}`);
  if (!setting.vpcs.includes(vpcId)) throw new AwsError('InvalidVpcID.NotFound', `there is no VPC ${vpcId}`);
  if (state.groups.some((group) => group.name === name && group.vpcId === vpcId))
    throw new AwsError('InvalidGroup.Duplicate', `VPC ${vpcId} has a group ${name}`);
  const group: FakeGroup = {
    id: SecurityGroupId.parse(setting.newId('sg-')),
    name,
    vpcId,
    ownerId: AccountId.parse(setting.accountId),
    tags: tagsOf(params['TagSpecifications']),
    ingress: [],
    openEgress: true,
    egressTo: [],
  };
  return { state: { ...state, groups: [...state.groups, group] }, answer: { GroupId: group.id } };
};

function tagsOf(specifications: unknown): Readonly<Record<string, string>> {
  const given = (specifications ?? []) as readonly { readonly Tags: readonly { Key: string; Value: string }[] }[];
  return Object.fromEntries(given.flatMap(({ Tags }) => Tags).map(({ Key, Value }) => [Key, Value]));
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html */
const deleteGroup: Operation = (state, params) => {
  const { id, name } = groupOf(state, textOf(params, 'GroupId'));
  if (name === 'default') throw new AwsError('CannotDelete', `group ${id} is the default group of its VPC`);
  const users = [
    ...state.loadBalancers.filter(({ securityGroups }) => securityGroups.includes(id)).map(({ arn }) => arn),
    ...state.interfaces.filter(({ groups }) => groups.includes(id)).map((each) => each.id),
    ...state.groups.filter((group) => group.id !== id && names(group, id)).map((group) => group.id),
  ];
  if (users.length > 0) throw new AwsError('DependencyViolation', `group ${id} is used by ${users.join(', ')}`);
  return { state: { ...state, groups: state.groups.filter((group) => group.id !== id) }, answer: {} };
};

/** Whether a group's rules name another one. */
export const names = ({ ingress, egressTo }: FakeGroup, id: string): boolean =>
  egressTo.some((each) => each === id) ||
  ingress.some(({ source }) => source.kind === 'security-group' && source.groupId === id);

/** The group with an id; raises what EC2 does when there is none. */
export function groupOf({ groups }: FakeState, id: string): FakeGroup {
  const group = groups.find((each) => each.id === id);
  if (group === undefined) throw new AwsError('InvalidGroup.NotFound', `there is no group ${id}`);
  return group;
}

const FILTERS: Readonly<Record<string, (group: FakeGroup) => readonly string[]>> = {
  'group-id': ({ id }) => [id],
  'group-name': ({ name }) => [name],
  'vpc-id': ({ vpcId }) => [vpcId],
  'ip-permission.group-id': ({ ingress }) =>
    ingress.flatMap(({ source }) => (source.kind === 'security-group' ? source.groupId : [])),
};

function filtered(groups: readonly FakeGroup[], params: Params): readonly FakeGroup[] {
  const filters = (params['Filters'] ?? []) as readonly { readonly Name: string; readonly Values: readonly string[] }[];
  return filters.reduce((left, { Name: filter, Values: values }) => {
    const read = FILTERS[filter];
    if (read === undefined) throw new AwsError('InvalidParameterValue', `the filter ${filter} is invalid`);
    return left.filter((group) => read(group).some((value) => values.includes(value)));
  }, groups);
}

const describeGroups: Operation = (state, params) => {
  const ids = params['GroupIds'] === undefined ? null : textsOf(params, 'GroupIds');
  const named = ids === null ? state.groups : ids.map((id) => groupOf(state, id));
  return {
    state,
    answer: {
      SecurityGroups: filtered(named, params).map((group) => ({
        GroupId: group.id,
        GroupName: group.name,
        VpcId: group.vpcId,
        OwnerId: group.ownerId,
        Tags: Object.entries(group.tags).map(([Key, Value]) => ({ Key, Value })),
      })),
    },
  };
};

const describeRules: Operation = (state, params) => ({
  state,
  answer: {
    SecurityGroupRules: filtered(state.groups, params).flatMap((group) =>
      group.ingress.map((rule) => toDescribedRule(group.id, rule)),
    ),
  },
});

export const EC2_OPERATIONS: Readonly<Record<string, Operation>> = {
  AuthorizeSecurityGroupIngress: authorizeIngress,
  RevokeSecurityGroupIngress: revokeIngress,
  CreateSecurityGroup: createGroup,
  DeleteSecurityGroup: deleteGroup,
  DescribeSecurityGroups: describeGroups,
  DescribeSecurityGroupRules: describeRules,
};
