// Answers as AWS sends them, with every fact that a verdict may hang on.

export const ALB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188';
export const LISTENER = `${ALB.replace(':loadbalancer/', ':listener/')}/f2f7dc8efc522ab2`;
export const TRUST_STORE = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:truststore/partners/1';
export const NLB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/tcp/50dc6c495c0c9188';

const xml = (text: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${text}`;
const CLOUDFRONT = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';
const EC2 = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"';
const ELB = 'xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"';

/** What stands for the secret that CloudFront sends and a listener rule accepts. */
const SENT = 'planted-in-an-answer-0001';
export const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/1';

const origins = `<Origins><Quantity>2</Quantity><Items>
  <Origin><Id>inside</Id><DomainName>in.example.com</DomainName><OriginPath></OriginPath>
    <CustomHeaders><Quantity>0</Quantity></CustomHeaders>
    <VpcOriginConfig><VpcOriginId>vo_1</VpcOriginId><OriginReadTimeout>30</OriginReadTimeout>
      <OriginKeepaliveTimeout>5</OriginKeepaliveTimeout></VpcOriginConfig></Origin>
  <Origin><Id>tenants</Id><DomainName>{{tenant}}.example.com</DomainName><OriginPath></OriginPath>
    <CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>X-Origin-Verify</HeaderName>
      <HeaderValue>${SENT}</HeaderValue></OriginCustomHeader></Items></CustomHeaders>
    <CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>
      <OriginProtocolPolicy>https-only</OriginProtocolPolicy>
      <IpAddressType>dualstack</IpAddressType>
      <OriginMtlsConfig><ClientCertificateArn>${CERTIFICATE}</ClientCertificateArn></OriginMtlsConfig>
    </CustomOriginConfig></Origin>
</Items></Origins>`;

export const distributions = xml(`<DistributionList ${CLOUDFRONT}><Marker></Marker><MaxItems>100</MaxItems>
<IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><DistributionSummary>
  <Id>E1</Id><ARN>arn:aws:cloudfront::111122223333:distribution/E1</ARN><Status>Deployed</Status>
  <LastModifiedTime>2026-06-01T00:00:00Z</LastModifiedTime><DomainName>d1.cloudfront.net</DomainName>
  <Aliases><Quantity>0</Quantity></Aliases>${origins}
  <OriginGroups><Quantity>0</Quantity></OriginGroups><Comment></Comment><Enabled>true</Enabled>
  <ConnectionMode>tenant-only</ConnectionMode><Staging>false</Staging>
</DistributionSummary></Items></DistributionList>`);

export const distribution = xml(`<Distribution ${CLOUDFRONT}>
  <Id>E1</Id><ARN>arn:aws:cloudfront::111122223333:distribution/E1</ARN><Status>Deployed</Status>
  <LastModifiedTime>2026-06-01T00:00:00Z</LastModifiedTime><DomainName>d1.cloudfront.net</DomainName>
  <DistributionConfig><CallerReference>1</CallerReference><Comment></Comment><Enabled>true</Enabled>${origins}
    <TenantConfig><ParameterDefinitions><member><Name>tenant</Name><Definition><StringSchema>
      <Comment></Comment><DefaultValue>web</DefaultValue><Required>false</Required>
    </StringSchema></Definition></member></ParameterDefinitions></TenantConfig>
  </DistributionConfig></Distribution>`);

export const tenants =
  xml(`<ListDistributionTenantsResult ${CLOUDFRONT}><DistributionTenantList><DistributionTenantSummary>
  <Id>dt_1</Id><DistributionId>E1</DistributionId><Name>one</Name>
  <Arn>arn:aws:cloudfront::111122223333:distribution-tenant/dt_1</Arn>
  <CreatedTime>2026-06-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-06-01T00:00:00Z</LastModifiedTime>
  <ETag>E</ETag><Enabled>true</Enabled><Status>Deployed</Status>
</DistributionTenantSummary></DistributionTenantList></ListDistributionTenantsResult>`);

export const tenant =
  xml(`<DistributionTenant ${CLOUDFRONT}><Id>dt_1</Id><DistributionId>E1</DistributionId><Name>one</Name>
  <Arn>arn:aws:cloudfront::111122223333:distribution-tenant/dt_1</Arn>
  <Parameters><member><Name>tenant</Name><Value>api</Value></member></Parameters>
  <CreatedTime>2026-06-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-06-01T00:00:00Z</LastModifiedTime>
  <Enabled>true</Enabled><Status>Deployed</Status></DistributionTenant>`);

export const vpcOrigins = xml(`<VpcOriginList ${CLOUDFRONT}><Marker></Marker><MaxItems>100</MaxItems>
<IsTruncated>false</IsTruncated><Quantity>1</Quantity><Items><VpcOriginSummary>
  <Id>vo_1</Id><Name>web</Name><Status>Deployed</Status>
  <CreatedTime>2026-06-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-06-01T00:00:00Z</LastModifiedTime>
  <Arn>arn:aws:cloudfront::111122223333:vpcorigin/vo_1</Arn><AccountId>111122223333</AccountId>
  <OriginEndpointArn>${ALB}</OriginEndpointArn>
</VpcOriginSummary></Items></VpcOriginList>`);

export const vpcOrigin = xml(`<VpcOrigin ${CLOUDFRONT}><Id>vo_1</Id>
  <Arn>arn:aws:cloudfront::111122223333:vpcorigin/vo_1</Arn><Status>Deployed</Status>
  <CreatedTime>2026-06-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-06-01T00:00:00Z</LastModifiedTime>
  <VpcOriginEndpointConfig><Name>web</Name><Arn>${ALB}</Arn><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>
    <OriginProtocolPolicy>https-only</OriginProtocolPolicy></VpcOriginEndpointConfig></VpcOrigin>`);

export const notFound = xml(`<ErrorResponse ${CLOUDFRONT}><Error><Type>Sender</Type><Code>EntityNotFound</Code>
  <Message>The specified entity does not exist.</Message></Error><RequestId>1</RequestId></ErrorResponse>`);

const rule = (id: string, source: string): string => `<item><securityGroupRuleId>${id}</securityGroupRuleId>
  <groupId>sg-0web</groupId><groupOwnerId>111122223333</groupOwnerId><isEgress>false</isEgress>
  <ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort>${source}<tagSet/></item>`;

export const securityGroupRules =
  xml(`<DescribeSecurityGroupRulesResponse ${EC2}><requestId>1</requestId><securityGroupRuleSet>
  ${rule('sgr-0a', '<cidrIpv4>198.51.100.0/24</cidrIpv4>')}
  ${rule('sgr-0b', '<cidrIpv6>2001:db8::/32</cidrIpv6>')}
  ${rule('sgr-0c', '<prefixListId>pl-3b927c52</prefixListId>')}
  ${rule('sgr-0d', '<referencedGroupInfo><groupId>sg-0other</groupId><userId>444455556666</userId><vpcId>vpc-0b2</vpcId></referencedGroupInfo>')}
</securityGroupRuleSet></DescribeSecurityGroupRulesResponse>`);

export const securityGroups =
  xml(`<DescribeSecurityGroupsResponse ${EC2}><requestId>1</requestId><securityGroupInfo><item>
  <ownerId>111122223333</ownerId><groupId>sg-0web</groupId><groupName>web</groupName><groupDescription>web</groupDescription>
  <vpcId>vpc-0a1</vpcId><ipPermissions/><ipPermissionsEgress/>
  <tagSet><item><key>owner</key><value>team</value></item></tagSet>
</item></securityGroupInfo></DescribeSecurityGroupsResponse>`);

export const networkInterfaces =
  xml(`<DescribeNetworkInterfacesResponse ${EC2}><requestId>1</requestId><networkInterfaceSet><item>
  <networkInterfaceId>eni-0a</networkInterfaceId><vpcId>vpc-0a1</vpcId><ownerId>111122223333</ownerId>
  <availabilityZone>us-east-1a</availabilityZone><description>ELB app/web/50dc6c495c0c9188</description>
  <interfaceType>interface</interfaceType><association><publicIp>203.0.113.1</publicIp></association>
  <privateIpAddressesSet><item><privateIpAddress>10.0.0.1</privateIpAddress>
    <association><publicIp>203.0.113.2</publicIp></association></item></privateIpAddressesSet>
  <ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address></item></ipv6AddressesSet>
</item></networkInterfaceSet></DescribeNetworkInterfacesResponse>`);

export const prefixLists = xml(`<DescribeManagedPrefixListsResponse ${EC2}><requestId>1</requestId><prefixListSet><item>
  <prefixListId>pl-3b927c52</prefixListId><addressFamily>IPv4</addressFamily><state>create-complete</state>
  <prefixListArn>arn:aws:ec2:us-east-1:aws:prefix-list/pl-3b927c52</prefixListArn>
  <prefixListName>com.amazonaws.global.cloudfront.origin-facing</prefixListName><ownerId>AWS</ownerId>
</item></prefixListSet></DescribeManagedPrefixListsResponse>`);

const elb = (operation: string, result: string): string =>
  xml(`<${operation}Response ${ELB}><${operation}Result>${result}</${operation}Result>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`);

export const loadBalancers = elb(
  'DescribeLoadBalancers',
  `<LoadBalancers><member><LoadBalancerArn>${ALB}</LoadBalancerArn><LoadBalancerName>web</LoadBalancerName>
   <DNSName>web-1234567890.us-east-1.elb.amazonaws.com</DNSName><Scheme>internet-facing</Scheme><VpcId>vpc-0a1</VpcId>
   <Type>application</Type><IpAddressType>dualstack-without-public-ipv4</IpAddressType>
   <SecurityGroups><member>sg-0web</member></SecurityGroups></member></LoadBalancers>`,
);

export const listeners = elb(
  'DescribeListeners',
  `<Listeners><member><ListenerArn>${LISTENER}</ListenerArn><LoadBalancerArn>${ALB}</LoadBalancerArn><Port>443</Port>
   <Protocol>HTTPS</Protocol>
   <MutualAuthentication><Mode>verify</Mode><TrustStoreArn>${TRUST_STORE}</TrustStoreArn>
     <TrustStoreAssociationStatus>active</TrustStoreAssociationStatus></MutualAuthentication>
   <DefaultActions><member><Type>fixed-response</Type><Order>1</Order>
     <FixedResponseConfig><StatusCode>403</StatusCode></FixedResponseConfig></member></DefaultActions>
   </member></Listeners>`,
);

const listenerRule = (id: string, priority: string, conditions: string, action: string): string =>
  `<member><RuleArn>${LISTENER.replace(':listener/', ':listener-rule/')}/${id}</RuleArn><Priority>${priority}</Priority>
   <IsDefault>${String(priority === 'default')}</IsDefault><Conditions>${conditions}</Conditions>
   <Actions><member><Type>${action}</Type></member></Actions></member>`;

const onHeader = (values: string): string =>
  `<member><Field>http-header</Field><HttpHeaderConfig><HttpHeaderName>X-Origin-Verify</HttpHeaderName>${values}
   </HttpHeaderConfig></member>`;

/** One rule by a value, one by a regular expression, and the default rule. */
export const listenerRules = elb(
  'DescribeRules',
  `<Rules>${[
    listenerRule('a', '10', onHeader(`<Values><member>${SENT}</member></Values>`), 'forward'),
    listenerRule('b', '20', onHeader('<RegexValues><member>^.*$</member></RegexValues>'), 'forward'),
    listenerRule('d', 'default', '', 'fixed-response'),
  ].join('')}</Rules>`,
);

export const targetGroups = elb(
  'DescribeTargetGroups',
  `<TargetGroups><member><TargetGroupArn>arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/t/1</TargetGroupArn>
   <TargetType>alb</TargetType><VpcId>vpc-0a1</VpcId><LoadBalancerArns><member>${NLB}</member></LoadBalancerArns>
   </member></TargetGroups>`,
);

export const targetHealth = elb(
  'DescribeTargetHealth',
  `<TargetHealthDescriptions><member><Target><Id>${ALB}</Id><Port>443</Port></Target>
   <TargetHealth><State>healthy</State></TargetHealth></member></TargetHealthDescriptions>`,
);
