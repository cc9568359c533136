import { GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { DescribeSecurityGroupsCommand, type IpPermission } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { HistoryItem } from '../../support/proxy/config-stand-in.js';
import { given } from './article-environment.js';
import type { Clients } from './caller.js';

/** A configuration item as events carry it. */
export interface EventItem {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName: string | null;
  readonly ARN: string;
  readonly awsAccountId: string;
  readonly awsRegion: string;
  readonly configurationItemStatus: string;
  /** ISO 8601. */
  readonly configurationItemCaptureTime: string;
  readonly configuration: unknown;
  readonly [key: string]: unknown;
}

/** The rule on whose behalf AWS Config invokes the function. */
export interface InvokingRule {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly resultToken: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Rules of a conformance pack carry the pack's suffix. */
export const RULE_NAME = 'alb-sg-cloudfront-only-conformance-pack-a1b2c3d4e';

/** The item of a security group as it is now, in the words of AWS Config. */
export async function groupItem({ ec2, region }: Clients, groupId: string): Promise<EventItem> {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }));
  const { IpPermissions = [], IpPermissionsEgress = [], ...group } = given(SecurityGroups?.[0]);
  const account = given(group.OwnerId);
  return item('AWS::EC2::SecurityGroup', groupId, group.GroupName, account, region, {
    arn: `arn:aws:ec2:${region}:${account}:security-group/${groupId}`,
    relationships: [related('AWS::EC2::VPC', given(group.VpcId), 'Is contained in Vpc')],
    tags: group.Tags ?? [],
    configuration: lowerFirst({
      Description: group.Description,
      GroupName: group.GroupName,
      IpPermissions: IpPermissions.map(permission),
      OwnerId: account,
      GroupId: groupId,
      IpPermissionsEgress: IpPermissionsEgress.map(permission),
      Tags: group.Tags ?? [],
      VpcId: group.VpcId,
    }),
  });
}

/** The item of a load balancer as it is now. */
export async function loadBalancerItem({ elbv2, region }: Clients, arn: string): Promise<EventItem> {
  const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
  const balancer = given(LoadBalancers?.[0]);
  const groups = balancer.SecurityGroups ?? [];
  const type = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
  return item(type, arn, balancer.LoadBalancerName, given(arn.split(':')[4]), region, {
    arn,
    relationships: groups.map((id) => related('AWS::EC2::SecurityGroup', id, 'Is associated with SecurityGroup')),
    tags: [],
    configuration: lowerFirst({ ...balancer, CreatedTime: balancer.CreatedTime?.toISOString() }),
  });
}

/** The item of a distribution as it is now; AWS Config records these in us-east-1, as of the Region `global`. */
export async function distributionItem({ cloudfront }: Clients, id: string): Promise<EventItem> {
  const { Distribution } = await cloudfront.send(new GetDistributionCommand({ Id: id }));
  const distribution = given(Distribution);
  const arn = given(distribution.ARN);
  return item('AWS::CloudFront::Distribution', id, undefined, given(arn.split(':')[4]), 'global', {
    arn,
    relationships: [],
    tags: [],
    configuration: lowerFirst({ ...distribution, LastModifiedTime: distribution.LastModifiedTime?.toISOString() }),
  });
}

/** The item of the same resource after it is gone. */
export const deletedItem = (
  { configurationStateId: _, ...before }: EventItem,
  configurationItemStatus = 'ResourceDeleted',
): EventItem => ({ ...before, ...moment(), configurationItemStatus, configuration: null, relationships: [], tags: {} });

/** The event of a resource that changed. */
export const changeEvent = (rule: InvokingRule, configurationItem: EventItem, eventLeftScope = false): object =>
  event(rule, eventLeftScope, {
    configurationItemDiff: null,
    configurationItem,
    notificationCreationTime: now(),
    messageType: 'ConfigurationItemChangeNotification',
    recordVersion: '1.3',
  });

