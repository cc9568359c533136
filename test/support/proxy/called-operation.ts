/** One request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** What a request asks of AWS. */
export interface CalledOperation {
  /** As the signature spells it: `ec2`, `elasticloadbalancing`, `cloudfront`, `config`, `securityhub`, `sts`. */
  readonly service: string;
  /** As the API reference spells it; the method and path where it is not known. */
  readonly operation: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** JSON as a value, a form as a record, anything else as text. */
  readonly input: unknown;
}

/** The REST operations that we, or our tests, call. An identifier in the path is `*`. */
const BY_PATH: Readonly<Record<string, string>> = {
  'cloudfront GET /2020-05-31/distribution': 'ListDistributions',
  'cloudfront POST /2020-05-31/distribution': 'CreateDistribution',
  'cloudfront GET /2020-05-31/distribution/*': 'GetDistribution',
  'cloudfront DELETE /2020-05-31/distribution/*': 'DeleteDistribution',
  'cloudfront GET /2020-05-31/distribution/*/config': 'GetDistributionConfig',
  'cloudfront PUT /2020-05-31/distribution/*/config': 'UpdateDistribution',
  'cloudfront GET /2020-05-31/vpc-origin': 'ListVpcOrigins',
  'cloudfront GET /2020-05-31/vpc-origin/*': 'GetVpcOrigin',
  'cloudfront POST /2020-05-31/distribution-tenants': 'ListDistributionTenants',
  'cloudfront GET /2020-05-31/distribution-tenant/*': 'GetDistributionTenant',
  'route53 GET /2013-04-01/hostedzone': 'ListHostedZones',
  'route53 GET /2013-04-01/hostedzone/*/rrset': 'ListResourceRecordSets',
  'securityhub POST /findings': 'GetFindings',
  'securityhub POST /findings/import': 'BatchImportFindings',
  'securityhub GET /accounts': 'DescribeHub',
  'securityhub POST /accounts': 'EnableSecurityHub',
  'securityhub DELETE /accounts': 'DisableSecurityHub',
};

const SCOPE = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Names the operation that a signed request calls: by its JSON target, the `Action` of its form, or its path. */
export function calledOperation({ method, path, headers, body }: RawRequest): CalledOperation {
  const [, accessKeyId = '', region = '', service = ''] = SCOPE.exec(String(headers['authorization'] ?? '')) ?? [];
  const where = { service, region, accessKeyId };
  const target = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1);
  if (target !== undefined && target !== '') return { ...where, operation: target, input: jsonOr(body) };
  if (String(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    const input = Object.fromEntries(new URLSearchParams(body));
    return { ...where, operation: input['Action'] ?? 'unknown', input };
  }
  const [bare = ''] = path.split('?');
  const plain = bare.replace(/(?<=.)\/$/, '');
  const operation =
    BY_PATH[`${service} ${method} ${plain}`] ?? BY_PATH[`${service} ${method} ${withoutIdentifier(plain)}`];
  return { ...where, operation: operation ?? `${method} ${plain}`, input: jsonOr(body) };
}

/** Every REST path above has its identifier in the third place. */
const withoutIdentifier = (path: string): string =>
  path
    .split('/')
    .map((part, index) => (index === 3 ? '*' : part))
    .join('/');

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
