import type { LinkedBy } from '../../../core/path.js';
import type { CustomOrigin } from '../../../core/model/distribution.js';
import { portsCloudfrontUses } from '../../../remediation/alb-sg-cloudfront-only/required-ports.js';
import { requiredText } from '../../../remediation/alb-sg-cloudfront-only/to-text.js';
import { arnOf, loadBalancer, path } from '../../support/builders.js';
import { behindTwo, connects, way } from '../../support/plan-facts.js';

const LISTENING = new Map([[arnOf('web'), [8443, 443, 80]]]);

const used = (
  custom: CustomOrigin | null,
  { ipAddressType, linkedBy = 'dns-name' }: { readonly ipAddressType?: string; readonly linkedBy?: LinkedBy } = {},
): readonly string[] =>
  portsCloudfrontUses(
    {
      users: [loadBalancer(ipAddressType === undefined ? {} : { ipAddressType })],
      ways: [way({ custom, path: path({ linkedBy }) })],
      unresolvedOrigins: [],
    },
    LISTENING,
  ).map(requiredText);

it.each<readonly [string, CustomOrigin | null, readonly string[]]>([
  ['http-only', connects({ protocolPolicy: 'http-only' }), ['ipv4/80']],
  ['https-only', connects(), ['ipv4/443']],
  ['match-viewer', connects({ protocolPolicy: 'match-viewer' }), ['ipv4/80', 'ipv4/443']],
  ['another port of HTTPS', connects({ httpsPort: 8443 }), ['ipv4/8443']],
  ['a port without a listener', connects({ httpsPort: 9443 }), []],
  ['an origin that does not say', null, ['ipv4/80', 'ipv4/443', 'ipv4/8443']],
])('%s', (_, custom, ports) => {
  expect(used(custom)).toEqual(ports);
});

it.each<LinkedBy>(['declared', 'resolved-address'])('every listener, where the link is %s', (linkedBy) => {
  expect(used(connects(), { linkedBy })).toEqual(['ipv4/80', 'ipv4/443', 'ipv4/8443']);
});

it.each<LinkedBy>(['dns-name', 'resolved-name'])('what the origin says, where the link is %s', (linkedBy) => {
  expect(used(connects(), { linkedBy })).toEqual(['ipv4/443']);
});

it.each<readonly [string | undefined, CustomOrigin['ipAddressType'], readonly string[]]>([
  [undefined, 'dualstack', ['ipv4/443']],
  ['ipv4', 'dualstack', ['ipv4/443']],
  ['ipv4', 'ipv6', []],
  ['dualstack', 'ipv4', ['ipv4/443']],
  ['dualstack', 'ipv6', ['ipv6/443']],
  ['dualstack', 'dualstack', ['ipv4/443', 'ipv6/443']],
  ['dualstack-without-public-ipv4', 'dualstack', ['ipv6/443']],
  ['dualstack-without-public-ipv4', 'ipv4', []],
])('a load balancer of type %s, and an origin of type %s', (ipAddressType, origin, ports) => {
  expect(used(connects({ ipAddressType: origin }), ipAddressType === undefined ? {} : { ipAddressType })).toEqual(
    ports,
  );
});

it('an origin that does not say comes by every family that the load balancer has', () => {
  expect(used(null, { ipAddressType: 'dualstack' })).toHaveLength(6);
});

it('an origin that nobody could resolve may be any load balancer, on any listener', () => {
  const ports = portsCloudfrontUses({ users: [loadBalancer()], ways: [way()], unresolvedOrigins: [null] }, LISTENING);
  expect(ports.map(requiredText)).toEqual(['ipv4/80', 'ipv4/443', 'ipv4/8443']);
});

it('an origin that nobody could resolve comes by the families that it says', () => {
  const facts = { users: [loadBalancer({ ipAddressType: 'dualstack' })], ways: [way()] };
  const by = (ipAddressType: CustomOrigin['ipAddressType']) =>
    portsCloudfrontUses(
      { ...facts, unresolvedOrigins: [connects({ ipAddressType, protocolPolicy: 'http-only' })] },
      LISTENING,
    );
  expect(by('ipv4').map(requiredText)).toEqual(['ipv4/80', 'ipv4/443', 'ipv4/8443']);
  expect(by('ipv6').map(requiredText)).toEqual(['ipv4/443', 'ipv6/80', 'ipv6/443', 'ipv6/8443']);
});

it('each load balancer by its own origins, all in one list', () => {
  const { users } = behindTwo();
  const ways = [
    way(),
    way({ path: path({ loadBalancerArn: arnOf('shop') }), custom: connects({ protocolPolicy: 'http-only' }) }),
  ];
  const listening = new Map([...LISTENING, [arnOf('shop'), [80]]]);
  const ports = portsCloudfrontUses({ users, ways, unresolvedOrigins: [] }, listening);
  expect(ports.map(requiredText)).toEqual(['ipv4/80', 'ipv4/443']);
});

it('no port of a load balancer that no distribution fronts, and none where no listener is known', () => {
  const others = { users: [loadBalancer({ name: 'intranet' })], ways: [way()], unresolvedOrigins: [null] };
  expect(portsCloudfrontUses(others, new Map([[arnOf('intranet'), [443]]]))).toEqual([]);
  expect(portsCloudfrontUses({ users: [loadBalancer()], ways: [way()], unresolvedOrigins: [] }, new Map())).toEqual([]);
});
