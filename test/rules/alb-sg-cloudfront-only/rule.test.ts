import { known, missing } from '../../../core/fact.js';
import { albSgCloudfrontOnly } from '../../../rules/alb-sg-cloudfront-only/rule.js';
import {
  admitting,
  albSgFacts,
  arnOf,
  block,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  groupId,
  hidden,
  ingress,
  listId,
  listsById,
  open,
  path,
  prefixList,
  ruleId,
  securityGroup,
} from '../../support/builders.js';
import { testRule } from '../../support/test-rule.js';

const WORLD = fromCidr('0.0.0.0/0');
const OFFICE = fromCidr('203.0.113.0/24');
const customer = (id: string) => prefixList({ id: listId(id), name: 'partners', ownerId: '111122223333' });
const exempt = (tags: Readonly<Record<string, string>>) =>
  albSgFacts({ group: securityGroup({ tags: known(tags), ingress: known([open(WORLD)]) }) });
const KEY = 'origin-guard:exempt';

testRule(albSgCloudfrontOnly, {
  compliant: [
    { name: "CloudFront's IPv4 list alone", facts: albSgFacts() },
    { name: "CloudFront's IPv6 list", facts: admitting([ingress({ source: fromList(CLOUDFRONT_V6) })]) },
    { name: 'no ingress rule at all', facts: admitting([]) },
    {
      name: 'a CIDR that several allowed CIDRs cover together',
      facts: admitting([open(fromCidr('198.51.100.0/24'))]),
      params: { allowedCidrs: '198.51.100.0/25, 198.51.100.128/25' },
    },
    { name: 'path MTU discovery from everybody', facts: admitting([open(WORLD, 'icmp', 3, 4)]) },
    {
      name: 'the VPC-origins group of the same VPC',
      facts: admitting([open(fromGroup('sg-0svc'))], {
        citedGroups: new Map([
          [groupId('sg-0svc'), known({ name: 'CloudFront-VPCOrigins-Service-SG-0a', vpcId: 'vpc-0a1' })],
        ]),
      }),
    },
    {
      name: 'an open port that no listener uses, under ports = listeners',
      facts: admitting([open(WORLD, 'tcp', 22)], { listenerPorts: [known([443])] }),
      params: { ports: 'listeners' },
    },
    {
      name: 'tags hidden by IAM, since an exemption only excuses',
      facts: albSgFacts({ group: securityGroup({ tags: hidden('tags') }) }),
    },
    {
      name: 'links that are only partly known, since one path is enough to be judged',
      facts: albSgFacts({ attachmentGap: gap('loadBalancers'), linkGaps: [gap('distributions')] }),
    },
  ],
  nonCompliant: [
    {
      name: 'the world on HTTPS, with the rule that lets it in',
      facts: admitting([ingress(), { ...open(WORLD), ruleId: ruleId('sgr-0a') }]),
      reasons: ['world-ipv4'],
      findings: [
        {
          reason: 'world-ipv4',
          securityGroupRuleId: ruleId('sgr-0a'),
          protocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          source: '0.0.0.0/0',
        },
      ],
    },
    {
      name: 'every reason there is, most severe first, in whatever order the rules come',
      facts: admitting(
        [
          open(fromCidr('10.0.0.0/8')),
          open(fromGroup('sg-0app')),
          open(fromList('pl-0cust')),
          open(OFFICE),
          open(fromList('pl-0fake')),
          open(fromCidr('::/0')),
          open(WORLD),
        ],
        {
          prefixLists: listsById(customer('pl-0cust'), prefixList({ id: listId('pl-0fake'), ownerId: '111122223333' })),
          citedGroups: new Map([[groupId('sg-0app'), known({ name: 'app', vpcId: 'vpc-0a1' })]]),
        },
      ),
      reasons: [
        'world-ipv4',
        'world-ipv6',
        'lookalike-prefix-list',
        'public-cidr',
        'other-prefix-list',
        'security-group-source',
        'private-cidr',
      ],
    },
    {
      name: 'all traffic from the world, whose ports are null',
      facts: admitting([open(WORLD, '-1')]),
      reasons: ['world-ipv4'],
      findings: [
        {
          reason: 'world-ipv4',
          securityGroupRuleId: null,
          protocol: '-1',
          fromPort: null,
          toPort: null,
          source: '0.0.0.0/0',
        },
      ],
    },
    {
      name: 'ping from the world, whose type and code are no ports',
      facts: admitting([open(WORLD, 'icmp', 8, -1)]),
      reasons: ['world-ipv4'],
      findings: [
        {
          reason: 'world-ipv4',
          securityGroupRuleId: null,
          protocol: 'icmp',
          fromPort: null,
          toPort: null,
          source: '0.0.0.0/0',
        },
      ],
    },
    {
      name: 'a port that no listener uses, under ports = all',
      facts: admitting([open(WORLD, 'tcp', 22)], { listenerPorts: [known([443])] }),
      reasons: ['world-ipv4'],
    },
    {
      name: 'a list with several foreign entries is one finding',
      facts: admitting([open(fromList('pl-0cust'))], {
        prefixLists: listsById({ ...customer('pl-0cust'), entries: known([block('10.0.0.0/8'), block('0.0.0.0/0')]) }),
      }),
      params: { allowedCidrs: '192.0.2.0/24' },
      reasons: ['other-prefix-list'],
    },
    {
      name: 'what was found stands beside what could not be read',
      facts: admitting([open(fromList('pl-0b')), open(WORLD), open(fromList('pl-0a'))], {
        prefixLists: new Map([
          [listId('pl-0a'), hidden('prefixList pl-0a')],
          [listId('pl-0b'), hidden('prefixList pl-0b')],
        ]),
      }),
      reasons: ['world-ipv4'],
      gaps: ['prefixList pl-0a', 'prefixList pl-0b'],
    },
    {
      name: 'an exemption that is over',
      facts: exempt({ [KEY]: 'migration', [`${KEY}-until`]: '2026-06-30' }),
      reasons: ['world-ipv4'],
    },
    { name: 'an exemption without a reason', facts: exempt({ [KEY]: ' ' }), reasons: ['world-ipv4'] },
    {
      name: 'an exemption under a key that nobody chose',
      facts: exempt({ [KEY]: 'migration' }),
      params: { exemptTagKey: 'our:exempt' },
      reasons: ['world-ipv4'],
    },
    {
      name: 'tags that nobody saved, which is a choice and no denial',
      facts: albSgFacts({
        group: securityGroup({ tags: missing(gap('tags', 'not-seen')), ingress: known([open(WORLD)]) }),
      }),
      reasons: ['world-ipv4'],
    },
  ],
  notApplicable: [
    {
      name: 'a group that is deleted',
      facts: albSgFacts({ group: securityGroup({ deleted: true, ingress: known([open(WORLD)]) }) }),
      because: 'the group is deleted',
    },
    {
      name: 'a deleted group, whatever else is hidden',
      facts: albSgFacts({
        group: securityGroup({ deleted: true, tags: hidden('tags'), ingress: hidden('rules') }),
        attachmentGap: gap('loadBalancers'),
        paths: [],
      }),
      because: 'the group is deleted',
    },
    {
      name: 'a group that no Application Load Balancer uses',
      facts: albSgFacts({ attachedTo: [], paths: [] }),
      because: 'no Application Load Balancer uses the group',
    },
    {
      name: 'a group whose load balancers no distribution has as its origin',
      facts: albSgFacts({ paths: [] }),
      because: 'no distribution has a load balancer that uses the group as its origin',
    },
    {
      name: 'a group that is exempt by its own tag',
      facts: exempt({ [KEY]: 'pentest in July' }),
      because: 'exempt by its tag origin-guard:exempt: pentest in July',
    },
    {
      name: 'a group that is exempt for some days more',
      facts: exempt({ [KEY]: 'pentest', [`${KEY}-until`]: '2026-07-01' }),
      because: 'exempt by its tag origin-guard:exempt: pentest (until 2026-07-01)',
    },
    {
      name: 'a group that is exempt under a key of its own',
      facts: exempt({ 'our:exempt': 'legacy' }),
      params: { exemptTagKey: 'our:exempt' },
      because: 'exempt by its tag our:exempt: legacy',
    },
    {
      name: 'an exempt group whose rules are hidden by IAM',
      facts: albSgFacts({ group: securityGroup({ tags: known({ [KEY]: 'legacy' }), ingress: hidden('rules') }) }),
      because: 'exempt by its tag origin-guard:exempt: legacy',
    },
  ],
  indeterminate: [
    {
      name: 'rules hidden by IAM',
      facts: albSgFacts({ group: securityGroup({ ingress: hidden('securityGroupRules') }) }),
      gaps: ['securityGroupRules'],
    },
    {
      name: 'tags hidden by IAM, so that the open group may be exempt',
      facts: albSgFacts({ group: securityGroup({ tags: hidden('tags'), ingress: known([open(WORLD)]) }) }),
      gaps: ['tags'],
    },
    {
      name: 'load balancers hidden by IAM, so that the group may be attached',
      facts: albSgFacts({ attachedTo: [], attachmentGap: gap('loadBalancers'), paths: [] }),
      gaps: ['loadBalancers'],
    },
    {
      name: 'distributions hidden by IAM, so that the load balancer may have a path',
      facts: albSgFacts({ paths: [], linkGaps: [gap('distributions')] }),
      gaps: ['distributions'],
    },
    {
      name: 'load balancers and distributions hidden by IAM, each named',
      facts: albSgFacts({ paths: [], attachmentGap: gap('loadBalancers'), linkGaps: [gap('distributions')] }),
      gaps: ['distributions', 'loadBalancers'],
    },
    {
      name: 'a prefix list that is not resolved',
      facts: admitting([open(fromList('pl-0gone'))], {
        prefixLists: new Map([[listId('pl-0gone'), hidden('prefixList pl-0gone')]]),
      }),
      gaps: ['prefixList pl-0gone'],
    },
    {
      name: 'a prefix list that nobody read',
      facts: admitting([open(fromList('pl-0gone'))], { prefixLists: new Map() }),
      gaps: ['prefixList pl-0gone'],
    },
    {
      name: "a customer's list whose entries are hidden, with something allowed",
      facts: admitting([open(fromList('pl-0cust'))], {
        prefixLists: listsById({ ...customer('pl-0cust'), entries: hidden('entries of pl-0cust') }),
      }),
      params: { allowedCidrs: '192.0.2.0/24' },
      gaps: ['entries of pl-0cust'],
    },
    {
      name: 'a group source that is hidden, beside a VPC origin',
      facts: admitting([open(fromGroup('sg-0svc'))], {
        paths: [path({ linkedBy: 'vpc-origin' })],
        citedGroups: new Map([[groupId('sg-0svc'), hidden('securityGroup sg-0svc')]]),
      }),
      gaps: ['securityGroup sg-0svc'],
    },
    {
      name: 'listeners hidden by IAM, under ports = listeners',
      facts: admitting([open(WORLD)], { listenerPorts: [hidden(`listeners of ${arnOf('web')}`)] }),
      params: { ports: 'listeners' },
      gaps: [`listeners of ${arnOf('web')}`],
    },
    {
      name: 'the same evidence missing twice is one gap',
      facts: admitting([open(fromList('pl-0a'), 'tcp', 80), open(fromList('pl-0a'), 'tcp', 443)], {
        prefixLists: new Map([[listId('pl-0a'), hidden('prefixList pl-0a')]]),
      }),
      gaps: ['prefixList pl-0a'],
    },
  ],
});

