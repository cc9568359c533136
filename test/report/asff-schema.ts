// Written from AWS's documentation, and from nothing of ours; no schema of AWS's own could be found:
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html and the objects it links to
// https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-type-taxonomy.html
// https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html

const text = (maxLength?: number) => ({
  type: 'string',
  // One line that is not blank: AWS's `.*\S.*`.
  pattern: String.raw`^.*\S.*$`,
  minLength: 1,
  ...(maxLength === undefined ? {} : { maxLength }),
});

const timestamp = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$`,
};

const object = (properties: Readonly<Record<string, unknown>>, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const severity = object(
  { Label: { enum: ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] }, Original: text(64) },
  ['Original'],
);

const types = {
  type: 'array',
  items: {
    type: 'string',
    pattern:
      '^(Software and Configuration Checks|TTPs|Effects|Unusual Behaviors|Sensitive Data Identifications)(/[^/]+){0,2}$',
  },
  minItems: 1,
  maxItems: 50,
};

const resource = object(
  { Type: text(256), Id: text(512), Partition: { enum: ['aws', 'aws-cn', 'aws-us-gov'] }, Region: text(16) },
  ['Region'],
);

/** What one finding of a custom product may look like; what customers own is not among it. */
export const ASFF_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...object({
    SchemaVersion: { const: '2018-10-08' },
    Id: text(512),
    ProductArn: {
      type: 'string',
      pattern: String.raw`^arn:(aws|aws-cn|aws-us-gov):securityhub:[a-z0-9-]+:(\d{12}):product/\2/default$`,
    },
    ProductName: text(128),
    CompanyName: text(128),
    GeneratorId: text(512),
    AwsAccountId: { type: 'string', pattern: String.raw`^\d{12}$` },
    Types: types,
    FirstObservedAt: timestamp,
    LastObservedAt: timestamp,
    CreatedAt: timestamp,
    UpdatedAt: timestamp,
    Severity: severity,
    Title: text(256),
    Description: text(1024),
    Remediation: object({
      Recommendation: object({ Text: text(512), Url: { type: 'string', pattern: '^https://' } }),
    }),
    ProductFields: {
      type: 'object',
      propertyNames: { type: 'string', minLength: 1, maxLength: 128 },
      additionalProperties: text(2048),
      maxProperties: 50,
    },
    Resources: { type: 'array', items: resource, minItems: 1, maxItems: 32 },
    Compliance: object({
      Status: { enum: ['PASSED', 'WARNING', 'FAILED', 'NOT_AVAILABLE'] },
      RelatedRequirements: { type: 'array', items: text(), maxItems: 32 },
    }),
    RecordState: { enum: ['ACTIVE', 'ARCHIVED'] },
    FindingProviderFields: object({ Severity: severity, Types: types }),
  }),
} as const;

/** One finding may weigh 240 KB. Source: API reference of BatchImportFindings. */
export const ASFF_BYTES = 240_000;
