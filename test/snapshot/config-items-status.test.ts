import {
  ACCOUNT,
  albDns,
  evaluationOf,
  filesWith,
  group,
  GROUP,
  items,
  type Json,
  listener,
  networkInterface,
  OPEN,
  origin,
  permission,
  scan,
  verdictOn,
  without,
} from '../support/saved-files.js';
import { item, groupItem, albItem, distributionItem, snapshotOf, recorded, CLOSED } from './items.js';

describe('deleted and no longer recorded', () => {
  test.each(['ResourceDeleted', 'ResourceDeletedNotRecorded'])('%s: the group is not applicable', async (status) => {
    const gone = groupItem([], { configurationItemStatus: status, configuration: null });
    const { verdict, because } = evaluationOf(await scan(recorded(gone, albItem(), distributionItem())));
    expect([verdict, because]).toEqual(['NOT_APPLICABLE', 'the group is deleted']);
  });

  test('a deleted load balancer is none, and its kind was seen', async () => {
    const gone = albItem({ configurationItemStatus: 'ResourceDeleted', configuration: undefined });
    expect(await verdictOn(recorded(groupItem([OPEN]), gone, distributionItem()))).toBe('NOT_APPLICABLE');
  });

  const notRecorded = { configurationItemStatus: 'ResourceNotRecorded' };

  test('ResourceNotRecorded: the group is indeterminate, and a warning names it', async () => {
    const ran = await scan(recorded(groupItem([], notRecorded), albItem(), distributionItem()));
    expect(ran.code).toBe(3);
    expect(evaluationOf(ran)).toMatchObject({ verdict: 'INDETERMINATE', gaps: [{ cause: 'not-recorded' }] });
    expect(ran.stderr).toContain(`AWS::EC2::SecurityGroup ${GROUP} is no longer recorded`);
  });

  test('describe-security-groups beside it supplies the rules and the tags', async () => {
    const files = recorded(groupItem([], notRecorded), albItem(), distributionItem());
    const saved = (permissions: readonly Json[], tags: readonly Json[] = []) => ({
      SecurityGroups: [group({ IpPermissions: permissions, Tags: tags })],
    });
    expect(await verdictOn({ ...files, 'groups.json': saved(CLOSED) })).toBe('COMPLIANT');
    expect(await verdictOn({ ...files, 'groups.json': saved([OPEN]) })).toBe('NON_COMPLIANT world-ipv4');
    const exempt = saved([OPEN], [{ Key: 'origin-guard:exempt', Value: 'agreed' }]);
    expect(await verdictOn({ ...files, 'groups.json': exempt })).toBe('NOT_APPLICABLE');
  });

  test.each([
    ['load balancers', [groupItem(CLOSED), albItem(notRecorded), distributionItem()]],
    ['distributions', [groupItem(CLOSED), albItem(), distributionItem(notRecorded)]],
  ])('%s that are no longer recorded were not seen', async (_name, all) => {
    expect(await verdictOn(recorded(...all))).toBe('INDETERMINATE not-seen');
  });
});