describe('the words about the rule', () => {
  it('every reason has a sentence and the rule its identity', () => {
    const { meta } = albSgCloudfrontOnly;
    expect(meta).toMatchObject({
      id: 'alb-sg-cloudfront-only',
      resourceType: 'AWS::EC2::SecurityGroup',
      severity: 'high',
      pass: 'every ingress rule admits only CloudFront or what the parameters allow',
    });
    expect(meta.title).toMatch(/admit only CloudFront$/);
    expect(meta.description).toMatch(/must admit only CloudFront/);
    expect(Object.keys(meta.reasons).sort()).toEqual([
      'lookalike-prefix-list',
      'other-prefix-list',
      'private-cidr',
      'public-cidr',
      'security-group-source',
      'world-ipv4',
      'world-ipv6',
    ]);
    for (const { means } of Object.values(meta.reasons)) expect(means).toMatch(/^[A-Z].+\.$/);
  });

  it('the severity of each reason', () => {
    const { reasons } = albSgCloudfrontOnly.meta;
    expect(Object.fromEntries(Object.entries(reasons).map(([reason, { severity }]) => [reason, severity]))).toEqual({
      'world-ipv4': 'high',
      'world-ipv6': 'high',
      'lookalike-prefix-list': 'high',
      'public-cidr': 'medium',
      'other-prefix-list': 'medium',
      'security-group-source': 'low',
      'private-cidr': 'low',
    });
  });

  // Spelt as their publishers spell them.
  it.each([
    ['NIST SP 800-53 r5', 'AC-4', 'Information Flow Enforcement'],
    ['NIST SP 800-53 r5', 'SC-7', 'Boundary Protection'],
    ['NIST SP 800-53 r5', 'SC-7(3)', 'Access Points'],
    ['NIST SP 800-53 r5', 'SC-7(5)', 'Deny by Default — Allow by Exception'],
    ['NIST SP 800-53 r5', 'SC-7(11)', 'Restrict Incoming Communications Traffic'],
    ['PCI DSS v4.0.1', '1.3', 'Network access to and from the cardholder data environment is restricted'],
    ['PCI DSS v4.0.1', '1.3.1', 'Inbound traffic to the CDE is restricted as follows: …'],
    ['PCI DSS v4.0.1', '1.4', 'Network connections between trusted and untrusted networks are controlled'],
    ['PCI DSS v4.0.1', '1.4.2', 'Inbound traffic from untrusted networks to trusted networks is restricted to: …'],
    [
      'CIS AWS Foundations Benchmark v5.0.0',
      '5.3',
      'Ensure no security groups allow ingress from 0.0.0.0/0 to remote server administration ports',
    ],
    [
      'CIS AWS Foundations Benchmark v5.0.0',
      '5.4',
      'Ensure no security groups allow ingress from ::/0 to remote server administration ports',
    ],
    ['HIPAA Security Rule', '164.312(e)(1)', 'Transmission security'],
    [
      'SOC 2',
      'CC6.6',
      'The entity implements logical access security measures to protect against threats from sources outside its system boundaries',
    ],
  ])('relates to %s %s, %s', (framework, id, title) => {
    expect(albSgCloudfrontOnly.meta.requirements).toContainEqual({ framework, id, title, why: expect.any(String) });
  });

  it.each([
    ['0.0.0.0/0 on tcp 443 (world-ipv4)', { reason: 'world-ipv4', protocol: 'tcp', fromPort: 443, toPort: 443 }],
    ['0.0.0.0/0 on all traffic (world-ipv4)', { reason: 'world-ipv4', protocol: '-1', fromPort: null, toPort: null }],
  ] as const)('a finding reads %s', (text, finding) => {
    expect(albSgCloudfrontOnly.describe({ ...finding, source: '0.0.0.0/0', securityGroupRuleId: null })).toBe(text);
  });
});
