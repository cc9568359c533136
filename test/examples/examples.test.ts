import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Evaluated } from '../support/saved-files.js';

const examples = join(__dirname, '..', '..', 'examples');
const scanned = (name: string) => run(['scan', '--from', join(examples, name), '--format', 'json']);

const sorted = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].sort();
const keyOf = ({ accountId, region, resourceId }: Evaluated): string => [accountId, region, resourceId].join('/');

const expectedOf = ({ verdict, findings, paths }: Evaluated) => ({
  verdict,
  reasons: sorted(findings.map(({ reason }) => reason)),
  linkedBy: sorted(paths.map(({ linkedBy }) => linkedBy)),
});

describe('organization', () => {
  test('every group and load balancer has exactly the expected verdict, reasons and links', async () => {
    const text = readFileSync(join(examples, 'organization.expected.json'), 'utf8');
    const expected = JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    const { json } = await scanned('organization');
    expect(json.evaluations).toHaveLength(87);
    // An exempt group has its links still; the expectation does not name them.
    const found = json.evaluations.map((each) => {
      const keys = Object.keys(expected[keyOf(each)] ?? {});
      return [keyOf(each), Object.fromEntries(Object.entries(expectedOf(each)).filter(([key]) => keys.includes(key)))];
    });
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('the verdicts are counted as its README says', async () => {
    const { code, stderr, json } = await scanned('organization');
    expect([code, stderr]).toEqual([1, '']);
    expect(json.summary).toEqual({ nonCompliant: 50, indeterminate: 1, compliant: 13, notApplicable: 23 });
    const readme = readFileSync(join(examples, 'organization', 'README.md'), 'utf8').replaceAll(/\s+/g, ' ');
    expect(readme).toContain('50 non-compliant, 1 indeterminate, 13 compliant, 23 not applicable');
  });

  test('two origins are unresolved', async () => {
    const { json } = await scanned('organization');
    expect(json.unresolvedOrigins.map(({ domain, why }) => [domain, why])).toEqual(
      expect.arrayContaining([
        ['partner.example.net', 'no saved DNS answer or Route 53 record has its name'],
        ['gone.example.com', 'its name does not exist in DNS'],
      ]),
    );
    expect(json.unresolvedOrigins).toHaveLength(2);
  });

  test('the two Global Accelerator interfaces are listed with the path', async () => {
    const { json } = await scanned('organization');
    const events = json.evaluations.find(({ resourceId }) => resourceId === 'sg-0fc3fd2828858b634');
    expect(events?.paths.flatMap(({ otherEntrances }) => otherEntrances.map(({ kind }) => kind))).toEqual([
      'global-accelerator',
      'global-accelerator',
    ]);
  });
});

describe('the environment of the article', () => {
  const GROUP = 'sg-0482d99e7921588bc';
  const ALB = 'arn:aws:elasticloadbalancing:us-east-1:208619972546:loadbalancer/app/demo-sbx-alb/862f9dad9bb8b650';

  test('before: TCP 80 is open to everybody', async () => {
    const { code, stderr, json } = await scanned('article-before');
    expect([code, stderr]).toEqual([1, '']);
    expect(json.evaluations.map((each) => [each.resourceId, expectedOf(each)])).toEqual([
      [ALB, { verdict: 'NON_COMPLIANT', reasons: ['default-action-forwards'], linkedBy: ['dns-name'] }],
      [GROUP, { verdict: 'NON_COMPLIANT', reasons: ['world-ipv4'], linkedBy: ['dns-name'] }],
      ['sg-06062cd8fc302fd71', { verdict: 'NOT_APPLICABLE', reasons: [], linkedBy: [] }],
    ]);
    expect(json.evaluations[1]?.findings).toEqual([
      {
        reason: 'world-ipv4',
        securityGroupRuleId: 'sgr-04c61de74d6162d5e',
        protocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        source: '0.0.0.0/0',
      },
    ]);
  });

  test("after: TCP 80 is open to CloudFront's prefix list", async () => {
    const { code, stderr, json } = await scanned('article-restricted');
    expect([code, stderr]).toEqual([1, '']);
    expect(json.evaluations.map((each) => [each.resourceId, each.verdict])).toEqual([
      [ALB, 'NON_COMPLIANT'],
      [GROUP, 'COMPLIANT'],
      ['sg-06062cd8fc302fd71', 'NOT_APPLICABLE'],
    ]);
  });

  test('authenticated: a rule verifies the header that the distribution adds', async () => {
    const { code, stdout, stderr, json } = await scanned('article-after');
    expect([code, stderr]).toEqual([0, '']);
    expect(json.evaluations.map((each) => [each.resourceId, each.verdict])).toEqual([
      [ALB, 'COMPLIANT'],
      [GROUP, 'COMPLIANT'],
      ['sg-06062cd8fc302fd71', 'NOT_APPLICABLE'],
    ]);
    expect(stdout).not.toContain('not-a-real-secret');
  });
});
