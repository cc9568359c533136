import { known } from '../../../core/fact.js';
import type { IngressRule } from '../../../core/model/security-group.js';
import { gatherSight, lostPorts, ungranted, type Sight } from '../../../remediation/alb-sg-cloudfront-only/sight.js';
import {
  arnOf,
  fromCidr,
  fromList,
  gap,
  groupId,
  hidden,
  HOME,
  ingress,
  listsById,
  loadBalancer,
  open,
  prefixList,
  prefixListV6,
  securityGroup,
} from '../../support/builders.js';
import { planningPorts } from '../../support/fake-planning.js';
import { cloudfront, named, world, worldV6 } from '../../support/plan-facts.js';

const WEB = groupId('sg-0web');
const OTHER = groupId('sg-0b');

describe('a look', () => {
  it('covers the group, the load balancers that use it, and all their groups', async () => {
    const ports = planningPorts({
      groups: [securityGroup(), securityGroup({ id: OTHER, name: 'b', ingress: known([world()]) })],
      loadBalancers: [
        loadBalancer({ securityGroups: [WEB, OTHER] }),
        loadBalancer({ name: 'elsewhere', securityGroups: [groupId('sg-0c')] }),
      ],
    });
    const sight = await gatherSight(ports, WEB, HOME);
    if (!sight.known) throw new Error('a gap');
    const { group, users, rulesOf, nameOf, lists } = sight.value;
    expect(group?.id).toBe(WEB);
    expect(users.map(({ name }) => name)).toEqual(['web']);
    expect(rulesOf(WEB)).toEqual([ingress()]);
    expect(rulesOf(OTHER)).toEqual([world()]);
    expect(rulesOf(groupId('sg-0c'))).toEqual([]);
    expect([nameOf(OTHER), nameOf(groupId('sg-0c'))]).toEqual(['b', null]);
    expect([...lists.keys()]).toEqual([prefixList().id]);
  });

  it('covers a load balancer that is named, though it does not use the group any more', async () => {
    const ports = planningPorts({ loadBalancers: [loadBalancer({ securityGroups: [OTHER] })] });
    const sight = await gatherSight(ports, WEB, HOME, [arnOf('web')]);
    expect(sight.known && sight.value.users.map(({ name }) => name)).toEqual(['web']);
  });

  it('does not take a group of the same id in another Region for this one', async () => {
    const ports = planningPorts({ loadBalancers: [loadBalancer({ scope: { ...HOME, region: null } })] });
    const sight = await gatherSight(ports, WEB, HOME);
    expect(sight.known && sight.value.users).toEqual([]);
  });

  it.each([
    ['is not there', { groups: [] }],
    ['is deleted', { groups: [securityGroup({ deleted: true })] }],
  ])('finds no group where it %s', async (_, world) => {
    const sight = await gatherSight(planningPorts(world), WEB, HOME);
    expect(sight.known && sight.value.group).toBeNull();
  });

  it('asks for no list where no rule names one', async () => {
    const ports = planningPorts({ groups: [securityGroup({ ingress: known([world()]) })] });
    await gatherSight(ports, WEB, HOME);
    expect(ports.calls.filter((call) => call.startsWith('prefixList'))).toEqual([]);
  });

  it.each([
    ['load balancers', { loadBalancerGap: () => gap('loadBalancers') }],
    ['rules of the group', { groups: [securityGroup({ ingress: hidden('rules') })] }],
    [
      'rules of another group of the load balancer',
      {
        groups: [securityGroup(), securityGroup({ id: OTHER, ingress: hidden('rules') })],
        loadBalancers: [loadBalancer({ securityGroups: [WEB, OTHER] })],
      },
    ],
    ['whose list it is', { prefixLists: { [prefixList().id]: hidden('the list') } }],
  ])('is a gap while it is hidden: %s', async (_, world) => {
    expect(await gatherSight(planningPorts(world), WEB, HOME)).toMatchObject({ known: false });
  });
});

const REQUIRED = [
  { family: 'ipv4', port: 443 },
  { family: 'ipv6', port: 443 },
] as const;
const lists = listsById(prefixList(), prefixListV6());
const seeing = (rules: Readonly<Record<string, readonly IngressRule[]>>, users = [loadBalancer()]): Sight => ({
  group: securityGroup(),
  users,
  rulesOf: (id) => rules[id] ?? [],
  nameOf: () => null,
  lists,
});

describe('a port is lost', () => {
  const v6 = named('v6', open(fromList(prefixListV6().id)));

  it.each<readonly [string, Sight, readonly string[]]>([
    ["not while CloudFront's lists are admitted", seeing({ [WEB]: [cloudfront(), v6] }), []],
    ['not while everybody is', seeing({ [WEB]: [world(), worldV6()] }), []],
    [
      'not while another group of the load balancer admits',
      seeing({ [WEB]: [v6], [OTHER]: [cloudfront()] }, [loadBalancer({ securityGroups: [WEB, OTHER] })]),
      [],
    ],
    ['in the family that nothing admits', seeing({ [WEB]: [cloudfront()] }), ['ipv6']],
    ['while only another port is open', seeing({ [WEB]: [cloudfront(80), world(80), v6] }), ['ipv4']],
    [
      'while only some addresses are admitted',
      seeing({ [WEB]: [named('x', open(fromCidr('13.124.199.0/24'))), v6] }),
      ['ipv4'],
    ],
    ['in both families, where nothing is open', seeing({}), ['ipv4', 'ipv6']],
    [
      'on one load balancer of two',
      seeing({ [WEB]: [cloudfront(), v6], [OTHER]: [v6] }, [
        loadBalancer(),
        loadBalancer({ name: 'shop', securityGroups: [OTHER] }),
      ]),
      ['ipv4'],
    ],
    ['nowhere, where no load balancer is left', seeing({}, []), []],
  ])('%s', (_, sight, lost) => {
    expect(lostPorts(sight, REQUIRED).map(({ family }) => family)).toEqual(lost);
  });
});

it("only CloudFront's own lists grant a port", () => {
  expect(ungranted([cloudfront(), worldV6()], REQUIRED, lists)).toEqual([REQUIRED[1]]);
});
