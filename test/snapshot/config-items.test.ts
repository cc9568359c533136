import { ACCOUNT, compliantFiles, evaluationOf, type Json, OPEN, scan, verdictOn } from '../support/saved-files.js';
import { item, groupItem, albItem, distributionItem, snapshotOf, recorded, CLOSED } from './items.js';

test('a snapshot is judged like the output of the commands', async () => {
  const ran = await scan(
    recorded(groupItem(CLOSED), albItem(), distributionItem()),
    '--rule',
    'alb-sg-cloudfront-only',
  );
  const { annotation, ...same } = evaluationOf(await scan(compliantFiles()));
  expect(ran.code).toBe(0);
  expect(ran.stderr).toBe('');
  expect(evaluationOf(ran)).toEqual({ ...same, annotation });
});

describe('forms of one item', () => {
  const [closedItem, openItem] = [groupItem(CLOSED), groupItem([OPEN])];
  const others = [albItem(), distributionItem()];
  const { awsAccountId: _, ARN, ...rest } = openItem;
  const asApi = { ...rest, accountId: ACCOUNT, arn: ARN, configuration: JSON.stringify(openItem['configuration']) };

  test.each<readonly [string, Json]>([
    ['in a history file', { fileVersion: '1.0', configurationItems: [openItem] }],
    ['as get-resource-config-history prints it, the configuration as JSON in a text', { configurationItems: [asApi] }],
    ['by itself', openItem],
    ['by itself, the configuration as text', asApi],
  ])('a group %s', async (_name, content) => {
    const files = { ...recorded(...others), 'group.json': content };
    expect(await verdictOn(files)).toBe('NON_COMPLIANT world-ipv4');
    expect(await verdictOn({ ...files, 'group.json': { configurationItems: [closedItem] } })).toBe('COMPLIANT');
  });

  test('a list of items at the top level', async () => {
    const files = { ...recorded(), 'items.json': JSON.stringify([openItem, ...others, { an: 'outsider' }, 7]) };
    expect(await verdictOn(files)).toBe('NON_COMPLIANT world-ipv4');
  });

  test('a type that no rule asks about is recognized and left alone', async () => {
    const role = item('AWS::IAM::Role', 'AROA1', { roleName: 5 });
    const ran = await scan({ ...recorded(openItem, ...others, role), 'role.json': role });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe('');
  });

  test.each([
    ['texts in ipRanges, as in old items', { ipRanges: ['0.0.0.0/0'] }],
    ['objects in ipv4Ranges', { ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }] }],
    ['both at once, which is one source', { ipRanges: ['0.0.0.0/0'], ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }] }],
  ])('%s', async (_name, ranges) => {
    const permissions = [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, ...ranges }];
    const { findings } = evaluationOf(await scan(recorded(groupItem(permissions), ...others)));
    expect(findings).toMatchObject([{ reason: 'world-ipv4', source: '0.0.0.0/0' }]);
  });

  test('texts in prefixListIds', async () => {
    const permissions = [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, prefixListIds: ['pl-3b927c52'] }];
    expect(await verdictOn(recorded(groupItem(permissions), ...others))).toBe('COMPLIANT');
  });
});

describe('a distribution belongs to no Region', () => {
  test.each(['global', 'us-east-1', undefined])('awsRegion %s', async (awsRegion) => {
    const files = recorded(groupItem([OPEN]), albItem(), distributionItem({ awsRegion }));
    expect(await verdictOn(files)).toBe('NON_COMPLIANT world-ipv4');
  });

  test('of two items with differing awsRegion the newer one wins', async () => {
    const older = distributionItem({ awsRegion: 'global' });
    const later = { configurationItemCaptureTime: '2026-06-02T00:00:00.000Z' };
    const gone = distributionItem({ ...later, awsRegion: 'us-east-1', configurationItemStatus: 'ResourceDeleted' });
    const off = distributionItem({ ...later, awsRegion: 'us-east-1' }, { Enabled: false });
    expect(await verdictOn(recorded(groupItem([OPEN]), albItem(), older, gone))).toBe('NOT_APPLICABLE');
    expect(await verdictOn(recorded(groupItem([OPEN]), albItem(), off, older))).toBe('NOT_APPLICABLE');
  });
});

describe('of several items of one resource', () => {
  const older = groupItem([OPEN]);
  const newer = groupItem(CLOSED, { configurationItemCaptureTime: '2026-06-01T00:00:01.000Z' });
  const sameTime = groupItem(CLOSED, { configurationStateId: '1780000000001' });
  const files = (a: Json, b: Json) => ({
    ...recorded(albItem(), distributionItem()),
    'a.json': snapshotOf(a),
    'b.json': b,
  });

  test.each([
    ['the newer one wins', older, newer],
    ['of one instant, the one with the higher state id wins', older, sameTime],
  ])('%s, in either order', async (_name, first, second) => {
    expect(await verdictOn(files(first, second))).toBe('COMPLIANT');
    expect(await verdictOn(files(second, first))).toBe('COMPLIANT');
    expect(await verdictOn(recorded(albItem(), distributionItem(), first, second))).toBe('COMPLIANT');
    expect(await verdictOn(recorded(second, first, albItem(), distributionItem()))).toBe('COMPLIANT');
  });

  test('equals give the same answer in either order', async () => {
    const twin = groupItem(CLOSED);
    expect(await verdictOn(files(older, twin))).toBe(await verdictOn(files(twin, older)));
  });

  test('times in seconds, as the API has them, are compared with times in text', async () => {
    const closedSince = groupItem(CLOSED, { configurationItemCaptureTime: 1_900_000_000 });
    expect(await verdictOn(files(closedSince, older))).toBe('COMPLIANT');
  });
});
