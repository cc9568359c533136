import * as fc from 'fast-check';
import type { Owner } from '../../../core/plan.js';
import { ownerOf, snippetsFor, type SourceChange } from '../../../remediation/alb-sg-cloudfront-only/snippets.js';
import { CLOUDFRONT_V6, fromCidr, open } from '../../support/builders.js';
import { grant } from '../../support/plans.js';

describe('what made a group', () => {
  test.each<readonly [string, Readonly<Record<string, string>>, Owner | null]>([
    ['nobody says', { Name: 'web', Environment: 'prod' }, null],
    ['a stack', { 'aws:cloudformation:stack-name': 'shop' }, { kind: 'cloudformation', name: 'shop' }],
    [
      'a product of Service Catalog, which is a stack too',
      {
        'aws:cloudformation:stack-name': 'SC-1',
        'aws:servicecatalog:provisioningPrincipalArn': 'arn:aws:sts::111122223333:assumed-role/a/b',
        'aws:servicecatalog:portfolioArn': 'arn:aws:catalog:us-east-1:111122223333:portfolio/port-1',
      },
      { kind: 'service-catalog', name: 'arn:aws:catalog:us-east-1:111122223333:portfolio/port-1' },
    ],
    [
      'a Beanstalk environment, which is a stack too',
      { 'aws:cloudformation:stack-name': 'awseb-e-1', 'elasticbeanstalk:environment-name': 'shop-prod' },
      { kind: 'elastic-beanstalk', name: 'shop-prod' },
    ],
    [
      'the load balancer controller',
      { 'ingress.k8s.aws/stack': 'shop/web', 'elbv2.k8s.aws/cluster': 'prod', Terraform: 'true' },
      { kind: 'kubernetes', name: 'prod' },
    ],
    ['an ingress', { 'ingress.k8s.aws/stack': 'shop/web' }, { kind: 'kubernetes', name: 'shop/web' }],
    ['a cluster, by the key', { 'kubernetes.io/cluster/prod': 'owned' }, { kind: 'kubernetes', name: 'prod' }],
    ['Terraform, by a switch', { Terraform: 'true' }, { kind: 'terraform', name: 'Terraform = true' }],
    ['Terraform, by a path', { terraform: 'live/shop' }, { kind: 'terraform', name: 'terraform = live/shop' }],
    ['not Terraform, by a switch', { terraform: 'False' }, null],
    ['not Terraform, by nothing', { terraform: '' }, null],
    ['another tool', { ManagedBy: 'hand' }, null],
    ['a key that nobody named', { repository: 'shop' }, null],
  ])('%s', (_, tags, owner) => {
    expect(ownerOf(tags)).toEqual(owner);
  });

  test.each(['managed-by', 'ManagedBy', 'managed_by', 'Managed By', 'created-by', 'provisioned-by'])(
    'Terraform, by %s in any spelling',
    (key) => {
      expect(ownerOf({ [key]: 'TERRAFORM' })).toEqual({ kind: 'terraform', name: `${key} = TERRAFORM` });
      expect(ownerOf({ [key]: 'OpenTofu 1.9' })?.kind).toBe('terraform');
      expect(ownerOf({ [key]: 'hand' })).toBeNull();
    },
  );

  test('a key that the operator names counts, whatever it holds', () => {
    expect(ownerOf({ repository: 'shop' }, ['repository'])).toEqual({ kind: 'terraform', name: 'repository = shop' });
  });

  test('the answer does not depend on the order of the tags', () => {
    const tags = Object.entries({
      'kubernetes.io/cluster/a': '',
      'kubernetes.io/cluster/b': '',
      'aws:servicecatalog:a': '1',
      'aws:servicecatalog:b': '2',
      terraform: 'yes',
      managedBy: 'terraform',
    });
    const kinds = [/^kubernetes/, /^aws:/, /^(?:terraform|managedBy)/];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(tags, { minLength: tags.length }),
        fc.constantFrom(...kinds),
        (shuffled, kind) => {
          const some = (from: typeof tags) => Object.fromEntries(from.filter(([key]) => kind.test(key)));
          expect(ownerOf(some(shuffled))).toEqual(ownerOf(some(tags)));
        },
      ),
    );
  });
});

