import type { Place } from './asked-of.js';

/** A statement as IAM takes it, its resources texts. */
export interface PlainStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PlainPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PlainStatement[];
}

/** A role as a template makes it; `${AWS::Region}` and its like stand where the account fills them in. */
export interface TemplateRole {
  /** All that its policies say. Raises `RangeError` where they hold something of CloudFormation that is not known here. */
  readonly policy: () => PlainPolicy;
  readonly trust: () => Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

export interface RolesTemplate {
  readonly Parameters?: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Json }>>;
}

/** The roles of a template by name, without the Region with which each name ends. */
export function rolesOf(template: RolesTemplate): ReadonlyMap<string, TemplateRole> {
  const roles = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  return new Map(
    roles.map(({ Properties: { RoleName, Policies, AssumeRolePolicyDocument } }) => [
      String(filled(RoleName, template)).replace('-${AWS::Region}', ''),
      {
        policy: () => ({
          Version: '2012-10-17',
          Statement: statementsOf(filled(Policies, template) as readonly Json[]),
        }),
        trust: () => filled(AssumeRolePolicyDocument, template) as Json,
      },
    ]),
  );
}

const statementsOf = (policies: readonly Json[]): readonly PlainStatement[] =>
  policies.flatMap(({ PolicyDocument }) =>
    (PolicyDocument as { readonly Statement: readonly Json[] }).Statement.map(plainStatement),
  );

const plainStatement = (statement: Json): PlainStatement =>
  ({
    ...statement,
    Action: [statement['Action']].flat(),
    Resource: [statement['Resource']].flat(),
  }) as unknown as PlainStatement;

/** The ARNs of what a template makes, as far as its policies name any. */
const ARNS: Readonly<Record<string, (properties: Json) => string>> = {
  'AWS::Config::ConfigurationAggregator': ({ ConfigurationAggregatorName: name }) =>
    // AWS Config gives it an id of its own; calls know it by its name.
    `arn:\${AWS::Partition}:config:\${AWS::Region}:\${AWS::AccountId}:config-aggregator/config-aggregator-${String(name)}`,
  'AWS::IAM::Role': ({ RoleName: name }) => `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${String(name)}`,
  'AWS::Logs::LogGroup': ({ LogGroupName: name }) =>
    `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${String(name)}:*`,
  'AWS::S3::Bucket': ({ BucketName: name }) => `arn:\${AWS::Partition}:s3:::${String(name)}`,
};

/** The value with every intrinsic function done that needs no account. Raises `RangeError` for one that is not known. */
function filled(value: unknown, template: RolesTemplate): unknown {
  if (Array.isArray(value)) return value.map((each) => filled(each, template)).filter((each) => each !== NOTHING);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, inner] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return intrinsic(name, inner, template);
  return Object.fromEntries(entries.map(([key, each]) => [key, filled(each, template)]));
}

const NOTHING = '${AWS::NoValue}';

function intrinsic(name: string, inner: unknown, template: RolesTemplate): unknown {
  const parts = inner as readonly unknown[];
  switch (name) {
    case 'Ref':
      return refer(String(inner), template);
    case 'Fn::Sub':
      return String(inner).replaceAll(/\$\{([A-Za-z]\w*)\}/g, (_, id: string) => refer(id, template));
    case 'Fn::Join':
      return (filled(parts[1], template) as readonly string[]).join(String(parts[0]));
    case 'Fn::If':
      // What depends on a parameter is looked at as if it were set.
      return filled(parts[1], template);
    case 'Fn::GetAtt': {
      const [id, attribute] = inner as readonly [string, string];
      const made = template.Resources[id];
      const arn = made === undefined || !attribute.endsWith('Arn') ? undefined : ARNS[made.Type];
      if (made === undefined || arn === undefined) throw new RangeError(`no ARN is known of ${id}.${attribute}`);
      return arn(filled(made.Properties, template) as Json);
    }
    default:
      throw new RangeError(`a policy holds ${name}, which nothing here can do`);
  }
}

function refer(id: string, { Parameters = {}, Resources }: RolesTemplate): string {
  if (id.startsWith('AWS::')) return `\${${id}}`;
  const parameter = Parameters[id];
  if (parameter !== undefined) return (parameter['Default'] as string | undefined) ?? '';
  const name = Resources[id]?.Properties['BucketName'];
  if (typeof name === 'string') return name;
  throw new RangeError(`nothing here knows what ${id} is`);
}

/** A document as the account has it in which the template is deployed. */
export function deployedIn<T>(document: T, { accountId, region }: Place): T {
  const values: Readonly<Record<string, string>> = { AccountId: accountId, Partition: 'aws', Region: region };
  const text = JSON.stringify(document).replaceAll(/\$\{AWS::(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return JSON.parse(text) as T;
}
