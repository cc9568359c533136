import { Aws, Fn, Stack, Validations } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** A statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

export interface FunctionOptions {
  /** CommonJS with `exports.handler`, the AWS SDK left to the runtime. */
  readonly code: string;
  /** @default - the settings of the function's own */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ScheduledFunctionProps extends FunctionOptions {
  /** The name in AWS; the role has it too, with the Region. */
  readonly name: string;
  readonly description: string;
  readonly schedule: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** What it may do beside writing its log. */
  readonly statements: readonly Statement[];
  /** Why a statement names every resource, for the review; AWS knows no resource for those actions. */
  readonly whyAnyResource: string;
  readonly logRetentionDays: number;
  readonly logKmsKeyArn?: string;
  readonly permissionsBoundaryArn?: string;
}

/** How late a run may start, in seconds: with its own time it ends before the next one. */
const LATEST_START = 300;

/** Adds a function that runs on a schedule, with a role and a log group of its own. */
export function addScheduledFunction(scope: Construct, props: ScheduledFunctionProps): CfnFunction {
  const { name } = props;
  const id = name.replace(/^OriginGuard/, '');
  const log = new CfnLogGroup(scope, `${id}Log`, {
    logGroupName: `/aws/lambda/${name}`,
    retentionInDays: props.logRetentionDays,
    ...(props.logKmsKeyArn === undefined ? {} : { kmsKeyId: props.logKmsKeyArn }),
  });
  const role = new CfnRole(scope, `${id}Role`, {
    roleName: `${name}-${Aws.REGION}`,
    description: props.description,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    policies: [
      {
        policyName: 'Job',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            ...props.statements,
            {
              Sid: 'Log',
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: log.attrArn,
            },
          ],
        },
      },
    ],
    ...(props.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: props.permissionsBoundaryArn }),
  });
  acknowledgeWidths(role, props.statements, props.whyAnyResource);
  const made = new CfnFunction(scope, `${id}Function`, {
    functionName: name,
    description: props.description,
    runtime: 'nodejs24.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    code: { zipFile: props.code },
    role: role.attrArn,
    timeout: props.timeoutSeconds,
    memorySize: props.memoryMb,
    ...(props.environment === undefined ? {} : { environment: { variables: { ...props.environment } } }),
  });
  made.addResourceDependency(log);
  const rule = new CfnRule(scope, `${id}Schedule`, {
    name: `${name}-Schedule`,
    description: props.description,
    scheduleExpression: props.schedule,
    state: 'ENABLED',
    targets: [{ id: 'Function', arn: made.attrArn }],
  });
  // The next run is the second attempt: one that came late could end after a younger one, and undo it.
  new CfnEventInvokeConfig(scope, `${id}Attempts`, {
    functionName: made.ref,
    qualifier: '$LATEST',
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: LATEST_START,
  });
  new CfnPermission(scope, `${id}Permission`, {
    functionName: made.ref,
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    sourceArn: rule.attrArn,
    sourceAccount: Aws.ACCOUNT_ID,
  });
  return made;
}

/** Tells cdk-nag why a resource of a statement holds `*`, each one by itself. */
export function acknowledgeWidths(
  role: CfnRole,
  statements: readonly Pick<Statement, 'Resource'>[],
  reason: string,
): void {
  const shown = statements
    .flatMap(({ Resource }) => Resource)
    .map((resource) => shownByNag(Stack.of(role).resolve(resource)))
    .filter((resource) => resource.includes('*'));
  for (const each of new Set(shown)) {
    Validations.of(role).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${each}]`, reason });
  }
}

/** A resource as cdk-nag writes it: what is known only when the stack is deployed stands in angle brackets. */
function shownByNag(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const [[name, value] = ['', undefined]] = Object.entries(resource as Readonly<Record<string, unknown>>);
  if (name === 'Fn::Sub') return String(value).replaceAll(/\$\{([^}]+)\}/g, '<$1>');
  if (name === 'Fn::GetAtt') return `<${(value as readonly string[]).join('.')}>`;
  if (name === 'Fn::Join') return (value as readonly [string, readonly unknown[]])[1].map(shownByNag).join('');
  return `<${String(value)}>`;
}

/** The ARN of something of this account and Region, in any partition. */
export const ownArn = (service: string, rest: string): string =>
  Fn.sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`);
