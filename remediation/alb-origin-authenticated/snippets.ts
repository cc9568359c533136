import { plain } from '../../core/plain-text.js';
import type { Snippet } from '../../core/plan.js';
import type { Copy } from './guide.js';
import type { Decided } from './order.js';

/** The same order in code, for whoever made the distribution and the listeners by it: a deployment for each number. */
export const snippetsFor = (decided: Decided, secretName: string): readonly Snippet[] => [
  { language: 'cdk', code: cdk(decided, secretName) },
  { language: 'terraform', code: terraform(decided, secretName) },
];

const priorityOf = ({ copies }: Decided): string =>
  String(copies.find(isOfDefault)?.priority ?? copies[0]?.priority ?? 10);
const isOfDefault = ({ ofPriority }: Copy): boolean => ofPriority === 'default';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html */
function cdk(decided: Decided, secretName: string): string {
  const name = js(decided.headerName);
  return [
    "import { aws_cloudfront_origins as origins, aws_elasticloadbalancingv2 as elbv2, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';",
    "import type { Construct } from 'constructs';",
    '',
    '/** Deploy once for each number, in this order, and watch in between. */',
    'export function authenticateOrigin(',
    '  scope: Construct,',
    '  loadBalancer: elbv2.ApplicationLoadBalancer,',
    '  listener: elbv2.ApplicationListener,',
    '  targets: elbv2.IApplicationTargetGroup,',
    ') {',
    '  // 1. The value is generated in AWS. The template holds a reference, never the value.',
    "  const secret = new secretsmanager.Secret(scope, 'OriginSecret', {",
    `    secretName: ${js(secretName)},`,
    `    generateSecretString: { excludePunctuation: true, passwordLength: ${String(Math.max(64, decided.params.minSecretLength))} },`,
    '  });',
    "  const value = secret.secretValue.unsafeUnwrap(); // '{{resolve:secretsmanager:...}}'",
    '  // 2. CloudFront sends it: the origin of the behaviours that lead here. Wait until the distribution is deployed.',
    '  const origin = new origins.LoadBalancerV2Origin(loadBalancer, {',
    `    customHeaders: { ${name}: value },`,
    '  });',
    '  // 3. The listener accepts it beside the old behaviour; one such action for each rule that forwards.',
    "  listener.addAction('FromCloudFront', {",
    `    priority: ${priorityOf(decided)},`,
    `    conditions: [elbv2.ListenerCondition.httpHeader(${name}, [value])],`,
    '    action: elbv2.ListenerAction.forward([targets]),',
    '  });',
    '  // 4. Watch. Then close the default action of the listener: defaultAction: closed.',
    "  const closed = elbv2.ListenerAction.fixedResponse(403, { contentType: 'text/plain', messageBody: 'Forbidden' });",
    '  return { origin, closed };',
    '}',
  ].join('\n');
}

/** Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_listener_rule */
function terraform(decided: Decided, secretName: string): string {
  const name = hcl(decided.headerName);
  const copy = decided.copies.find(isOfDefault) ?? decided.copies[0];
  return [
    '# Apply once for each number, in this order, and watch in between.',
    '# The state of Terraform holds the value of the header: encrypt it, and limit who reads it.',
    '# 1. Make the secret by the script, or by hand, so that no plan shows its value.',
    'data "aws_secretsmanager_secret_version" "origin" {',
    `  secret_id = ${hcl(secretName)}`,
    '}',
    '',
    '# 2. In the origin block of the aws_cloudfront_distribution; wait_for_deployment stays true.',
    '#   custom_header {',
    `#     name  = ${name}`,
    '#     value = data.aws_secretsmanager_secret_version.origin.secret_string',
    '#   }',
    '',
    '# 3. One such rule for each rule that forwards, and for the default action.',
    'resource "aws_lb_listener_rule" "from_cloudfront" {',
    `  listener_arn = ${hcl(copy?.listenerArn ?? 'LISTENER_ARN')}`,
    `  priority     = ${priorityOf(decided)}`,
    '',
    '  action {',
    '    type             = "forward"',
    '    target_group_arn = aws_lb_target_group.web.arn # what the default action forwards to',
    '  }',
    '',
    '  condition {',
    '    http_header {',
    `      http_header_name = ${name}`,
    '      values           = [data.aws_secretsmanager_secret_version.origin.secret_string]',
    '    }',
    '  }',
    '}',
    '',
    '# 4. Watch. Then in the aws_lb_listener:',
    '#   default_action {',
    '#     type = "fixed-response"',
    '#     fixed_response {',
    '#       content_type = "text/plain"',
    '#       message_body = "Forbidden"',
    '#       status_code  = "403"',
    '#     }',
    '#   }',
  ].join('\n');
}

const js = (text: string): string => `'${plain(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const hcl = (text: string): string => JSON.stringify(plain(text)).replaceAll('${', '$${').replaceAll('%{', '%%{');
