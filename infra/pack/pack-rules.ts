import { RULES, type RegisteredRule } from '../../rules/registry.js';
import type { ManagedRule } from '../setting-kinds.js';
import { MANAGED_RULE_ENTRIES } from './managed-rules.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * What AWS Config records of what the rules look at.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html
 */
const RECORDED = [
  'AWS::EC2::SecurityGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::CloudFront::Distribution',
] as const;

/** What a change must be of for the rule to be asked: of what asks nothing of it, each run would cost and tell nothing. */
const scopeOf = ({ touchedBy }: RegisteredRule): readonly string[] =>
  RECORDED.filter(
    (resourceType) =>
      touchedBy({ resourceType, resourceId: '', gone: false, recorded: true, mentions: new Set() }).kind !== 'nothing',
  );

/** As many whole sentences as AWS Config takes. Source: API reference of ConfigRule, Description */
const shortened = (description: string): string =>
  /^.{0,255}\.(?=\s|$)/s.exec(description)?.[0] ?? description.slice(0, 256);

/** `alb-sg-cloudfront-only` as a logical id: `AlbSgCloudfrontOnly`. */
export const pascalCase = (id: string): string =>
  id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** AWS Config adds a suffix of 26 characters in a pack, and results can be asked for by names of at most 64. */
export const ruleName = (id: string): string => `origin-guard-${id}`;

/** The ids of our rules, in registry order. */
export const RULE_IDS = RULES.map(({ meta }) => meta.id) as unknown as readonly [string, ...string[]];

/** Their names in AWS Config, without the suffix of a pack. */
export const CONFIG_RULE_NAMES = RULE_IDS.map(ruleName) as unknown as readonly [string, ...string[]];

/** A rule of ours as AWS Config runs it: on changes, on items that are too large for their notification, and daily. */
export const configRule = (rule: RegisteredRule, inputs: Json, functionArn: Json): Json => ({
  Type: 'AWS::Config::ConfigRule',
  Properties: {
    ConfigRuleName: ruleName(rule.meta.id),
    Description: shortened(rule.meta.description),
    InputParameters: inputs,
    Scope: { ComplianceResourceTypes: scopeOf(rule) },
    Source: {
      Owner: 'CUSTOM_LAMBDA',
      SourceIdentifier: functionArn,
      SourceDetails: [
        { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
        { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
        {
          EventSource: 'aws.config',
          MessageType: 'ScheduledNotification',
          MaximumExecutionFrequency: 'TwentyFour_Hours',
        },
      ],
    },
  },
});

/** A rule of AWS's own. */
export function managedRule(name: ManagedRule): Json {
  const { identifier, description, resourceTypes, isGlobal } = MANAGED_RULE_ENTRIES[name];
  return {
    Type: 'AWS::Config::ConfigRule',
    ...(isGlobal ? { Condition: 'IsCloudFrontRegion' } : {}),
    Properties: {
      ConfigRuleName: name,
      Description: description,
      ...(resourceTypes.length === 0 ? {} : { Scope: { ComplianceResourceTypes: resourceTypes } }),
      Source: { Owner: 'AWS', SourceIdentifier: identifier },
    },
  };
}
