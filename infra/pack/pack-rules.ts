import type { RuleMeta } from '../../core/rule.js';
import { RULES } from '../../rules/registry.js';
import type { ManagedRule } from '../setting-kinds.js';
import { MANAGED_RULE_ENTRIES } from './managed-rules.js';

type Json = Readonly<Record<string, unknown>>;

/** What a change must be of for the function to be asked; it works out itself which resources that touches. */
const SCOPE = [
  'AWS::EC2::SecurityGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::CloudFront::Distribution',
] as const;

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
export const configRule = ({ id, description }: RuleMeta, inputs: Json, functionArn: Json): Json => ({
  Type: 'AWS::Config::ConfigRule',
  Properties: {
    ConfigRuleName: ruleName(id),
    Description: description.slice(0, 256),
    InputParameters: inputs,
    Scope: { ComplianceResourceTypes: SCOPE },
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
