import { SecurityGroupId } from '../../core/ids.js';
import { bothEgress, egressOfRule, joinEgress, NO_EGRESS, toEgress } from '../../wire/egress.js';

const APP = SecurityGroupId.parse('sg-0app');
const DB = SecurityGroupId.parse('sg-0db');

const anywhere = { ipProtocol: '-1', ipRanges: [{ cidrIp: '0.0.0.0/0' }] };

describe('the egress of a group', () => {
  test.each([
    ['everything over IPv4', anywhere],
    ['the same in an item of AWS Config', { ipProtocol: '-1', ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }], ipRanges: null }],
    ['the same in an older item', { ipProtocol: '-1', ipRanges: ['0.0.0.0/0'] }],
  ])('is open with %s', (_, permission) => {
    expect(toEgress([permission])).toEqual({ isOpen: true, groupIds: [] });
  });

  test.each([
    ['no rule', []],
    ['one protocol', [{ ...anywhere, ipProtocol: 'tcp' }]],
    ['some addresses', [{ ipProtocol: '-1', ipRanges: [{ cidrIp: '10.0.0.0/8' }] }]],
    ['IPv6 alone', [{ ipProtocol: '-1', ipv6Ranges: [{ cidrIpv6: '::/0' }] }]],
  ])('is not open with %s', (_, permissions) => {
    expect(toEgress(permissions)).toEqual({ isOpen: false, groupIds: [] });
  });

  test('names groups, however an item of AWS Config writes them', () => {
    const pairs = { ipProtocol: 'tcp', userIdGroupPairs: [{ groupId: APP }, DB] };
    expect(toEgress([anywhere, pairs])).toEqual({ isOpen: true, groupIds: [APP, DB] });
  });

  test.each([
    ['nothing', undefined],
    ['an object', {}],
    ['a permission that is none', [null]],
    ['a permission without a protocol', [{ ipRanges: [] }]],
    ['a group without an id', [{ ipProtocol: '-1', userIdGroupPairs: [{ groupName: 'app' }] }]],
  ])('is not known from %s', (_, permissions) => {
    expect(toEgress(permissions)).toBeNull();
  });
});

describe('rules of egress one by one', () => {
  test.each([
    ['-1', '0.0.0.0/0', null, { isOpen: true, groupIds: [] }],
    ['tcp', '0.0.0.0/0', null, { isOpen: false, groupIds: [] }],
    ['-1', null, APP, { isOpen: false, groupIds: [APP] }],
  ])('%s to %s or %s', (protocol, cidr, group, expected) => {
    expect(egressOfRule(protocol, cidr, group)).toEqual(expected);
  });

  test('allow together what any of them allows', () => {
    const rules = [egressOfRule('-1', null, APP), egressOfRule('-1', null, APP), egressOfRule('-1', '0.0.0.0/0', null)];
    expect(rules.reduce(joinEgress, NO_EGRESS)).toEqual({ isOpen: true, groupIds: [APP] });
    expect(joinEgress(NO_EGRESS, NO_EGRESS)).toEqual(NO_EGRESS);
  });

  test('of two moments are open only if they were at both, and name what either named', () => {
    const open = { isOpen: true, groupIds: [APP] };
    expect(bothEgress(open, { isOpen: false, groupIds: [DB] })).toEqual({ isOpen: false, groupIds: [APP, DB] });
    expect(bothEgress(open, open)).toEqual(open);
  });
});
