/** An account in one Region, where a role is at home. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** One question that IAM answers before a call is carried out; a call may take several. */
export interface Asked {
  readonly action: string;
  /** `*` where AWS lets nobody name a resource. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

/** A call as it is made, whoever makes it. */
export interface MadeCall {
  /** As the signature or the step of a runbook spells it. */
  readonly service: string;
  /** As the API reference spells it; the method and path where it is not known. */
  readonly operation: string;
  readonly region: string;
  /** Path and query of a REST call, else empty. */
  readonly path: string;
  readonly input: unknown;
  /** The tags of the resource that is changed. @default - none */
  readonly resourceTags?: Readonly<Record<string, string>>;
}

type Input = Readonly<Record<string, unknown>>;

/** What the table below is told of a call. */
interface Seen {
  readonly input: Input;
  /** The identifier in the path of a REST call: the third of its parts that is not empty. */
  readonly id: string;
  readonly home: Place;
}

/** What IAM calls the services whose names differ. Source: the Service Authorization Reference. */
const PREFIXES: Readonly<Record<string, string>> = { elbv2: 'elasticloadbalancing' };

/**
 * Actions that have another name than the operation; Amazon S3 names an operation by method and path.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html,
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
function actionOf({ service, operation, path }: MadeCall): string {
  const known = `${PREFIXES[service] ?? service}:${operation}`;
  if (known === 'lambda:Invoke') return 'lambda:InvokeFunction';
  if (service === 's3') return s3Action(operation, path);
  if (/^\w+$/.test(operation)) return known;
  throw new RangeError(`nobody said which operation of ${service} ${operation} is; add it to called-operation.ts`);
}

const S3_ACTIONS: Readonly<Record<string, string>> = {
  'GET object': 's3:GetObject',
  'PUT object': 's3:PutObject',
  'GET bucket': 's3:ListBucket',
};

function s3Action(operation: string, path: string): string {
  const [method = ''] = operation.split(' ');
  const action = S3_ACTIONS[`${method} ${bucketAndKey(path).key === '' ? 'bucket' : 'object'}`];
  if (action === undefined) throw new RangeError(`nobody said which action of Amazon S3 ${operation} needs`);
  return action;
}

/** Of a call that names the bucket in its path, as a loopback endpoint makes the SDK do. */
function bucketAndKey(path: string): { readonly bucket: string; readonly key: string } {
  const [bare = ''] = path.split('?');
  const [, bucket = '', ...key] = bare.split('/').map(decodeURIComponent);
  return { bucket, key: key.join('/') };
}

const arn = (service: string, { region, accountId }: Place, rest: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${rest}`;
const ofCloudFront =
  (type: string) =>
  ({ id, home }: Seen): readonly string[] => [arn('cloudfront', { ...home, region: '' }, `${type}/${id}`)];
const group = (home: Place, id: unknown): string => arn('ec2', home, `security-group/${String(id)}`);
const parameter = (home: Place, name: unknown): string => arn('ssm', home, `parameter${String(name)}`);
const pack = ({ input, home }: Seen): readonly string[] => [
  // AWS Config adds eight characters to the name of a pack.
  arn('config', home, `organization-conformance-pack/${String(input['OrganizationConformancePackName'])}-a1b2c3d4`),
];
const textsOf = (input: Input, name: string): readonly string[] =>
  Object.entries(input).flatMap(([key, value]) => (new RegExp(`^${name}\\.\\d+$`).test(key) ? [String(value)] : []));

/**
 * The resources of the actions for which AWS lets policies name some; of every other action it is `*`. What is made by
 * the call has an invented id, and so has what AWS gives one that the call does not name: rules, packs and aggregators.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const RESOURCES: Readonly<Record<string, (seen: Seen) => readonly string[]>> = {
  'cloudfront:GetDistribution': ofCloudFront('distribution'),
  'cloudfront:GetDistributionConfig': ofCloudFront('distribution'),
  'cloudfront:GetDistributionTenant': ofCloudFront('distribution-tenant'),
  'cloudfront:GetVpcOrigin': ofCloudFront('vpcorigin'),
  'config:GetComplianceDetailsByConfigRule': ({ input, home }) => [
    arn('config', home, `config-rule/config-rule-of-${String(input['ConfigRuleName'])}`),
  ],
  'config:GetOrganizationConformancePackDetailedStatus': pack,
  'config:PutOrganizationConformancePack': pack,
  'config:SelectAggregateResourceConfig': ({ input, home }) => [
    arn('config', home, `config-aggregator/config-aggregator-${String(input['ConfigurationAggregatorName'])}`),
  ],
  'ec2:AuthorizeSecurityGroupIngress': ({ input, home }) => [
    group(home, input['GroupId']),
    arn('ec2', home, 'security-group-rule/sgr-0new'),
  ],
  'ec2:CreateSecurityGroup': ({ input, home }) => [
    arn('ec2', home, `vpc/${String(input['VpcId'])}`),
    group(home, 'sg-0new'),
  ],
  'ec2:CreateTags': ({ home }) => [group(home, 'sg-0new')],
  'ec2:DescribeSecurityGroupReferences': ({ input, home }) =>
    textsOf(input, 'GroupId').map((each) => group(home, each)),
  'ec2:GetManagedPrefixListEntries': ({ input, home }) => [
    // The lists that are read in every run are AWS's own.
    arn('ec2', { ...home, accountId: 'aws' }, `prefix-list/${String(input['PrefixListId'])}`),
  ],
  'ec2:RevokeSecurityGroupIngress': ({ input, home }) => [group(home, input['GroupId'])],
  'elasticloadbalancing:SetSecurityGroups': ({ input }) => [String(input['LoadBalancerArn'])],
  'iam:PassRole': ({ input }) => [String(input['RoleArn'])],
  'lambda:InvokeFunction': ({ input, home }) => [arn('lambda', home, `function:${String(input['FunctionName'])}`)],
  'securityhub:BatchImportFindings': ({ input }) => [
    ...new Set((input['Findings'] as readonly { readonly ProductArn: string }[]).map(({ ProductArn }) => ProductArn)),
  ],
  'securityhub:GetFindings': ({ home }) => [arn('securityhub', home, 'hub/default')],
  'servicequotas:GetServiceQuota': ({ input, home }) => [
    arn('servicequotas', home, `${String(input['ServiceCode'])}/${String(input['QuotaCode'])}`),
  ],
  'sns:Publish': ({ input }) => [String(input['TopicArn'])],
  'ssm:GetAutomationExecution': ({ home }) => [arn('ssm', home, 'automation-execution/of-another-run')],
  'ssm:GetParametersByPath': ({ input, home }) => [parameter(home, String(input['Path']).replace(/\/$/, ''))],
  'ssm:PutParameter': ({ input, home }) => [parameter(home, input['Name'])],
  'ssm:StartAutomationExecution': ({ input, home }) => [
    arn('ssm', home, `document/${String(input['DocumentName'])}`),
    arn('ssm', home, `automation-definition/${String(input['DocumentName'])}:$DEFAULT`),
    arn('ssm', home, 'automation-execution/of-another-run'),
  ],
};

/** What IAM is asked for a call of a role that is at home there. Raises `RangeError` for a call that nobody has named. */
export function askedOf(call: MadeCall, home: Place): readonly Asked[] {
  const action = actionOf(call);
  const input: Input = typeof call.input === 'object' && call.input !== null ? (call.input as Input) : {};
  const [, , , id = ''] = (call.path.split('?')[0] ?? '').split('/');
  const tags = action === 'ec2:CreateSecurityGroup' ? tagsOnCreate(input) : {};
  const context = {
    'aws:RequestedRegion': call.region,
    ...prefixed('aws:ResourceTag/', call.resourceTags ?? {}),
    ...prefixed('aws:RequestTag/', tags),
    ...(action === 'iam:PassRole' && { 'iam:PassedToService': String(input['PassedToService']) }),
    ...(action === 's3:ListBucket' && {
      's3:prefix': new URLSearchParams(call.path.split('?')[1]).get('prefix') ?? '',
    }),
  };
  const one = resourcesOf(action, call, { input, id, home }).map((resource) => ({ action, resource, context }));
  if (Object.keys(tags).length === 0) return one;
  // Tags given to something new are tags put on it. Source:
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
  const tagging = { ...context, 'ec2:CreateAction': 'CreateSecurityGroup' };
  return [...one, { action: 'ec2:CreateTags', resource: group(home, 'sg-0new'), context: tagging }];
}

function resourcesOf(action: string, { path }: MadeCall, seen: Seen): readonly string[] {
  const { bucket, key } = bucketAndKey(path);
  if (action === 's3:ListBucket') return [`arn:aws:s3:::${bucket}`];
  if (action.startsWith('s3:')) return [`arn:aws:s3:::${bucket}/${key}`];
  return RESOURCES[action]?.(seen) ?? ['*'];
}

const prefixed = (prefix: string, tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [prefix + key, value]));

/** Of the parameters of a step. */
function tagsOnCreate(input: Input): Readonly<Record<string, string>> {
  const given = (input['TagSpecifications'] ?? []) as readonly {
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
  return Object.fromEntries(given.flatMap(({ Tags }) => Tags.map(({ Key, Value }) => [Key, Value])));
}
