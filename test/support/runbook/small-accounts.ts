import type { IngressRule } from '../../../core/model/security-group.js';
import { groupId } from '../builders.js';
import type { Payload } from './doors.js';
import { fakeAws, type FakeAccount, type FakeAws } from './fake-aws.js';
import { fakeGroup, fakeLoadBalancer, type FakeGroup } from './fake-state.js';

// Small accounts, and calls to them.

export const WEB = groupId('sg-0aaaaaaaaaaaaaaa1');
export const APP = groupId('sg-0aaaaaaaaaaaaaaa2');
export const ALB = fakeLoadBalancer().arn;
export const STEP = { executionId: 'e-1', step: 'Authorize' };

export const made = (groups: readonly FakeGroup[], overrides: Partial<FakeAccount> = {}): FakeAws =>
  fakeAws({ ...overrides, state: { groups, ...overrides.state } });
export const holding = (ingress: readonly IngressRule[], overrides: Partial<FakeAccount> = {}): FakeAws =>
  made([fakeGroup({ ingress })], overrides);

export const ec2 = (aws: FakeAws, api: string, params: Payload = {}) =>
  aws.callApi('ec2', api, { GroupId: WEB, ...params }, STEP);
export const rulesOf = (aws: FakeAws, id: string = WEB) => aws.state().groups.find((group) => group.id === id)!.ingress;

export const permission = (sources: Payload, FromPort: unknown = 443, ToPort: unknown = FromPort): Payload => ({
  IpProtocol: 'tcp',
  FromPort,
  ToPort,
  ...sources,
});
export const cidrs = (...texts: readonly string[]): Payload =>
  permission({ IpRanges: texts.map((CidrIp) => ({ CidrIp, Description: 'office' })) });
export const list = (id: string, port = 443): Payload => permission({ PrefixListIds: [{ PrefixListId: id }] }, port);
export const allow = (aws: FakeAws, ...IpPermissions: readonly Payload[]) =>
  ec2(aws, 'AuthorizeSecurityGroupIngress', { IpPermissions });
export const revoke = (aws: FakeAws, params: Payload) => ec2(aws, 'RevokeSecurityGroupIngress', params);

/** The call is refused with this error, and nothing has changed. */
export async function refused(aws: FakeAws, call: Promise<unknown>, name: string): Promise<void> {
  const before = aws.state();
  await expect(call).rejects.toMatchObject({ name });
  expect(aws.state()).toBe(before);
  expect(aws.changes()).toEqual([]);
}
