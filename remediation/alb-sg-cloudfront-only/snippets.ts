import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../../core/model/prefix-list.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import { FAMILIES, type Family, type Grant, type Owner, type Snippet } from '../../core/plan.js';
import { plain } from '../../core/plain-text.js';
import { portsText, toFinding } from '../../rules/alb-sg-cloudfront-only/finding.js';

export { ownerOf } from './owners.js';

/** What the source of a group must say for a fix to last. */
export interface SourceChange {
  readonly groupId: string;
  readonly groupName: string;
  readonly vpcId: string;
  /** Everything that must admit CloudFront. */
  readonly grants: readonly Grant[];
  /** What must no longer be admitted. */
  readonly removed: readonly IngressRule[];
}

/** Code for the source of a group, in the languages its owner may use, the likeliest first; none where nobody is known. */
export function snippetsFor(owner: Owner | null, change: SourceChange): readonly Snippet[] {
  return owner === null ? [] : LANGUAGES[owner.kind].map((render) => render(owner, change));
}

type Render = (owner: Owner, change: SourceChange) => Snippet;

const cloudformation: Render = (owner, change) => ({
  language: 'cloudformation',
  code: lines(
    about('#', owner, change),
    change.grants.length === 0 ? [] : ['Resources:'],
    change.grants.flatMap((grant) => [
      `  CloudFront${nameOf(grant, '')}:`,
      '    Type: AWS::EC2::SecurityGroupIngress',
      '    Properties:',
      `      GroupId: ${change.groupId} # or !GetAtt GROUP.GroupId, where this template makes the group`,
      '      IpProtocol: tcp',
      `      FromPort: ${String(grant.fromPort)}`,
      `      ToPort: ${String(grant.toPort)}`,
      `      SourcePrefixListId: ${grant.prefixListId} # ${listName(grant.family)}, in this Region`,
      '      Description: CloudFront',
    ]),
  ),
});

const cdk: Render = (owner, change) => ({
  language: 'cdk',
  code: lines(
    about('//', owner, change),
    [
      `const group = ec2.SecurityGroup.fromSecurityGroupId(this, 'Group', '${change.groupId}'); // or the construct that makes it`,
    ],
    change.grants.flatMap((grant) => [
      `// ${listName(grant.family)}, in this Region`,
      `group.addIngressRule(ec2.Peer.prefixList('${grant.prefixListId}'), ${cdkPort(grant)}, 'CloudFront');`,
    ]),
  ),
});

const cdkPort = ({ fromPort, toPort }: Grant): string =>
  fromPort === toPort
    ? `ec2.Port.tcp(${String(fromPort)})`
    : `ec2.Port.tcpRange(${String(fromPort)}, ${String(toPort)})`;

const terraform: Render = (owner, change) => ({
  language: 'terraform',
  code: lines(
    about('#', owner, change),
    FAMILIES.filter((family) => change.grants.some((grant) => grant.family === family)).flatMap((family) => [
      '',
      `data "aws_ec2_managed_prefix_list" "cloudfront_${family}" {`,
      `  name = "${listName(family)}"`,
      '}',
    ]),
    change.grants.flatMap((grant) => [
      '',
      `resource "aws_vpc_security_group_ingress_rule" "cloudfront_${nameOf(grant, '_').toLowerCase()}" {`,
      `  security_group_id = "${change.groupId}" # or the id of the resource that makes the group`,
      '  ip_protocol       = "tcp"',
      `  from_port         = ${String(grant.fromPort)}`,
      `  to_port           = ${String(grant.toPort)}`,
      `  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront_${grant.family}.id`,
      '  description       = "CloudFront"',
      '}',
    ]),
  ),
});

/** Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
const kubernetes: Render = (owner, { groupId, groupName, grants, removed }) => {
  const lists = [...new Set(grants.map(({ prefixListId }) => prefixListId))];
  return {
    language: 'kubernetes',
    code: lines(
      [
        `# ${ownerText(owner)} manages ${groupId} (${plain(groupName)}): change the Ingress, or the chart that makes it.`,
        ...outdated('#', 'alb.ingress.kubernetes.io/inbound-cidrs', removed),
        '# Every list counts 55 for each port in listen-ports; see that it fits the quota before you apply it.',
      ],
      lists.length === 0
        ? []
        : [
            'metadata:',
            '  annotations:',
            `    alb.ingress.kubernetes.io/security-group-prefix-lists: ${lists.join(',')}`,
          ],
    ),
  };
};

/**
 * Beanstalk's own group cannot be narrowed by a rule beside it, so the environment gets another one.
 * Source: https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html (aws:elbv2:loadbalancer)
 */
const beanstalk: Render = (owner, { groupId, groupName, vpcId, grants, removed }) => ({
  language: 'cloudformation',
  code: lines(
    [
      `# ${ownerText(owner)} manages ${groupId} (${plain(groupName)}). As .ebextensions/cloudfront.config of the application:`,
      `# a group of its own for the load balancer, in place of ${groupId}. The instances must admit the new group first.`,
      ...outdated('#', groupId, removed),
    ],
    grants.length === 0
      ? []
      : [
          'Resources:',
          '  CloudFrontOnly:',
          '    Type: AWS::EC2::SecurityGroup',
          '    Properties:',
          '      GroupDescription: CloudFront only',
          `      VpcId: ${plain(vpcId)}`,
          '      SecurityGroupIngress:',
          ...grants.flatMap((grant) => [
            '        - IpProtocol: tcp',
            `          FromPort: ${String(grant.fromPort)}`,
            `          ToPort: ${String(grant.toPort)}`,
            `          SourcePrefixListId: ${grant.prefixListId} # ${listName(grant.family)}, in this Region`,
          ]),
          'option_settings:',
          '  aws:elbv2:loadbalancer:',
          `    SecurityGroups: '\`{ "Fn::GetAtt": ["CloudFrontOnly", "GroupId"] }\`'`,
          `    ManagedSecurityGroup: '\`{ "Fn::GetAtt": ["CloudFrontOnly", "GroupId"] }\`'`,
        ],
  ),
});

const LANGUAGES: Readonly<Record<Owner['kind'], readonly Render[]>> = {
  // A stack does not tell whether the CDK wrote its template.
  cloudformation: [cloudformation, cdk],
  'service-catalog': [cloudformation],
  terraform: [terraform],
  kubernetes: [kubernetes],
  'elastic-beanstalk': [beanstalk],
};

/** Whose source it is, what goes out of it, and what to mind; a tool orders neither the one before the other nor adopts a rule. */
function about(mark: string, owner: Owner, { groupId, groupName, grants, removed }: SourceChange): readonly string[] {
  return [
    `${mark} ${ownerText(owner)} manages ${groupId} (${plain(groupName)}).`,
    ...outdated(mark, 'the source', removed),
    ...(grants.length === 0
      ? []
      : [
          `${mark} Deploy what admits CloudFront first, and the removal after it.`,
          `${mark} A rule that is there already is imported, not made again: EC2 refuses a duplicate.`,
        ]),
  ];
}

const ownerText = ({ kind, name }: Owner): string => `${kind} (${plain(name)})`;

const outdated = (mark: string, where: string, removed: readonly IngressRule[]): readonly string[] =>
  removed.length === 0
    ? []
    : [
        `${mark} Take out of ${where}:`,
        ...removed.map(
          (rule) => `${mark}   ${sourceText(rule.source)} on ${portsText(toFinding(rule, 'public-cidr'))}`,
        ),
      ];

const listName = (family: Family): string => CLOUDFRONT_PREFIX_LIST_NAMES[family];

/** Letters and digits that tell one grant from another: `Ipv4` and the ports. */
const nameOf = ({ family, fromPort, toPort }: Grant, between: string): string =>
  [family === 'ipv4' ? 'Ipv4' : 'Ipv6', ...new Set([fromPort, toPort])].join(between);

const lines = (...parts: readonly (readonly string[])[]): string => parts.flat().join('\n');
