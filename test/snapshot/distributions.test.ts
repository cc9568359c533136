import {
  ACCOUNT,
  albArn,
  compliantFiles,
  detailed,
  distribution,
  evaluationOf,
  filesWith,
  items,
  OPEN,
  origin,
  scan,
  verdictOn,
  type Json,
} from '../support/saved-files.js';

/** One group behind a distribution that names the load balancer only by a VPC origin. */
const vpcOriginFiles = (vpcOrigins: Json) =>
  compliantFiles({
    'distributions.json': {
      DistributionList: {
        Items: [
          distribution({
            Origins: items([
              origin('internal.example.com', { VpcOriginConfig: { VpcOriginId: 'vo_1', OriginReadTimeout: 30 } }),
            ]),
          }),
        ],
      },
    },
    'vpc-origins.json': vpcOrigins,
  });

const tenantFiles = (tenants: Json, more: Json = {}) =>
  compliantFiles({
    'distributions.json': {
      DistributionList: {
        Items: [distribution({ Origins: items([origin('{{tenant}}-1234567890.us-east-1.elb.amazonaws.com')]) })],
      },
    },
    'tenants.json': tenants,
    ...more,
  });

const tenant = (overrides: Json = {}): Json => ({
  Id: 'dt_1',
  DistributionId: 'E1WEB',
  Name: 'acme',
  Arn: `arn:aws:cloudfront::${ACCOUNT}:distribution-tenant/dt_1`,
  Enabled: true,
  ...overrides,
});

const linkOf = async (files: Json) => evaluationOf(await scan(files)).paths.map(({ linkedBy }) => linkedBy);

describe('distributions, VPC origins and tenants', () => {
  test('get-distribution is read like list-distributions', async () => {
    const ran = await scan(
      filesWith([OPEN], { 'distributions.json': { ETag: 'E2', Distribution: detailed(distribution()) } }),
    );
    expect(evaluationOf(ran)).toMatchObject({ verdict: 'NON_COMPLIANT', paths: [{ linkedBy: 'dns-name' }] });
  });

  test('list-vpc-origins gives the load balancer of a VPC origin', async () => {
    const summary = { Id: 'vo_1', Arn: 'arn:aws:cloudfront::1:vpcorigin/vo_1', OriginEndpointArn: albArn() };
    expect(await linkOf(vpcOriginFiles({ VpcOriginList: { IsTruncated: false, ...items([summary]) } }))).toEqual([
      'vpc-origin',
    ]);
  });

  test('get-vpc-origin gives it too', async () => {
    const config = { Name: 'web', Arn: albArn(), HTTPPort: 80, HTTPSPort: 443 };
    const vpcOrigin = { Id: 'vo_1', Arn: 'arn:aws:cloudfront::1:vpcorigin/vo_1', VpcOriginEndpointConfig: config };
    expect(await linkOf(vpcOriginFiles({ VpcOrigin: vpcOrigin, ETag: 'E2' }))).toEqual(['vpc-origin']);
  });

  test('get-distribution-tenant fills the placeholder of an origin', async () => {
    const detail = tenant({ Parameters: [{ Name: 'tenant', Value: 'web' }] });
    expect(await linkOf(tenantFiles({ DistributionTenant: detail }))).toEqual(['dns-name']);
  });

  test.each([
    ['as the AWS command line prints it', { DistributionTenantList: [tenant()] }],
    ['as the API answers', { DistributionTenantList: { Items: [tenant()] } }],
  ])('list-distribution-tenants alone leaves the parameters open, %s', async (_, list) => {
    expect(await verdictOn(tenantFiles(list))).toBe('INDETERMINATE not-seen');
  });

  test('the detailed form of a tenant wins over the list, in either order of files', async () => {
    const detail = { DistributionTenant: tenant({ Parameters: [{ Name: 'tenant', Value: 'web' }] }) };
    const list = { DistributionTenantList: [tenant()] };
    expect(await verdictOn(tenantFiles(list, { 'zz.json': detail }))).toBe('COMPLIANT');
    expect(await verdictOn(tenantFiles(detail, { 'zz.json': list }))).toBe('COMPLIANT');
  });

  test('the default of a parameter fills in where a tenant gives none', async () => {
    const config = {
      ...distribution({ Origins: items([origin('{{tenant}}-1234567890.us-east-1.elb.amazonaws.com')]) }),
      TenantConfig: {
        ParameterDefinitions: [
          { Name: 'tenant', Definition: { StringSchema: { Required: false, DefaultValue: 'web' } } },
        ],
      },
    };
    const files = tenantFiles(
      { DistributionTenantList: [tenant()] },
      {
        'tenant.json': { DistributionTenant: tenant() },
        'distribution.json': { Distribution: detailed(config) },
      },
    );
    expect(await verdictOn(files)).toBe('COMPLIANT');
  });

  test('a tenant without a value leaves the name open while nobody saw the defaults', async () => {
    const files = tenantFiles(
      { DistributionTenantList: [tenant()] },
      { 'tenant.json': { DistributionTenant: tenant() } },
    );
    const ran = await scan(files);
    expect(ran.json.evaluations[0]?.verdict).toBe('INDETERMINATE');
    expect(ran.json.evaluations[0]?.annotation).toContain('aws cloudfront get-distribution');
  });

  test('get-distribution without parameters shows that there are no defaults', async () => {
    const config = distribution({ Origins: items([origin('{{tenant}}-1234567890.us-east-1.elb.amazonaws.com')]) });
    const files = tenantFiles(
      { DistributionTenantList: [tenant()] },
      { 'tenant.json': { DistributionTenant: tenant() }, 'distribution.json': { Distribution: detailed(config) } },
    );
    const ran = await scan(files);
    expect(ran.json.evaluations[0]?.verdict).toBe('NOT_APPLICABLE');
    expect(ran.json.unresolvedOrigins.map(({ why }) => why)).toEqual([
      expect.stringContaining('gives no value for the parameter tenant'),
    ]);
  });

  test('a disabled distribution does not count, unless asked for', async () => {
    const files = compliantFiles({
      'distributions.json': { DistributionList: { Items: [distribution({ Enabled: false })] } },
    });
    expect(await verdictOn(files)).toBe('NOT_APPLICABLE');
    expect(await verdictOn(files, '--param', 'includeDisabledDistributions=true')).toBe('COMPLIANT');
  });

  test('an S3 origin is neither a link nor unresolved', async () => {
    const bucket = distribution({
      Id: 'E1BUCKET',
      Origins: items([origin('files.s3.us-east-1.amazonaws.com', { S3OriginConfig: { OriginAccessIdentity: '' } })]),
    });
    const ran = await scan(compliantFiles({ 'more.json': { DistributionList: { Items: [bucket] } } }));
    expect(ran.json.unresolvedOrigins).toEqual([]);
  });
});
