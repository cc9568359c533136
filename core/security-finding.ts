/** How Security Hub ranks a finding. */
export type SeverityLabel = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'INFORMATIONAL';

/** How bad a finding is: in Security Hub's words, and in ours where there is a word. */
export interface FindingSeverity {
  readonly Label: SeverityLabel;
  readonly Original?: string;
}

/** A resource that a finding is about, or that lies on the way to it. */
export interface FindingResource {
  /** Security Hub's word for the type; `Other` where it has none. */
  readonly Type: string;
  /** The ARN, or the id where the account is not known. */
  readonly Id: string;
  readonly Partition: string;
  /** Absent for what is not Regional. */
  readonly Region?: string;
}

/**
 * One finding as Security Hub takes it: the AWS Security Finding Format, as far as we fill it. `Workflow`, `Note`,
 * `UserDefinedFields` and `VerificationState` belong to the customer and are never set.
 *
 * Source: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export interface SecurityFinding {
  readonly SchemaVersion: '2018-10-08';
  readonly Id: string;
  readonly ProductArn: string;
  readonly ProductName: string;
  readonly CompanyName: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly Types: readonly string[];
  readonly FirstObservedAt: string;
  readonly LastObservedAt: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Severity: FindingSeverity;
  readonly Title: string;
  readonly Description: string;
  readonly Remediation: { readonly Recommendation: { readonly Text: string; readonly Url: string } };
  readonly ProductFields: Readonly<Record<string, string>>;
  readonly Resources: readonly FindingResource[];
  readonly Compliance: {
    readonly Status: 'PASSED' | 'FAILED' | 'WARNING' | 'NOT_AVAILABLE';
    readonly RelatedRequirements: readonly string[];
  };
  readonly RecordState: 'ACTIVE' | 'ARCHIVED';
  readonly FindingProviderFields: { readonly Severity: FindingSeverity; readonly Types: readonly string[] };
}

/** What Security Hub holds of a finding that was sent before. */
export interface HeldFinding {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly recordState: 'ACTIVE' | 'ARCHIVED';
}
