/** Who may take a role. */
export type TrustDocument = Readonly<Record<string, unknown>>;

const trust = (Service: string, Condition?: Readonly<Record<string, unknown>>): TrustDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service },
      Action: 'sts:AssumeRole',
      ...(Condition === undefined ? {} : { Condition }),
    },
  ],
});

export const lambdaTrust = (): TrustDocument => trust('lambda.amazonaws.com');

/**
 * Only a run of Systems Manager Automation in this account.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
 */
export const automationTrust = (): TrustDocument =>
  trust('ssm.amazonaws.com', {
    StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
    ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:automation-execution/*' },
  });
