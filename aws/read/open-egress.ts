import type { SecurityGroup } from '@aws-sdk/client-ec2';

/** Whether a group lets everything out over IPv4, as a new group does; `null` where the description does not say. */
export const isOpenEgress = ({ IpPermissionsEgress }: Pick<SecurityGroup, 'IpPermissionsEgress'>): boolean | null =>
  IpPermissionsEgress?.some(
    ({ IpProtocol, IpRanges }) =>
      IpProtocol === '-1' && IpRanges?.some(({ CidrIp }) => CidrIp === '0.0.0.0/0') === true,
  ) ?? null;