describe('the other types', () => {
  test('a listener, its names with capitals as AWS Config has them', async () => {
    const on = (port: number) => ({
      ...item('AWS::ElasticLoadBalancingV2::Listener', 'arn:l', null),
      configuration: listener(port),
    });
    const all = [groupItem([{ ...OPEN, FromPort: 22, ToPort: 22 }]), albItem(), distributionItem()];
    const listeners = ['--param', 'ports=listeners'];
    expect(await verdictOn(recorded(...all, on(443)), ...listeners)).toBe('COMPLIANT');
    expect(await verdictOn(recorded(...all, on(22)), ...listeners)).toBe('NON_COMPLIANT world-ipv4');
  });

  test('a customer prefix list with its entries', async () => {
    const list = (cidr: string) => ({
      ...item('AWS::EC2::PrefixList', 'pl-0cafe1234', null),
      configuration: {
        PrefixListId: 'pl-0cafe1234',
        PrefixListName: 'office',
        OwnerId: ACCOUNT,
        Entries: [{ Cidr: cidr }],
      },
    });
    const citing = groupItem([permission({ PrefixListIds: [{ PrefixListId: 'pl-0cafe1234' }] })]);
    const on = (cidr: string) =>
      verdictOn(recorded(citing, albItem(), distributionItem(), list(cidr)), '--param', 'allowedCidrs=198.51.100.0/24');
    expect(await on('198.51.100.7/32')).toBe('COMPLIANT');
    expect(await on('203.0.113.7/32')).toBe('NON_COMPLIANT other-prefix-list');
  });

  test('a network interface with the address that an origin leads to', async () => {
    const byAddress = distributionItem({}, { Origins: items([origin('www.example.com')]) });
    const eni = item('AWS::EC2::NetworkInterface', 'eni-0web', networkInterface('203.0.113.9'));
    const files = {
      ...recorded(groupItem([OPEN]), albItem(), byAddress, eni),
      'resolutions.json': {
        Resolutions: [{ name: 'www.example.com', status: 'answered', addresses: ['203.0.113.9'] }],
      },
    };
    expect(evaluationOf(await scan(files))).toMatchObject({
      verdict: 'NON_COMPLIANT',
      paths: [{ linkedBy: 'resolved-address' }],
    });
  });

  test('the tags of a group and of a load balancer', async () => {
    const exempt = groupItem([OPEN], { tags: { 'origin-guard:exempt': 'agreed' } });
    expect(await verdictOn(recorded(exempt, albItem(), distributionItem()))).toBe('NOT_APPLICABLE');
    const declared = albItem({ tags: { 'origin-guard:fronted-by': 'cloudfront', empty: null } });
    const unlinked = distributionItem({}, { Origins: items([origin(albDns('other'))]) });
    expect(evaluationOf(await scan(recorded(groupItem([OPEN]), declared, unlinked))).paths).toMatchObject([
      { linkedBy: 'declared' },
    ]);
  });
});

describe('account ids', () => {
  const malformed = { awsAccountId: '12345678912', ARN: 'arn:aws:cloudfront::12345678912:distribution/E1WEB' };

  test('a malformed one is a warning, and --account applies', async () => {
    const files = without(filesWith([OPEN], { 'item.json': distributionItem(malformed) }), 'distributions.json');
    const ran = await scan(files, '--account', ACCOUNT);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /^warning: .*item\.json: account id "12345678912" does not have 12 digits; --account applies\n$/,
    );
  });

  test('without --account, one group cannot be placed', async () => {
    const item = groupItem([OPEN], { awsAccountId: '12345678912', ARN: 'arn:aws:ec2:us-east-1:1:security-group/x' });
    const { accountId, region } = evaluationOf(await scan(recorded(item, albItem(), distributionItem())));
    expect([accountId, region]).toEqual([null, 'us-east-1']);
  });
});

describe('damaged items', () => {
  test.each<readonly [string, Json, RegExp]>([
    ['a text that is no JSON', groupItem([], { configuration: '{"groupId":' }), /snapshot\.json is not readable JSON/],
    ['no configuration', groupItem([], { configuration: null }), /snapshot\.json: .* found null, expected object/],
    [
      'a port in words',
      groupItem([{ ipProtocol: 'tcp', fromPort: 'https' }]),
      /configuration\.ipPermissions\[0\]\.fromPort: found "https", expected a whole number/,
    ],
    [
      'a CIDR that is none',
      groupItem([{ ipProtocol: 'tcp', ipRanges: ['0.0.0.0'] }]),
      /found "0\.0\.0\.0", expected a CIDR/,
    ],
    [
      'a deleted group without its id',
      groupItem([], { configurationItemStatus: 'ResourceDeleted', resourceId: null }),
      /snapshot\.json/,
    ],
    ['an item that is a number', 7 as unknown as Json, /configurationItems\[0\]: found 7, expected object/],
  ])('%s is refused, naming the file', async (_name, damaged, message) => {
    const ran = await scan({ 'snapshot.json': snapshotOf(damaged) });
    expect(ran.stderr).toMatch(message);
    expect([ran.code, ran.stdout, ran.stderr.split('\n').length]).toEqual([2, '', 2]);
  });
});