describe('the code for its source', () => {
  const change: SourceChange = {
    groupId: 'sg-0web',
    groupName: 'web',
    vpcId: 'vpc-0a1',
    grants: [grant(443), grant(8080, { toPort: 8081, family: 'ipv6', prefixListId: CLOUDFRONT_V6 })],
    removed: [open(fromCidr('0.0.0.0/0'), 'tcp', 80), open(fromCidr('::/0'), '-1', null)],
  };
  const codeFor = (kind: Owner['kind'], given: Partial<SourceChange> = {}): readonly string[] =>
    snippetsFor({ kind, name: 'shop' }, { ...change, ...given }).map(({ code }) => code);

  test('nobody known: none', () => {
    expect(snippetsFor(null, change)).toEqual([]);
  });

  test.each<readonly [Owner['kind'], readonly string[]]>([
    ['cloudformation', ['cloudformation', 'cdk']],
    ['service-catalog', ['cloudformation']],
    ['elastic-beanstalk', ['cloudformation']],
    ['terraform', ['terraform']],
    ['kubernetes', ['kubernetes']],
  ])('%s gets %j, and every one says whose source it is and what goes', (kind, languages) => {
    const snippets = snippetsFor({ kind, name: 'shop' }, change);
    expect(snippets.map(({ language }) => language)).toEqual(languages);
    for (const { code } of snippets) {
      expect(code).toContain(`${kind} (shop) manages sg-0web (web)`);
      expect(code).toContain('0.0.0.0/0 on tcp 80');
      expect(code).toContain('::/0 on all traffic');
    }
  });

  test('CloudFormation: a rule of its own for each grant', () => {
    expect(codeFor('cloudformation')[0]).toContain(
      [
        'Resources:',
        '  CloudFrontIpv4443:',
        '    Type: AWS::EC2::SecurityGroupIngress',
        '    Properties:',
        '      GroupId: sg-0web # or !GetAtt GROUP.GroupId, where this template makes the group',
        '      IpProtocol: tcp',
        '      FromPort: 443',
        '      ToPort: 443',
        '      SourcePrefixListId: pl-3b927c52 # com.amazonaws.global.cloudfront.origin-facing, in this Region',
        '      Description: CloudFront',
        '  CloudFrontIpv680808081:',
      ].join('\n'),
    );
  });

  test('CDK: one line for each grant', () => {
    expect(codeFor('cloudformation')[1]).toContain(
      "group.addIngressRule(ec2.Peer.prefixList('pl-3b927c52'), ec2.Port.tcp(443), 'CloudFront');",
    );
    expect(codeFor('cloudformation')[1]).toContain(
      "group.addIngressRule(ec2.Peer.prefixList('pl-0dda64b28'), ec2.Port.tcpRange(8080, 8081), 'CloudFront');",
    );
  });

  test('Terraform: the lists by name, once each, and a rule for each grant', () => {
    const [code = ''] = codeFor('terraform', { grants: [...change.grants, grant(80)] });
    expect(code.match(/^data /gm)).toHaveLength(2);
    expect(code.match(/^resource "aws_vpc_security_group_ingress_rule" "(.*)" \{$/gm)).toEqual([
      'resource "aws_vpc_security_group_ingress_rule" "cloudfront_ipv4_443" {',
      'resource "aws_vpc_security_group_ingress_rule" "cloudfront_ipv6_8080_8081" {',
      'resource "aws_vpc_security_group_ingress_rule" "cloudfront_ipv4_80" {',
    ]);
    expect(code).toContain('prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront_ipv6.id');
  });

  test('Kubernetes: the annotation, each list once', () => {
    expect(codeFor('kubernetes', { grants: [...change.grants, grant(80)] })[0]).toContain(
      'alb.ingress.kubernetes.io/security-group-prefix-lists: pl-3b927c52,pl-0dda64b28',
    );
  });

  test('Beanstalk: a group of its own, in the settings of the load balancer', () => {
    const [code = ''] = codeFor('elastic-beanstalk');
    expect(code).toContain('          SourcePrefixListId: pl-3b927c52');
    expect(code).toContain('  aws:elbv2:loadbalancer:\n    SecurityGroups: ');
  });

  test('where CloudFront needs nothing, only what goes is said', () => {
    for (const kind of ['cloudformation', 'terraform', 'kubernetes', 'elastic-beanstalk'] as const)
      for (const code of codeFor(kind, { grants: [] })) {
        expect(code).toContain('0.0.0.0/0 on tcp 80');
        expect(code).not.toMatch(/pl-|Resources:|resource "|metadata:/);
      }
    expect(codeFor('terraform', { removed: [] })[0]).not.toContain('Take out');
  });

  test('a name cannot leave the comment it stands in', () => {
    const owners = ['cloudformation', 'terraform', 'kubernetes', 'elastic-beanstalk', 'service-catalog'] as const;
    for (const kind of owners)
      for (const { code } of snippetsFor({ kind, name: 'a\nevil: 1' }, { ...change, groupName: 'b\r\nevil: 2' }))
        expect(code).not.toMatch(/^evil/m);
  });
});
