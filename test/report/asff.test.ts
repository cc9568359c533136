import Ajv from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { known } from '../../core/fact.js';
import { Region } from '../../core/ids.js';
import type { Judgement } from '../../core/judgement.js';
import type { HeldFinding, SecurityFinding } from '../../core/security-finding.js';
import { toAsff, type AsffContext } from '../../report/asff.js';
import {
  ACCOUNT,
  arnOf,
  distributionId,
  dnsNameOf,
  fromCidr,
  fromGroup,
  fromList,
  hidden,
  listId,
  NOW,
  open,
  OTHER_ACCOUNT,
  path,
  prefixList,
  REGION,
  securityGroup,
} from '../support/builders.js';
import { judge, JUDGE, judgement, openJudgement, registered, RULE_ID } from '../support/judgements.js';
import { propertyRuns } from '../support/property-runs.js';
import { ASFF_BYTES, ASFF_SCHEMA } from './asff-schema.js';

const isFinding = new Ajv({ strict: true, allErrors: true }).compile(ASFF_SCHEMA);

const context = (overrides: Partial<AsffContext> = {}): AsffContext => ({
  meta: registered().meta,
  at: { accountId: ACCOUNT, region: REGION, partition: 'aws' },
  distributionAccountId: ACCOUNT,
  now: NOW,
  held: null,
  ...overrides,
});

/** A finding that AWS's documentation allows. */
function render(judged: Judgement, overrides: Partial<AsffContext> = {}): SecurityFinding {
  const finding = toAsff(judged, context(overrides));
  // As it is sent: what is undefined is not there.
  const sent: unknown = JSON.parse(JSON.stringify(finding));
  expect([isFinding(sent), isFinding.errors]).toEqual([true, null]);
  expect(sent).toEqual(finding);
  expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThan(ASFF_BYTES);
  return finding;
}

async function only(judgements: Promise<readonly Judgement[]>): Promise<Judgement> {
  const [first, ...rest] = await judgements;
  if (first === undefined || rest.length > 0) throw new RangeError('not one judgement');
  return first;
}

const withRules = (...rules: readonly Readonly<Parameters<typeof open>>[]) =>
  judge({ groups: [securityGroup({ ingress: known(rules.map((rule) => open(...rule))) })] });

describe('a verdict becomes', () => {
  it.each([
    ['compliant', 'PASSED', 'INFORMATIONAL', 'ACTIVE'],
    ['non-compliant', 'FAILED', 'HIGH', 'ACTIVE'],
    ['not-applicable', 'NOT_AVAILABLE', 'INFORMATIONAL', 'ARCHIVED'],
    ['indeterminate', 'WARNING', 'INFORMATIONAL', 'ACTIVE'],
  ] as const)('%s: %s, %s, %s', async (kind, status, label, recordState) => {
    const judged = await only(JUDGE[kind]());
    expect(judged.verdict.kind).toBe(kind);
    const finding = render(judged);
    expect(finding.Compliance.Status).toBe(status);
    expect(finding.Severity.Label).toBe(label);
    expect(finding.FindingProviderFields.Severity).toEqual(finding.Severity);
    expect(finding.RecordState).toBe(recordState);
    expect(finding).not.toHaveProperty('Workflow');
  });
});

describe('the severity is that of the worst reason', () => {
  const sourceOf = (text: string): ReturnType<typeof fromCidr> =>
    text.startsWith('sg-') ? fromGroup(text) : fromCidr(text);

  it.each([
    ['HIGH', ['0.0.0.0/0']],
    ['HIGH', ['::/0']],
    ['HIGH', ['10.0.0.0/8', '::/0']],
    ['MEDIUM', ['203.0.113.0/24', '10.0.0.0/8']],
    ['LOW', ['10.0.0.0/8', 'sg-0other']],
    ['LOW', ['sg-0other']],
  ])('%s: %j', async (label, sources) => {
    const judged = await only(withRules(...sources.map((text) => [sourceOf(text)] as const)));
    expect(render(judged).Severity).toEqual({ Label: label, Original: label.toLowerCase() });
  });

  it('MEDIUM: nothing but missing evidence', async () => {
    const groups = [securityGroup({ ingress: hidden('rules') })];
    const finding = render(await only(judge({ groups }, { onMissingEvidence: 'non-compliant' })));
    expect(finding.Severity).toEqual({ Label: 'MEDIUM', Original: 'medium' });
    expect(finding.Remediation.Recommendation.Text).toBe(
      'first let the rule read what is missing; rules cannot be read',
    );
    expect(finding.ProductFields['origin-guard/Reasons']).toBe('none');
  });
});

