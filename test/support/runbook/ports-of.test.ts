import { known } from '../../../core/fact.js';
import { recordsPath } from '../../../core/planning.js';
import {
  ACCOUNT,
  CLOUDFRONT_V4,
  distribution,
  fromCidr,
  fromGroup,
  gap,
  groupId,
  HOME,
  open,
  OTHER_ACCOUNT,
  REGION,
  VPC,
} from '../builders.js';
import { fakeAws } from './fake-aws.js';
import { fakeGroup, fakeLoadBalancer, withGroup, type FakeInterface } from './fake-state.js';
import { portsOf } from './ports-of.js';

const WEB = groupId('sg-0aaaaaaaaaaaaaaa1');
const APP = groupId('sg-0aaaaaaaaaaaaaaa2');
const world = open(fromCidr('0.0.0.0/0'));

const networkInterface = (overrides: Partial<FakeInterface>): FakeInterface => ({
  id: 'eni-1',
  type: 'interface',
  description: '',
  isManaged: false,
  vpcId: VPC,
  groups: [WEB],
  ...overrides,
});

const aws = fakeAws({
  state: {
    groups: [
      fakeGroup({ ingress: [world], tags: { team: 'web' } }),
      fakeGroup({
        id: APP,
        name: 'app',
        ingress: [open(fromGroup(WEB))],
        egressTo: [WEB],
        openEgress: false,
        ownerId: OTHER_ACCOUNT,
      }),
    ],
    loadBalancers: [fakeLoadBalancer({ listenerPorts: [80, 443] })],
    interfaces: [
      networkInterface({}),
      networkInterface({ id: 'eni-2', type: 'global_accelerator_managed', groups: [] }),
    ],
    parameters: [
      { name: `${recordsPath(WEB)}/e-1`, value: 'old', version: 1, savedAt: '2026-07-01T10:00:00.000Z' },
      { name: `${recordsPath(WEB)}/e-2`, value: 'new', version: 1, savedAt: '2026-07-01T11:00:00.000Z' },
      { name: `${recordsPath(APP)}/e-3`, value: 'other', version: 1, savedAt: '2026-07-01T11:00:00.000Z' },
    ],
  },
});
const [alb] = aws.state().loadBalancers;

