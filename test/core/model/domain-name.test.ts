import fc from 'fast-check';
import { fillTemplate, isElbName, isS3Name, isTemplate, normalizeDomain } from '../../../core/model/domain-name.js';
import { propertyRuns } from '../../support/property-runs.js';

describe('normalizeDomain', () => {
  it.each([
    ['App.Example.COM', 'app.example.com'],
    ['app.example.com.', 'app.example.com'],
    [' app.example.com ', 'app.example.com'],
    ['app.example.com..', 'app.example.com.'],
    ['dualstack.web-1.us-east-1.elb.amazonaws.com', 'web-1.us-east-1.elb.amazonaws.com'],
    ['DUALSTACK.WEB-1.US-EAST-1.ELB.AMAZONAWS.COM.', 'web-1.us-east-1.elb.amazonaws.com'],
    ['dualstack.web-1.cn-north-1.elb.amazonaws.com.cn', 'web-1.cn-north-1.elb.amazonaws.com.cn'],
    ['dualstack.example.com', 'dualstack.example.com'],
    ['notdualstack.web-1.us-east-1.elb.amazonaws.com', 'notdualstack.web-1.us-east-1.elb.amazonaws.com'],
  ])('%s is %s', (name, normal) => expect(normalizeDomain(name)).toBe(normal));

  it('letter case, a trailing dot and dualstack make no difference, and once is enough', () => {
    fc.assert(
      fc.property(fc.domain(), fc.boolean(), (domain, isElb) => {
        const name = isElb ? `${domain.split('.')[0] ?? 'x'}.us-east-1.elb.amazonaws.com` : domain;
        const normal = normalizeDomain(name);
        expect(normalizeDomain(normal)).toBe(normal);
        expect(normalizeDomain(`${name.toUpperCase()}.`)).toBe(normal);
        if (isElb) expect(normalizeDomain(`dualstack.${name}`)).toBe(normal);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

it.each([
  ['web-1.us-east-1.elb.amazonaws.com', true],
  ['web-1.elb.us-east-1.amazonaws.com', true],
  ['internal-web-1.eu-west-1.elb.amazonaws.com', true],
  ['web-1.cn-north-1.elb.amazonaws.com.cn', true],
  ['elb.amazonaws.com', false],
  ['web.elb.amazonaws.com.example.com', false],
  ['web.elb.example.com', false],
  ['welb.amazonaws.com', false],
  ['web.us-east-1.elb.amazonawsXcom', false],
  ['web.elb.a.b.amazonaws.com', false],
  ['web.us-east-1.elb.amazonaws.com.cnn', false],
])('%s is a name of Elastic Load Balancing: %p', (name, expected) => expect(isElbName(name)).toBe(expected));

it.each([
  ['bucket.s3.amazonaws.com', true],
  ['bucket.s3.us-east-1.amazonaws.com', true],
  ['bucket.s3-eu-west-1.amazonaws.com', true],
  ['bucket.s3-website-us-east-1.amazonaws.com', true],
  ['bucket.s3-website.eu-central-1.amazonaws.com', true],
  ['bucket.s3.dualstack.us-east-1.amazonaws.com', true],
  ['bucket.s3.cn-north-1.amazonaws.com.cn', true],
  ['s3.amazonaws.com', true],
  ['my.bucket.with.dots.s3.amazonaws.com', true],
  ['buckets3.amazonaws.com', false],
  ['s3.example.com', false],
  ['s3.amazonaws.com.example.com', false],
  ['abc.execute-api.us-east-1.amazonaws.com', false],
  ['s3.us-east-1.elb.amazonaws.com', false],
])('%s is a name of S3: %p', (name, expected) => expect(isS3Name(name)).toBe(expected));

describe('fillTemplate', () => {
  it.each([
    ['{{tenant}}.example.com', { tenant: 'acme' }, { domain: 'acme.example.com' }],
    ['{{ tenant }}.{{zone}}', { tenant: 'acme', zone: 'example.com' }, { domain: 'acme.example.com' }],
    ['{{tenant}}-{{tenant}}.example.com', { tenant: 'a' }, { domain: 'a-a.example.com' }],
    ['{{tenant}}.example.com', { tenant: '' }, { domain: '.example.com' }],
    ['{{tenant}}.example.com', { tenant: '$&$1' }, { domain: '$&$1.example.com' }],
    ['example.com', {}, { domain: 'example.com' }],
    ['{{tenant}}.example.com', {}, { missing: 'tenant' }],
    ['{{a}}.{{b}}.{{c}}', { a: 'x' }, { missing: 'b' }],
    ['{{a}}.{{b}}', { b: 'x' }, { missing: 'a' }],
    ['{{toString}}.example.com', {}, { missing: 'toString' }],
    ['{{half.example.com', { half: 'x' }, { domain: '{{half.example.com' }],
  ])('%s with %j', (domain, values, expected) =>
    expect(fillTemplate(domain, values as Readonly<Record<string, string>>)).toEqual(expected),
  );

  it('a template is a name that waits for parameters', () => {
    expect(isTemplate('{{tenant}}.example.com')).toBe(true);
    expect(isTemplate('tenant.{example}.com')).toBe(false);
  });
});