describe('who and where', () => {
  it('the id and the product are those of the account and Region', () => {
    expect(render(judgement())).toMatchObject({
      Id: `origin-guard/${RULE_ID}/111122223333/us-east-1/sg-0web`,
      GeneratorId: `origin-guard/${RULE_ID}`,
      ProductArn: 'arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default',
      AwsAccountId: '111122223333',
    });
  });

  it('the id is the same for every verdict on a resource, and another for every other resource, place and rule', async () => {
    const verdicts = await Promise.all(Object.values(JUDGE).map((make) => only(make())));
    expect(new Set(verdicts.map((judged) => render(judged).Id)).size).toBe(1);
    const { at } = context();
    const ids = [
      render(judgement()),
      render(judgement({ resourceId: 'sg-1' })),
      render(judgement({ ruleId: 'other-rule' })),
      render(judgement(), { at: { ...at, accountId: OTHER_ACCOUNT } }),
      render(judgement(), { at: { ...at, region: Region.parse('eu-west-1') } }),
    ].map(({ Id }) => Id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('the partition is that of the place, in every ARN', () => {
    const at = { accountId: ACCOUNT, region: Region.parse('cn-north-1'), partition: 'aws-cn' };
    const finding = render(judgement({ paths: [path()] }), { at });
    expect(finding.ProductArn).toMatch(/^arn:aws-cn:securityhub:cn-north-1:/);
    expect(finding.Resources.map(({ Partition }) => Partition)).toEqual(['aws-cn', 'aws-cn', 'aws-cn']);
    expect(finding.Resources[0]?.Id).toMatch(/^arn:aws-cn:ec2:cn-north-1:/);
    expect(finding.Resources[2]?.Id).toMatch(/^arn:aws-cn:cloudfront::/);
  });
});

describe('times', () => {
  const held = (overrides: Partial<HeldFinding> = {}): HeldFinding => ({
    id: render(judgement()).Id,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-06-01T00:00:00.000Z',
    recordState: 'ACTIVE',
    ...overrides,
  });

  it('a new finding is created and updated at once', () => {
    const { CreatedAt, UpdatedAt, FirstObservedAt, LastObservedAt } = render(judgement());
    expect([CreatedAt, UpdatedAt, FirstObservedAt, LastObservedAt]).toEqual([NOW, NOW, NOW, NOW]);
  });

  it('an update keeps when it was created, and moves when it was updated', () => {
    expect(render(judgement(), { held: held() })).toMatchObject({
      CreatedAt: '2026-01-01T00:00:00.000Z',
      FirstObservedAt: '2026-01-01T00:00:00.000Z',
      UpdatedAt: NOW,
      LastObservedAt: NOW,
    });
  });

  it.each([
    [NOW, '2026-07-01T12:00:00.001Z'],
    ['2026-07-01T12:00:05.000Z', '2026-07-01T12:00:05.001Z'],
    ['2026-07-01T14:00:05+02:00', '2026-07-01T12:00:05.001Z'],
    ['2026-07-01T11:59:59.999Z', NOW],
    ['2026-07-01T11:59:59.998Z', NOW],
    ['sometime', NOW],
  ])('an update of what was updated at %s is of %s: Security Hub ignores what is not newer', (updatedAt, expected) => {
    expect(render(judgement(), { held: held({ updatedAt }) }).UpdatedAt).toBe(expected);
  });
});

describe('the words', () => {
  it('say what is open, how CloudFront gets there and what to do', async () => {
    const finding = render(await only(JUDGE['non-compliant']()));
    expect(finding.Title).toBe('sg-0web: Security groups of load balancers behind CloudFront admit only CloudFront');
    expect(finding.Description).toBe(
      'sg-0web (web): 0.0.0.0/0 on tcp 443 (world-ipv4). The way from CloudFront: E1WEB → web (dns-name).',
    );
    expect(finding.Remediation.Recommendation).toEqual({
      Text: "allow pl-3b927c52 (CloudFront's IPv4 prefix list) on tcp 443, then remove 0.0.0.0/0",
      Url: registered().meta.guide,
    });
    expect(finding.ProductFields).toEqual({
      'origin-guard/RuleId': RULE_ID,
      'origin-guard/Reasons': 'world-ipv4',
      'origin-guard/Sources': '0.0.0.0/0',
      'origin-guard/Paths': 'E1WEB → web (dns-name)',
      'origin-guard/Annotation': '0.0.0.0/0 on tcp 443 (world-ipv4)',
    });
  });

  it('say each reason and source once, worst first', async () => {
    const finding = render(
      await only(withRules([fromCidr('10.0.0.0/8')], [fromCidr('0.0.0.0/0'), 'tcp', 80], [fromCidr('0.0.0.0/0')])),
    );
    expect(finding.ProductFields).toMatchObject({
      'origin-guard/Reasons': 'world-ipv4; private-cidr',
      'origin-guard/Sources': '0.0.0.0/0; 10.0.0.0/8',
    });
  });

  it('name prefix lists and groups as they name ranges', async () => {
    const ingress = [fromCidr('0.0.0.0/0'), fromGroup('sg-0other'), fromList('pl-63a5400a')].map((from) => open(from));
    const prefixLists = {
      'pl-63a5400a': known(prefixList({ id: listId('pl-63a5400a'), name: 'com.amazonaws.us-east-1.s3' })),
    };
    const judged = await only(judge({ groups: [securityGroup({ ingress: known(ingress) })], prefixLists }));
    expect(render(judged).ProductFields['origin-guard/Sources']).toBe('0.0.0.0/0; pl-63a5400a; sg-0other');
  });

  it('leave nothing to do where nothing is wrong, and no field of an earlier verdict', async () => {
    for (const kind of ['compliant', 'not-applicable'] as const) {
      const finding = render(await only(JUDGE[kind]()));
      expect(finding.Remediation.Recommendation.Text).toBe('There is nothing to do.');
      expect(finding.ProductFields).toMatchObject({ 'origin-guard/Reasons': 'none', 'origin-guard/Sources': 'none' });
    }
    expect(render(await only(JUDGE['not-applicable']())).Description).toBe(
      'sg-0web (web): no distribution has a load balancer that uses the group as its origin.',
    );
  });

  it('stand on one line, whatever somebody wrote into a name or a tag', () => {
    const finding = render(
      judgement({
        name: 'a\n\tb\u2028c\u0085d',
        verdict: { kind: 'not-applicable', because: 'x' },
        reasons: ['exempt by its tag: \r\n because', ' \n '],
      }),
    );
    expect(finding.Description).toBe('sg-0web (a b c d): exempt by its tag: because.');
  });

  it.each([null, '', ' \n'])('a resource whose name is %j is called by its id', (name) => {
    expect(render(judgement({ name })).Description).toBe('sg-0web: all is well.');
  });

  it('cite requirements as AWS cites them', () => {
    const cited = render(judgement()).Compliance.RelatedRequirements;
    expect(cited).toHaveLength(registered().meta.requirements.length);
    expect(cited).toEqual(
      expect.arrayContaining([
        'NIST.800-53.r5 AC-4',
        'NIST.800-53.r5 SC-7',
        'NIST.800-53.r5 SC-7(5)',
        'NIST.800-53.r5 SC-7(11)',
        'PCI DSS v4.0.1/1.3.1',
        'CIS AWS Foundations Benchmark v5.0.0/5.3',
        'HIPAA 164.312(e)(1)',
        'SOC 2 CC6.6',
      ]),
    );
  });

  it('cite no more requirements than Security Hub takes', () => {
    const { meta } = registered();
    const requirements = Array.from({ length: 40 }, (_, at) => ({ ...meta.requirements[0]!, id: `SC-${String(at)}` }));
    expect(render(judgement(), { meta: { ...meta, requirements } }).Compliance.RelatedRequirements).toHaveLength(32);
  });
});

describe('the resources', () => {
  it('the group, its load balancers and their distributions', () => {
    const paths = [
      path(),
      path({ originId: 'second' }),
      path({ distributionId: distributionId('E2'), loadBalancerArn: arnOf('other') }),
    ];
    expect(render(judgement({ paths })).Resources).toEqual([
      {
        Type: 'AwsEc2SecurityGroup',
        Id: 'arn:aws:ec2:us-east-1:111122223333:security-group/sg-0web',
        Partition: 'aws',
        Region: 'us-east-1',
      },
      { Type: 'AwsElbv2LoadBalancer', Id: arnOf('web'), Partition: 'aws', Region: 'us-east-1' },
      {
        Type: 'AwsCloudFrontDistribution',
        Id: 'arn:aws:cloudfront::111122223333:distribution/E1WEB',
        Partition: 'aws',
      },
      { Type: 'AwsElbv2LoadBalancer', Id: arnOf('other'), Partition: 'aws', Region: 'us-east-1' },
      {
        Type: 'AwsCloudFrontDistribution',
        Id: 'arn:aws:cloudfront::111122223333:distribution/E2',
        Partition: 'aws',
      },
    ]);
  });

  it('a distribution of nobody knows whose account goes by its id', () => {
    const finding = render(judgement({ paths: [path()] }), { distributionAccountId: null });
    expect(finding.Resources[2]).toEqual({ Type: 'AwsCloudFrontDistribution', Id: 'E1WEB', Partition: 'aws' });
  });

  it('a declared path has no distribution', () => {
    const paths = [path({ distributionId: null, originId: null, originDomain: null, linkedBy: 'declared' })];
    expect(render(judgement({ paths })).Resources.map(({ Type }) => Type)).toEqual([
      'AwsEc2SecurityGroup',
      'AwsElbv2LoadBalancer',
    ]);
  });

  it('a group of another account keeps its owner', () => {
    const scope = { accountId: OTHER_ACCOUNT, region: REGION };
    expect(render(judgement({ scope })).Resources[0]?.Id).toContain(`:${OTHER_ACCOUNT}:security-group/`);
    expect(render(judgement({ scope: { accountId: null, region: null } })).Resources[0]?.Id).toContain(`:${ACCOUNT}:`);
  });

  it('a judged load balancer is one resource, also when it is on its own path', () => {
    const resourceId = arnOf('web');
    const judged = judgement({ resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer', resourceId });
    expect(render(judged).Resources.map(({ Type, Id }) => [Type, Id])).toEqual([['AwsElbv2LoadBalancer', resourceId]]);
    const [first, ...rest] = render({ ...judged, paths: [path()] }).Resources;
    expect(first).toMatchObject({ Type: 'AwsElbv2LoadBalancer', Id: resourceId });
    expect(rest.map(({ Type }) => Type)).toEqual(['AwsCloudFrontDistribution']);
  });

  it('are at most 32, the group among them', () => {
    const paths = Array.from({ length: 50 }, (_, at) => path({ distributionId: distributionId(`E${String(at)}`) }));
    const { Resources } = render(judgement({ paths }));
    expect(Resources).toHaveLength(32);
    expect(Resources[0]?.Type).toBe('AwsEc2SecurityGroup');
  });
});

describe('at the limits', () => {
  it('5,000 sources that the rule itself judged', async () => {
    const rules = Array.from({ length: 5000 }, (_, at): [ReturnType<typeof fromCidr>] => [
      fromCidr(`198.${String(18 + Math.floor(at / 250))}.${String(at % 250)}.0/24`),
    ]);
    const finding = render(await only(withRules(...rules)));
    expect(finding.ProductFields['origin-guard/Sources']).toMatch(/^198\.18\.0\.0\/24; .*; and 4\d{3} more$/);
    expect(finding.Description).toMatch(/ \(public-cidr\); and 4\d{3} more\. The way from CloudFront: /);
  });

  const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map((made) => made.replaceAll(/\s/g, '-'));
  const sentence = fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => words.join(' '));
  const name = fc.oneof(fc.constant(null), sentence, fc.string({ unit: 'grapheme', minLength: 255, maxLength: 255 }));
  const source = fc.oneof(
    fc.ipV4().map((address) => `${address}/32`),
    fc.ipV6().map((address) => `${address}/128`),
    fc.stringMatching(/^(pl|sg)-[0-9a-f]{17}$/),
  );
  const way = fc
    .record({ distribution: fc.stringMatching(/^E[0-9A-Z]{13}$/), balancer: fc.stringMatching(/^[a-z0-9]{1,32}$/) })
    .map(({ distribution, balancer }) =>
      path({
        distributionId: distributionId(distribution),
        loadBalancerArn: arnOf(balancer),
        originDomain: dnsNameOf(balancer),
      }),
    );
  const many = fc
    .record({
      resourceId: fc.stringMatching(/^sg-[0-9a-f]{17}$/),
      name,
      sources: fc.oneof(fc.array(source, { maxLength: 5 }), fc.array(source, { minLength: 200, maxLength: 1000 })),
      advice: fc.array(sentence, { maxLength: 30 }),
      paths: fc.array(way, { maxLength: 60 }),
    })
    .map(({ resourceId, name: given, sources, advice, paths }): Judgement => ({
      ...openJudgement(resourceId, sources, 'public-cidr'),
      name: given,
      paths,
      advise: () => advice,
    }));

  const wordsOf = (text: string): readonly string[] =>
    text
      .replaceAll(/[\s\p{Cc}()]+/gu, ' ')
      .split(' ')
      .map((each) => each.replace(/[;:.]+$/, ''));

  it('every text fits, and shows whole words only: no id is ever cut', () => {
    fc.assert(
      fc.property(many, (judged) => {
        const finding = render(judged);
        const { meta } = registered();
        const given = [
          `${judged.resourceId} (${judged.name ?? ''}) ${judged.resourceId}: ${meta.title}`,
          ...judged.reasons,
          ...judged.advise(),
          ...judged.paths.flatMap((each) => [
            `${each.distributionId ?? ''} → ${each.loadBalancerArn.split('/')[2] ?? ''} (dns-name)`,
          ]),
          ...judged.reasons.map((reason) => reason.split(' ')[0] ?? ''),
          `${RULE_ID} public-cidr none … and more The way from CloudFront`,
          'first let the rule read what is missing',
        ];
        const whole = new Set(given.flatMap(wordsOf));
        const shown = [
          finding.Title,
          finding.Description,
          finding.Remediation.Recommendation.Text,
          ...Object.values(finding.ProductFields),
        ].flatMap(wordsOf);
        expect(shown.filter((each) => each !== '' && !/^\d+$/.test(each) && !whole.has(each))).toEqual([]);
        expect(finding.Id.endsWith(`/${judged.resourceId}`)).toBe(true);
        expect(finding.Title.startsWith(`${judged.resourceId}: `)).toBe(true);
        expect(finding.Description.startsWith(judged.resourceId)).toBe(true);
      }),
      { numRuns: Math.min(propertyRuns(), 60) },
    );
  });
});