describe('ports over the fake', () => {
  const ports = portsOf(aws, { world: { distributions: [distribution()] } });

  test('groups, with owner, tags and rules', async () => {
    expect(await ports.securityGroups(new Set([WEB]))).toMatchObject([
      { id: WEB, vpcId: VPC, ownerId: ACCOUNT, scope: HOME, tags: known({ team: 'web' }), deleted: false },
    ]);
    const [, app] = await ports.securityGroups('every');
    expect(app?.ownerId).toBe(OTHER_ACCOUNT);
    expect(await ports.citedGroups(new Set([APP]), HOME)).toMatchObject(new Map([[APP, { value: { name: 'app' } }]]));
  });

  test('load balancers, listeners, lists and what surrounds them', async () => {
    expect((await ports.loadBalancers()).items).toMatchObject([{ ...alb, tags: { known: false } }]);
    expect(await ports.withTags([alb!])).toEqual([alb]);
    expect(await ports.listenerPorts(alb!.arn)).toEqual(known([80, 443]));
    expect((await ports.distributions()).items).toEqual([distribution()]);
    expect((await ports.cloudfrontPrefixLists(HOME)).map(({ id }) => id)).toContain(CLOUDFRONT_V4);
    expect((await ports.prefixLists(new Set([CLOUDFRONT_V4]), HOME, 'with-entries')).get(CLOUDFRONT_V4)?.known).toBe(
      true,
    );
    expect((await ports.publicAddresses(alb!)).known).toBe(false);
    expect(await ports.otherEntrances(alb!)).toEqual([]);
    expect((await ports.resolve('n0.example.com')).kind).toBe('unanswered');
    expect((await ports.vpcOrigin(distribution().origins[0]!, distribution())).known).toBe(false);
    expect((await ports.tenantsOf(distribution())).known).toBe(false);
  });

  test('interfaces: those of load balancers are described as AWS does', async () => {
    expect(await ports.interfacesOf(WEB, HOME)).toEqual(
      known([
        {
          id: 'eni-app-web-50dc6c495c0c9188',
          type: 'interface',
          description: 'ELB app/web/50dc6c495c0c9188',
          isManaged: true,
        },
        { id: 'eni-1', type: 'interface', description: '', isManaged: false },
      ]),
    );
    const network = fakeAws({ state: { loadBalancers: [fakeLoadBalancer({ type: 'network' })] } });
    expect(await portsOf(network).interfacesOf(WEB, HOME)).toMatchObject({
      value: [{ type: 'network_load_balancer' }],
    });
    expect(await ports.acceleratorsIn(VPC, HOME)).toEqual(known(['eni-2']));
  });

  test('references, of peers too', async () => {
    expect(await ports.referencesTo(WEB, HOME)).toEqual(
      known([
        { by: APP, direction: 'ingress' },
        { by: APP, direction: 'egress' },
      ]),
    );
    const peers = { [APP]: [{ by: 'vpc-0peer', direction: 'ingress' as const }] };
    expect(await portsOf(aws, { peers }).referencesTo(APP, HOME)).toEqual(known(peers[APP]));
  });

  test('egress, names, quotas, forwarders and records, newest first', async () => {
    expect(await ports.hasOpenEgress(WEB, HOME)).toEqual(known(true));
    expect(await ports.hasOpenEgress(APP, HOME)).toEqual(known(false));
    expect(await ports.groupsNamed(['app', 'none'], VPC, HOME)).toMatchObject(known([{ id: APP }]));
    expect(await ports.groupsNamed(['app'], 'vpc-0b2', HOME)).toEqual(known([]));
    expect(await ports.quota('rules-per-group', HOME)).toEqual(known(60));
    expect(await ports.forwardersTo(alb!)).toEqual(known([]));
    expect(await portsOf(aws, { forwarders: { [alb!.arn]: ['arn:nlb'] } }).forwardersTo(alb!)).toEqual(
      known(['arn:nlb']),
    );
    expect(await ports.rollbackRecords(WEB, HOME)).toEqual(
      known([
        { id: 'e-2', text: 'new', savedAt: '2026-07-01T11:00:00.000Z' },
        { id: 'e-1', text: 'old', savedAt: '2026-07-01T10:00:00.000Z' },
      ]),
    );
  });

  test.each([
    ['interfacesOf', (hidden: ReturnType<typeof portsOf>) => hidden.interfacesOf(WEB, HOME)],
    ['listenerPorts', (hidden: ReturnType<typeof portsOf>) => hidden.listenerPorts(alb!.arn)],
    [
      'securityGroup',
      async (hidden: ReturnType<typeof portsOf>) => (await hidden.securityGroups(new Set([WEB])))[0]!.ingress,
    ],
    [
      'prefixList',
      async (hidden: ReturnType<typeof portsOf>) =>
        (await hidden.prefixLists(new Set([CLOUDFRONT_V4]), HOME, 'with-entries')).get(CLOUDFRONT_V4)!,
    ],
  ])('%s can be hidden', async (call, read) => {
    const found = gap(call);
    const hidden = portsOf(aws, { hide: (each) => (each.startsWith(`${call} `) ? found : null) });
    expect(await read(hidden)).toEqual({ known: false, gap: found });
  });

  test('load balancers and distributions can be hidden', async () => {
    const hidden = portsOf(aws, { region: REGION, hide: (call) => gap(call) });
    expect((await hidden.loadBalancers()).gapAt(HOME)).toEqual(gap('loadBalancers'));
    expect((await hidden.distributions()).gapAt(ACCOUNT)).toEqual(gap('distributions'));
  });

  test('every call is one read, which may be behind', async () => {
    const slow = fakeAws({ lag: 1 });
    slow.edit((state) => withGroup(state, fakeGroup({ ingress: [world] })));
    const seen = async () => (await portsOf(slow).securityGroups('every'))[0]!.ingress;
    expect(await seen()).toEqual(known([]));
    expect(await seen()).toMatchObject(known([world].map(({ source }) => ({ source }))));
  });
});
