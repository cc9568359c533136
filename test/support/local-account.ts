import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = string | { readonly status: number; readonly body: string };

/** What the account answers, by operation; a function sees the body of the request. */
export type Answers = Readonly<Record<string, Answer | ((request: string) => Answer)>>;

export const GROUP_ID = 'sg-0482d99e7921588bc';
export const SECRET = 'planted-secret-value-4711';
const DNS_NAME = 'web-1.us-east-1.elb.amazonaws.com';
const ARN = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188';
const LISTENER = `${ARN.replace(':loadbalancer/', ':listener/')}/f2f7dc8efc522ab2`;
const RULE = LISTENER.replace(':listener/', ':listener-rule/');

const xml = (operation: string, body: string): string =>
  `<?xml version="1.0"?><${operation}Response>${body}</${operation}Response>`;
const elb = (operation: string, body: string): string =>
  xml(operation, `<${operation}Result>${body}</${operation}Result>`);

/** The XML of an operation that AWS refuses. */
export const refused = (code: string) => ({
  status: 403,
  body: `<Response><Errors><Error><Code>${code}</Code><Message>no</Message></Error></Errors><Error><Code>${code}</Code><Message>no</Message></Error></Response>`,
});

/** The same in the JSON of newer services. */
export const refusedJson = { status: 400, body: '{"__type":"AccessDeniedException","message":"no"}' };

export const NO_INTERFACES = xml('DescribeNetworkInterfaces', '<networkInterfaceSet/>');

/** One group open to the world, on a load balancer that is the origin of a distribution. */
export const ACCOUNT_ANSWERS: Answers = {
  GetCallerIdentity: xml(
    'GetCallerIdentity',
    '<GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult>',
  ),
  DescribeSecurityGroups: xml(
    'DescribeSecurityGroups',
    `<securityGroupInfo><item><ownerId>111122223333</ownerId><groupId>${GROUP_ID}</groupId><groupName>web</groupName><vpcId>vpc-0a1</vpcId><ipPermissions/></item></securityGroupInfo>`,
  ),
  DescribeSecurityGroupRules: xml(
    'DescribeSecurityGroupRules',
    `<securityGroupRuleSet><item><securityGroupRuleId>sgr-0a</securityGroupRuleId><groupId>${GROUP_ID}</groupId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>80</toPort><cidrIpv4>0.0.0.0/0</cidrIpv4></item></securityGroupRuleSet>`,
  ),
  DescribeManagedPrefixLists: xml(
    'DescribeManagedPrefixLists',
    '<prefixListSet><item><prefixListId>pl-3b927c52</prefixListId><prefixListName>com.amazonaws.global.cloudfront.origin-facing</prefixListName><ownerId>AWS</ownerId></item></prefixListSet>',
  ),
  DescribeNetworkInterfaces: NO_INTERFACES,
  DescribeLoadBalancers: elb(
    'DescribeLoadBalancers',
    `<LoadBalancers><member><LoadBalancerArn>${ARN}</LoadBalancerArn><LoadBalancerName>web</LoadBalancerName><DNSName>${DNS_NAME}</DNSName><VpcId>vpc-0a1</VpcId><Type>application</Type><SecurityGroups><member>${GROUP_ID}</member></SecurityGroups></member></LoadBalancers>`,
  ),
  DescribeListeners: elb(
    'DescribeListeners',
    `<Listeners><member><ListenerArn>${LISTENER}</ListenerArn><LoadBalancerArn>${ARN}</LoadBalancerArn><Port>80</Port><DefaultActions><member><Type>fixed-response</Type></member></DefaultActions></member></Listeners>`,
  ),
  DescribeRules: elb(
    'DescribeRules',
    `<Rules><member><RuleArn>${RULE}/1</RuleArn><Priority>1</Priority><Conditions><member><Field>http-header</Field><HttpHeaderConfig><HttpHeaderName>x-origin-secret</HttpHeaderName><Values><member>${SECRET}</member></Values></HttpHeaderConfig></member></Conditions><Actions><member><Type>forward</Type></member></Actions></member><member><RuleArn>${RULE}/d</RuleArn><Priority>default</Priority><IsDefault>true</IsDefault><Conditions/><Actions><member><Type>fixed-response</Type></member></Actions></member></Rules>`,
  ),
  DescribeTags: elb(
    'DescribeTags',
    `<TagDescriptions><member><ResourceArn>${ARN}</ResourceArn><Tags/></member></TagDescriptions>`,
  ),
  GetServiceQuota: JSON.stringify({ Quota: { QuotaCode: 'L-0EA8095F', Value: 120 } }),
  GetParametersByPath: '{"Parameters":[]}',
  ListDistributions: `<?xml version="1.0"?><DistributionList><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary><Id>E2EXAMPLE</Id><ARN>arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE</ARN><Enabled>true</Enabled><Origins><Quantity>1</Quantity><Items><Origin><Id>alb</Id><DomainName>${DNS_NAME}</DomainName><CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>X-Origin-Secret</HeaderName><HeaderValue>${SECRET}</HeaderValue></OriginCustomHeader></Items></CustomHeaders></Origin></Items></Origins></DistributionSummary></Items></DistributionList>`,
};

/** The same account for whoever plans: the load balancer alone carries the group, and nothing was fixed before. */
export const PLANNING_ANSWERS: Answers = {
  ...ACCOUNT_ANSWERS,
  DescribeNetworkInterfaces: (request) =>
    request.includes(GROUP_ID) || !request.includes('Filter') ? CARRIERS : NO_INTERFACES,
};

export const CARRIERS = xml(
  'DescribeNetworkInterfaces',
  `<networkInterfaceSet><item><networkInterfaceId>eni-0web</networkInterfaceId><interfaceType>interface</interfaceType><description>ELB app/web/50dc6c495c0c9188</description><requesterManaged>true</requesterManaged><vpcId>vpc-0a1</vpcId><groupSet><item><groupId>${GROUP_ID}</groupId></item></groupSet></item></networkInterfaceSet>`,
);

export const NO_DISTRIBUTIONS =
  '<?xml version="1.0"?><DistributionList><Marker></Marker><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>0</Quantity></DistributionList>';

export const NO_LOAD_BALANCERS = elb('DescribeLoadBalancers', '<LoadBalancers/>');

/** A live account on loopback, as far as these answers go. */
export interface LocalAccount {
  /** The environment of somebody who may call it, and of nobody else. */
  readonly env: Readonly<Record<string, string>>;
  answers: Answers;
  readonly close: () => Promise<void>;
}

export async function startLocalAccount(): Promise<LocalAccount> {
  const account = { answers: ACCOUNT_ANSWERS };
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const operation =
        request.method === 'GET'
          ? 'ListDistributions'
          : typeof target === 'string'
            ? (target.split('.').at(-1) ?? '')
            : (new URLSearchParams(text).get('Action') ?? '');
      const given = account.answers[operation] ?? { status: 501, body: `<Error><Code>${operation}</Code></Error>` };
      const answer = typeof given === 'function' ? given(text) : given;
      const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer;
      const type = target === undefined ? 'text/xml' : 'application/x-amz-json-1.1';
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(account, {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
      AWS_CONFIG_FILE: '/nonexistent/config',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  });
}
