import { known } from '../../core/fact.js';
import { PrefixListId } from '../../core/ids.js';
import {
  ACCOUNT,
  alb,
  compliantFiles,
  group,
  groupRule,
  OTHER_ACCOUNT,
  without,
  type Files,
  type Json,
} from '../support/saved-files.js';
import { APP, AT, planning, WEB } from './planning-answers.js';

const groups = (...all: readonly Json[]): Files => compliantFiles({ 'security-groups.json': { SecurityGroups: all } });

describe('what a verdict does not need survives the joining', () => {
  test('the owner of a group', async () => {
    const { securityGroups } = await planning(
      groups(group({ OwnerId: OTHER_ACCOUNT }), group({ GroupId: APP, OwnerId: null })),
    );
    expect((await securityGroups('every')).map(({ ownerId }) => ownerId)).toEqual([OTHER_ACCOUNT, undefined]);
  });

  test('the description of a rule', async () => {
    const { securityGroups } = await planning({
      ...compliantFiles(),
      'rules.json': { SecurityGroupRules: [groupRule({ Description: 'from CloudFront' })] },
    });
    const [web] = await securityGroups(new Set([WEB]));
    expect(web?.ingress).toMatchObject(known([{ ruleId: 'sgr-0web', description: 'from CloudFront' }]));
  });

  test('the size of a prefix list', async () => {
    const id = PrefixListId.parse('pl-0cafe1234');
    const list = { PrefixListId: id, PrefixListName: 'office', OwnerId: ACCOUNT, MaxEntries: 20 };
    const { prefixLists } = await planning(compliantFiles({ 'lists.json': { PrefixLists: [list] } }));
    expect((await prefixLists(new Set([id]), AT, 'without-entries')).get(id)).toMatchObject(known({ maxEntries: 20 }));
  });

  const addressType = async (...types: readonly (string | undefined)[]) => {
    const files = types.map((IpAddressType, at) => [`${String(at)}.json`, { LoadBalancers: [alb({ IpAddressType })] }]);
    const { loadBalancers } = await planning({
      ...without(compliantFiles(), 'load-balancers.json'),
      ...(Object.fromEntries(files) as Files),
    });
    return (await loadBalancers()).items[0]?.ipAddressType;
  };

  test('the addresses of a load balancer: both families where two moments differ', async () => {
    expect(await addressType('ipv4')).toBe('ipv4');
    expect(await addressType(undefined)).toBeUndefined();
    expect(await addressType('ipv4', 'dualstack')).toBe('dualstack');
    expect(await addressType('dualstack-without-public-ipv4', undefined)).toBe('dualstack-without-public-ipv4');
  });

  const origin = (settings: Json | undefined) => ({
    id: 'o',
    domainName: 'a.example.com',
    customOriginConfig: settings,
  });
  const item = (settings: Json | undefined) => ({
    resourceType: 'AWS::CloudFront::Distribution',
    resourceId: 'E1WEB',
    awsAccountId: ACCOUNT,
    awsRegion: 'global',
    configurationItemStatus: 'OK',
    configuration: {
      id: 'E1WEB',
      distributionConfig: { enabled: true, origins: { quantity: 1, items: [origin(settings)] } },
    },
  });
  const listed = (ports: Json) => ({
    DistributionList: {
      Items: [
        {
          Id: 'E1WEB',
          Enabled: true,
          Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: 'a.example.com', CustomOriginConfig: ports }] },
        },
      ],
    },
  });
  const customOf = async (files: Files) => {
    const { distributions } = await planning({ ...without(compliantFiles(), 'distributions.json'), ...files });
    return (await distributions()).items.flatMap(({ origins }) => origins.map(({ custom }) => custom));
  };
  const HTTPS = { httpPort: 80, httpsPort: 8443, originProtocolPolicy: 'https-only' };

  test('how CloudFront connects, from AWS Config as from the AWS CLI', async () => {
    const expected = { httpPort: 80, httpsPort: 8443, protocolPolicy: 'https-only', ipAddressType: null };
    expect(await customOf({ 'items.json': { configurationItems: [item(HTTPS)] } })).toEqual([expected]);
    const cli = { HTTPPort: 80, HTTPSPort: 8443, OriginProtocolPolicy: 'https-only', IpAddressType: 'dualstack' };
    expect(await customOf({ 'list.json': listed(cli) })).toEqual([{ ...expected, ipAddressType: 'dualstack' }]);
  });

  test('how CloudFront connects is not told where two moments differ', async () => {
    const cli = { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' };
    const files = { 'items.json': { configurationItems: [item(HTTPS)] }, 'list.json': listed(cli) };
    expect(await customOf(files)).toEqual([undefined, undefined]);
    const same = { ...cli, HTTPSPort: 8443 };
    expect(await customOf({ ...files, 'list.json': listed(same) })).toEqual([
      expect.objectContaining({ httpsPort: 8443 }),
    ]);
  });
});