/** The event of a resource whose item is too large for an event: only a summary of it comes. */
export const oversizedEvent = (rule: InvokingRule, whole: EventItem): object => {
  const { configuration: _, relationships: __, tags: ___, supplementaryConfiguration: ____, ...summary } = whole;
  return event(rule, false, {
    configurationItemSummary: { changeType: 'UPDATE', ...summary },
    s3DeliverySummary: {
      s3BucketLocation: 'config-bucket/AWSLogs/OversizedChangeNotification/1.json',
      errorCode: null,
      errorMessage: null,
    },
    notificationCreationTime: now(),
    messageType: 'OversizedConfigurationItemChangeNotification',
    recordVersion: '1.0',
  });
};

/** The event of a schedule. */
export const scheduledEvent = (rule: InvokingRule): object =>
  event(rule, false, {
    awsAccountId: rule.accountId,
    notificationCreationTime: now(),
    messageType: 'ScheduledNotification',
    recordVersion: '1.0',
  });

/**
 * An item as the API of AWS Config prints it.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules.html
 */
export function toHistory({
  ARN,
  awsAccountId,
  configurationItemVersion,
  configurationItemCaptureTime,
  configurationStateMd5Hash,
  configurationStateId,
  configuration,
  relationships,
  ...same
}: EventItem): HistoryItem {
  return {
    ...same,
    arn: ARN,
    accountId: awsAccountId,
    version: configurationItemVersion,
    configurationItemMD5Hash: configurationStateMd5Hash,
    configurationItemCaptureTime: Date.parse(configurationItemCaptureTime) / 1_000,
    configurationStateId: String(configurationStateId),
    configuration: JSON.stringify(configuration),
    relationships: (relationships as readonly Related[]).map(({ name: relationshipName, ...rest }) => ({
      ...rest,
      relationshipName,
    })),
  };
}

interface Related {
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName: string | null;
  readonly name: string;
}

const related = (resourceType: string, resourceId: string, name: string): Related => ({
  resourceType,
  resourceId,
  resourceName: null,
  name,
});

const now = (): string => new Date().toISOString();

/** AWS Config counts the states of a resource up; its times never stand still between two items either. */
let states = Date.now();
function moment(): { readonly configurationItemCaptureTime: string; readonly configurationStateId: number } {
  states = Math.max(states + 1, Date.now());
  return { configurationItemCaptureTime: new Date(states).toISOString(), configurationStateId: states };
}

interface ItemParts {
  readonly arn: string;
  readonly relationships: readonly Related[];
  readonly tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];
  readonly configuration: unknown;
}

function item(
  resourceType: string,
  resourceId: string,
  name: string | undefined,
  awsAccountId: string,
  awsRegion: string,
  { arn, relationships, tags, configuration }: ItemParts,
): EventItem {
  return {
    relatedEvents: [],
    relationships,
    configuration,
    supplementaryConfiguration: {},
    tags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    configurationItemVersion: '1.3',
    ...moment(),
    awsAccountId,
    configurationItemStatus: 'OK',
    resourceType,
    resourceId,
    resourceName: name ?? null,
    ARN: arn,
    awsRegion,
    availabilityZone: 'Not Applicable',
    configurationStateMd5Hash: '',
    resourceCreationTime: null,
  };
}

/** AWS Config lists IPv4 sources twice: as texts, and as objects. */
const permission = ({ IpRanges = [], ...rest }: IpPermission): object => ({
  ...rest,
  Ipv4Ranges: IpRanges,
  IpRanges: IpRanges.map(({ CidrIp }) => CidrIp),
});

function lowerFirst(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(lowerFirst);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.charAt(0).toLowerCase() + key.slice(1), lowerFirst(each)]),
  );
}

const event = (
  { name, accountId, region, resultToken, parameters }: InvokingRule,
  eventLeftScope: boolean,
  invokingEvent: object,
): object => ({
  version: '1.0',
  invokingEvent: JSON.stringify(invokingEvent),
  ...(parameters !== undefined && { ruleParameters: JSON.stringify(parameters) }),
  resultToken,
  eventLeftScope,
  executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
  configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-xxxxxx`,
  configRuleName: name,
  configRuleId: 'config-rule-xxxxxx',
  accountId,
});
