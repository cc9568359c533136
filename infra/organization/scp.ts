/** A service control policy, as AWS Organizations takes it. */
export interface ServiceControlPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly DenyStatement[];
}

interface DenyStatement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What AWS Organizations takes, in characters. Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
export const MOST_SCP_CHARACTERS = 5_120;

export interface ScpProps {
  /** ARN patterns of the roles for emergencies, such as `arn:aws:iam::*:role/BreakGlass`. */
  readonly breakGlassRoles: readonly string[];
  /** ARN patterns of the roles that may exempt a group: those of the people who approve. */
  readonly exemptionRoles: readonly string[];
  /** ARN patterns of the roles that deploy stacks of ours other than through StackSets. @default - none */
  readonly deployerRoles?: readonly string[];
  /** The keys of tags that exempt, declare or mark something for us; `*` stands for any rest. */
  readonly tagKeys: readonly [string, ...string[]];
}

/** The role by which a service-managed StackSet deploys. Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-enable-trusted-access.html */
const STACKSETS_ROLE = 'arn:*:iam::*:role/stacksets-exec-*';

/** The role that the runbooks act by; it keeps records and marks the groups that it makes. */
const REMEDIATION_ROLE = 'arn:*:iam::*:role/OriginGuardRemediation-*';

/**
 * The service control policy that keeps everyone but a few roles from changing the guard, its records, and the tags that
 * it goes by. Deny only: it allows nothing to anybody. It reaches neither the management account nor service-linked roles.
 *
 * Who may make a role of an exempted name is exempt, so those roles are kept like our own. That of StackSets is made by a
 * service-linked role.
 * Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/CloudFormationStackSetsOrgMemberServiceRolePolicy.html
 *
 * Raises a `RangeError` when it takes more characters than AWS Organizations allows.
 */
export function renderScp(props: ScpProps): ServiceControlPolicy {
  const deployers = [STACKSETS_ROLE, ...props.breakGlassRoles, ...(props.deployerRoles ?? [])];
  const tagKeys = { 'ForAnyValue:StringLike': { 'aws:TagKeys': props.tagKeys } };
  const policy: ServiceControlPolicy = {
    Version: '2012-10-17',
    Statement: [
      deny('Functions', deployers, {
        actions: [
          'lambda:AddPermission',
          'lambda:CreateAlias',
          'lambda:CreateFunction',
          'lambda:DeleteFunction*',
          'lambda:PutFunction*',
          'lambda:PutResourcePolicy',
          'lambda:PutRuntimeManagementConfig',
          'lambda:RemovePermission',
          'lambda:UpdateFunction*',
        ],
        resources: ['arn:*:lambda:*:*:function:OriginGuard*'],
      }),
      deny('Runbooks', deployers, {
        actions: [
          'ssm:CreateDocument',
          'ssm:DeleteDocument',
          'ssm:ModifyDocumentPermission',
          'ssm:UpdateDocument',
          'ssm:UpdateDocumentDefaultVersion',
        ],
        resources: ['arn:*:ssm:*:*:document/OriginGuard*'],
      }),
      deny('Roles', deployers, {
        actions: [
          'iam:AttachRolePolicy',
          'iam:CreateRole',
          'iam:DeleteRole*',
          'iam:DetachRolePolicy',
          'iam:PutRole*',
          'iam:TagRole',
          'iam:UntagRole',
          'iam:UpdateAssumeRolePolicy',
          'iam:UpdateRole*',
        ],
        resources: ['arn:*:iam::*:role/OriginGuard*', ...new Set([...deployers, ...props.exemptionRoles])],
      }),
      deny('EventRules', deployers, {
        actions: [
          'events:DeleteRule',
          'events:DisableRule',
          'events:PutRule',
          'events:PutTargets',
          'events:RemoveTargets',
        ],
        resources: ['arn:*:events:*:*:rule/OriginGuard*', 'arn:*:events:*:*:rule/origin-guard/*'],
      }),
      deny('Records', [...deployers, REMEDIATION_ROLE], {
        actions: [
          'ssm:DeleteParameter',
          'ssm:DeleteParameters',
          'ssm:LabelParameterVersion',
          'ssm:PutParameter',
          'ssm:UnlabelParameterVersion',
        ],
        resources: ['arn:*:ssm:*:*:parameter/origin-guard/*'],
      }),
      // Only of the keys that are ours: every other tag stays everybody's.
      deny('GroupTags', [...deployers, ...props.exemptionRoles, REMEDIATION_ROLE], {
        actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
        resources: ['arn:*:ec2:*:*:security-group/*'],
        condition: tagKeys,
      }),
      deny('LoadBalancerTags', [...deployers, ...props.exemptionRoles], {
        actions: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
        resources: ['arn:*:elasticloadbalancing:*:*:loadbalancer/*'],
        condition: tagKeys,
      }),
    ],
  };
  checkSize(policy);
  return policy;
}

/** The policy as text, in the form in which its size counts. */
export const renderScpText = (props: ScpProps): string => JSON.stringify(renderScp(props));

function deny(
  Sid: string,
  except: readonly string[],
  {
    actions,
    resources,
    condition = {},
  }: {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly condition?: DenyStatement['Condition'];
  },
): DenyStatement {
  return {
    Sid,
    Effect: 'Deny',
    Action: actions,
    Resource: resources,
    Condition: { ArnNotLike: { 'aws:PrincipalArn': except }, ...condition },
  };
}

function checkSize(policy: ServiceControlPolicy): void {
  const characters = JSON.stringify(policy).length;
  if (characters <= MOST_SCP_CHARACTERS) return;
  throw new RangeError(
    `the service control policy takes ${String(characters)} characters; allowed: ${String(MOST_SCP_CHARACTERS)}; name fewer roles, or one pattern for several`,
  );
}
