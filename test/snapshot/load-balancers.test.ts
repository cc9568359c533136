import {
  admits,
  alb,
  albArn,
  compliantFiles,
  evaluationOf,
  filesWith,
  listener,
  scan,
  verdictOn,
  type Json,
} from '../support/saved-files.js';

describe('LoadBalancers, Listeners, Rules, TagDescriptions', () => {
  const onPort = (port: number, more: Json = {}) =>
    filesWith([{ ...admits('203.0.113.0/24'), FromPort: port, ToPort: port }], {
      'listeners.json': { Listeners: [listener(443)] },
      ...more,
    });
  const listeners = ['--param', 'ports=listeners'];

  test('under ports = listeners only the ports of listeners count', async () => {
    expect(await verdictOn(onPort(443), ...listeners)).toBe('NON_COMPLIANT public-cidr');
    expect(await verdictOn(onPort(22), ...listeners)).toBe('COMPLIANT');
    expect(await verdictOn(onPort(22))).toBe('NON_COMPLIANT public-cidr');
  });

  test('listeners of which more follow are a gap', async () => {
    const page = { 'listeners.json': { Listeners: [listener(443)], NextMarker: 'abc' } };
    expect(await verdictOn(onPort(22, page), ...listeners)).toBe('INDETERMINATE incomplete');
    const both = { ...page, 'more.json': { Listeners: [listener(22)] } };
    expect(await verdictOn(onPort(22, both), ...listeners)).toBe('NON_COMPLIANT public-cidr');
  });

  test('a network load balancer is no way for CloudFront', async () => {
    const nlb = alb({ Type: 'network', LoadBalancerArn: albArn().replace('/app/', '/net/') });
    expect(await verdictOn(compliantFiles({ 'load-balancers.json': { LoadBalancers: [nlb] } }))).toBe('NOT_APPLICABLE');
  });

  test('the type is taken from the ARN where it is not printed', async () => {
    const { Type: _, LoadBalancerName: __, ...bare } = alb();
    expect(await verdictOn(compliantFiles({ 'load-balancers.json': { LoadBalancers: [bare] } }))).toBe('COMPLIANT');
  });

  test('the tag origin-guard:fronted-by declares the link, wherever the tags are', async () => {
    const tags = {
      TagDescriptions: [{ ResourceArn: albArn(), Tags: [{ Key: 'origin-guard:fronted-by', Value: 'cloudfront' }] }],
    };
    const files = compliantFiles({ 'tags.json': tags, 'distributions.json': { DistributionList: { Quantity: 0 } } });
    const { verdict, paths } = evaluationOf(await scan(files));
    expect(verdict).toBe('COMPLIANT');
    expect(paths).toEqual([
      {
        distributionId: null,
        originId: null,
        originDomain: null,
        linkedBy: 'declared',
        loadBalancerArn: albArn(),
        otherEntrances: [],
      },
    ]);
  });

  test('the rules of listeners are recognized, without a warning', async () => {
    const ran = await scan(
      compliantFiles({
        'rules.json': {
          Rules: [
            {
              RuleArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/app/web/50dc/f2f7/9683',
              Priority: 'default',
            },
          ],
        },
      }),
      '--rule',
      'alb-sg-cloudfront-only',
    );
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe('');
  });

  test.each(['SecurityGroups', 'DNSName'])('an Application Load Balancer without %s is refused', async (key) => {
    const { [key]: _, ...rest } = alb();
    const ran = await scan(compliantFiles({ 'load-balancers.json': { LoadBalancers: [rest] } }));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`load-balancers.json: LoadBalancers[0].${key}`);
  });
});
