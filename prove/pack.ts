import {
  arnOf,
  functionWith,
  groupWith,
  nameIn,
  NETWORK,
  output,
  ref,
  type Json,
  type Resource,
  type Setting,
  type Template,
} from './template.js';

/**
 * Reports one group as non-compliant whenever AWS Config asks.
 *
 * Source of the protocol: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
export const REPORTER = `const { ConfigServiceClient, PutEvaluationsCommand } = require('@aws-sdk/client-config-service');
exports.handler = async (event) => {
  const { groupId } = JSON.parse(event.ruleParameters);
  const at = JSON.parse(event.invokingEvent).notificationCreationTime;
  await new ConfigServiceClient({}).send(new PutEvaluationsCommand({
    ResultToken: event.resultToken,
    Evaluations: [{ ComplianceResourceType: 'AWS::EC2::SecurityGroup', ComplianceResourceId: groupId,
      ComplianceType: 'NON_COMPLIANT', OrderingTimestamp: new Date(at) }],
  }));
};
`;

/** The longest name by which a rule's results can be asked for is 64, and a pack adds 26. */
export const ruleName = (question: string): string => `origin-guard-prove-${question.toLowerCase()}`;

/** The function that reports, AWS Config's leave to ask it, and the group that it reports. */
export const reporting = ({ accountId }: Setting): Readonly<Record<string, Resource>> => ({
  Network: NETWORK,
  Group: groupWith(),
  ...functionWith('Reporter', REPORTER, [{ Action: ['config:PutEvaluations'], Resource: '*' }]),
  Leave: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: ref('Reporter'),
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
      SourceAccount: accountId,
    },
  },
});

/** A rule that AWS Config asks when it is made, and daily; `function` and `group` are put in as they are. */
export const scheduledRule = (name: string, functionArn: Json, groupId: Json): Resource => ({
  Type: 'AWS::Config::ConfigRule',
  Properties: {
    ConfigRuleName: name,
    InputParameters: { groupId },
    Source: {
      Owner: 'CUSTOM_LAMBDA',
      SourceIdentifier: functionArn,
      SourceDetails: [
        {
          EventSource: 'aws.config',
          MessageType: 'ScheduledNotification',
          MaximumExecutionFrequency: 'TwentyFour_Hours',
        },
      ],
    },
  },
});

/** How a pack rule's findings are to be put right. */
export interface PackRemediation {
  readonly document: Json;
  readonly role: Json;
  readonly automatic: boolean;
  readonly attempts: number;
}

interface PackOf {
  readonly setting: Setting;
  readonly question: string;
  /** What the rule names as its function. @default - the ARN of the reporter, written as text */
  readonly functionArn?: Json;
  readonly groupId?: Json;
  readonly remediation?: PackRemediation;
  readonly after: readonly string[];
}

export const packName = (run: string, question: string): string => nameIn(run, question);

/** A conformance pack with one rule. */
export function packWith({ setting, question, functionArn, groupId, remediation, after }: PackOf): Resource {
  const rule = ruleName(question);
  const body: Json = {
    Resources: {
      Rule: { ...scheduledRule(rule, functionArn ?? '${ReporterArn}', groupId ?? '${GroupId}') },
      ...(remediation === undefined ? {} : { Remediation: remediationOf(rule, remediation) }),
    },
  };
  const values: Readonly<Record<string, Json>> = {
    ...(functionArn === undefined ? { ReporterArn: arnOf('Reporter') } : {}),
    ...(groupId === undefined ? { GroupId: ref('Group') } : {}),
    ...(remediation === undefined ? {} : { Document: remediation.document, Role: remediation.role }),
  };
  const text = JSON.stringify(body);
  return {
    Type: 'AWS::Config::ConformancePack',
    DependsOn: after,
    Properties: {
      ConformancePackName: packName(setting.run, question),
      TemplateBody: Object.keys(values).length === 0 ? text : { 'Fn::Sub': [text, values] },
    },
  };
}

const remediationOf = (rule: string, { automatic, attempts }: PackRemediation): Json => ({
  Type: 'AWS::Config::RemediationConfiguration',
  DependsOn: 'Rule',
  Properties: {
    ConfigRuleName: rule,
    ResourceType: 'AWS::EC2::SecurityGroup',
    TargetType: 'SSM_DOCUMENT',
    TargetId: '${Document}',
    Automatic: automatic,
    ...(automatic ? { MaximumAutomaticAttempts: attempts, RetryAttemptSeconds: 60 } : {}),
    Parameters: {
      AutomationAssumeRole: { StaticValue: { Values: ['${Role}'] } },
      SecurityGroupId: { ResourceValue: { Value: 'RESOURCE_ID' } },
    },
  },
});

/** The document that a pack's remediation names: it waits a second and changes nothing. */
export const IDLE_DOCUMENT: Readonly<Record<string, Json>> = {
  description: 'Origin Guard prove: waits a second and changes nothing',
  assumeRole: '{{AutomationAssumeRole}}',
  parameters: {
    AutomationAssumeRole: { type: 'String' },
    SecurityGroupId: { type: 'String' },
  },
  mainSteps: [{ name: 'Wait', action: 'aws:sleep', inputs: { Duration: 'PT1S' }, isEnd: true }],
};

/** A stack of the reporter and one pack, and whatever comes with it. */
export const packStack = (
  setting: Setting,
  question: string,
  more: Readonly<Record<string, Resource>> = {},
  remediation?: PackRemediation,
): Template => ({
  Resources: {
    ...reporting(setting),
    ...more,
    Pack: packWith({
      setting,
      question,
      ...(remediation === undefined ? {} : { remediation }),
      after: ['Leave'],
    }),
  },
  Outputs: { Group: output(ref('Group')), Pack: output(packName(setting.run, question)) },
});
