import { CfnOutput, Stack, Tags, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionCode } from '../function-code.js';
import { memberDocuments } from '../member/documents.js';
import { memberFunctions, type MemberFunctions } from '../member/functions.js';
import { memberParameters, type MemberParameters } from '../member/parameters.js';
import { memberRoles, type MemberRoles } from '../member/roles.js';
import { addMemberMonitoring } from '../monitoring/member-monitoring.js';
import {
  MEMBER_STACK,
  PLANNER_FUNCTION,
  PLANNER_FUNCTION_EXPORT,
  RULE_FUNCTION,
  RULE_FUNCTION_EXPORT,
} from '../names.js';
import { CONFIG_RULE_NAMES, RULE_IDS } from '../pack/pack-rules.js';
import { EVERY } from '../setting-kinds.js';
import type { Settings } from '../settings.js';
import { selfContained } from './synthesizer.js';

export interface StackProps {
  readonly settings: Settings;
  readonly code: FunctionCode;
}

/**
 * Everything that one account and Region gets: functions, roles, runbooks, monitoring. The template is self-contained:
 * no asset, no bucket, no macro, no nested stack.
 */
export class MemberStack extends Stack {
  readonly parameters: MemberParameters;
  readonly roles: MemberRoles;
  readonly functions: MemberFunctions;

  constructor(scope: Construct, { settings, code }: StackProps) {
    super(scope, MEMBER_STACK, {
      description: 'Origin Guard, member: judges and fixes load balancers behind CloudFront in one account and Region',
      synthesizer: selfContained(),
    });
    this.parameters = memberParameters(this, settings);
    this.roles = memberRoles(this, settings, this.parameters);
    this.functions = memberFunctions(this, settings, { parameters: this.parameters, roles: this.roles, code });
    memberDocuments(this, settings);
    this.#addMonitoring(settings);
    this.#export(
      'RuleFunctionArn',
      RULE_FUNCTION_EXPORT,
      'The function of every rule; the conformance pack imports it',
      this.functions.rule.attrArn,
    );
    this.#export(
      'PlannerFunctionArn',
      PLANNER_FUNCTION_EXPORT,
      'The function that plans for the runbooks',
      this.functions.planner.attrArn,
    );
    Tags.of(this).add('origin-guard:component', 'member');
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'a parameter that is empty stands behind a condition, and its property is left out',
    });
  }

  #addMonitoring(settings: Settings): void {
    const { alarms, centralEventBusArn, directAttemptsAlarm, flowLogGroupName, notificationEmail } = this.parameters;
    addMemberMonitoring(this, {
      configRuleNames: CONFIG_RULE_NAMES,
      ruleIds: RULE_IDS,
      ruleFunctionName: RULE_FUNCTION,
      plannerFunctionName: PLANNER_FUNCTION,
      notificationEmail,
      centralEventBusArn,
      alarms,
      flowLogGroupName,
      directAttemptsAlarm,
      listenerPorts: settings.listenerPorts.map(Number),
      ...(settings.loadBalancerAddresses.length === 0 ? {} : { loadBalancerAddresses: settings.loadBalancerAddresses }),
      ...noticed(settings),
      metricsNamespace: this.parameters.metricsNamespace,
      ...(settings.topicKmsKeyArn === undefined ? {} : { topicKeyArn: settings.topicKmsKeyArn }),
      permissionsBoundaryArn: this.parameters.permissionsBoundaryArn.orNothing,
    });
  }

  #export(id: string, exportName: string, description: string, value: string): void {
    new CfnOutput(this, id, { value, exportName, description });
  }
}

function noticed({ noticedChanges }: Settings): { readonly noticedChanges?: 'every' | readonly [string, ...string[]] } {
  const [first, ...others] = noticedChanges;
  if (first === undefined) return {};
  return { noticedChanges: first === EVERY ? EVERY : [first, ...others] };
}
