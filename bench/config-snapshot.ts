import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

export const ITEMS = 200_000;
/** One item in twenty is a group, a load balancer or a distribution. */
const KEPT_EVERY = 20;

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const hex = (index: number, length: number): string => index.toString(16).padStart(length, '0');

const item = (resourceType: string, resourceId: string, configuration: object): object => ({
  relatedEvents: [],
  relationships: [],
  configuration,
  supplementaryConfiguration: {},
  tags: {},
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: '2026-11-01T00:00:00.000Z',
  configurationStateId: 1761955200000,
  awsAccountId: ACCOUNT,
  configurationItemStatus: 'OK',
  resourceType,
  resourceId,
  awsRegion: REGION,
});

const albArn = (index: number): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/alb-${String(index)}/${hex(index, 16)}`;
const albDns = (index: number): string => `alb-${String(index)}-${String(100000 + index)}.${REGION}.elb.amazonaws.com`;

/** A group of five rules: CloudFront's list, three others, and in every fourth group the whole internet. */
function groupConfiguration(index: number): object {
  const open = index % 4 === 0 ? '0.0.0.0/0' : `198.51.${String(index % 256)}.0/24`;
  return {
    groupId: `sg-${hex(index, 17)}`,
    groupName: `group-${String(index)}`,
    ownerId: ACCOUNT,
    vpcId: 'vpc-0123456789abcdef0',
    description: 'generated',
    tags: [],
    ipPermissions: [
      {
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        ipv4Ranges: [{ cidrIp: open }],
        ipv6Ranges: [],
        prefixListIds: [{ prefixListId: 'pl-3b927c52' }],
        userIdGroupPairs: [],
      },
      {
        ipProtocol: 'tcp',
        fromPort: 80,
        toPort: 80,
        ipv4Ranges: [{ cidrIp: `10.${String(index % 256)}.0.0/16` }],
        ipv6Ranges: [{ cidrIpv6: '2001:db8::/32' }],
        prefixListIds: [],
        userIdGroupPairs: [{ groupId: `sg-${hex(index + 1, 17)}`, userId: ACCOUNT }],
      },
    ],
    ipPermissionsEgress: [],
  };
}

function keptItem(index: number): object {
  const group = `sg-${hex(index, 17)}`;
  if (index % 40 === 1) {
    const distributionConfig = {
      enabled: true,
      origins: {
        quantity: 1,
        items: [
          {
            id: 'alb',
            domainName: albDns(index + 1),
            customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: 'https-only' },
          },
        ],
      },
    };
    const id = `E${hex(index, 13).toUpperCase()}`;
    return item('AWS::CloudFront::Distribution', id, {
      id,
      arn: `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`,
      distributionConfig,
    });
  }
  if (index % 20 === 2) {
    const arn = albArn(index);
    const groups = Array.from({ length: 3 }, (_, offset) => `sg-${hex(index + 1 + offset, 17)}`);
    return item('AWS::ElasticLoadBalancingV2::LoadBalancer', arn, {
      loadBalancerArn: arn,
      dNSName: albDns(index),
      loadBalancerName: `alb-${String(index)}`,
      scheme: 'internet-facing',
      type: 'application',
      vpcId: 'vpc-0123456789abcdef0',
      securityGroups: groups,
    });
  }
  return item('AWS::EC2::SecurityGroup', group, groupConfiguration(index));
}

/** Writes an AWS Config snapshot of about this many bytes; its kept items are the same at every size. */
export async function writeConfigSnapshot(path: string, bytes: number): Promise<void> {
  const kept = ITEMS / KEPT_EVERY;
  const keptBytes =
    Array.from({ length: 200 }, (_, index) => JSON.stringify(keptItem(index)).length).reduce((a, b) => a + b, 0) / 200;
  const fillerBytes = Math.max(380, Math.round((bytes - kept * keptBytes) / (ITEMS - kept)));
  const out = createWriteStream(path);
  let chunk = '{"fileVersion":"1.0","configSnapshotId":"00000000-0000-0000-0000-000000000000","configurationItems":[';
  for (let index = 0; index < ITEMS; index += 1) {
    chunk += index === 0 ? '' : ',';
    chunk += JSON.stringify(index % KEPT_EVERY === 0 ? keptItem(index / KEPT_EVERY) : filler(index, fillerBytes));
    if (chunk.length > 1 << 20) {
      if (!out.write(chunk)) await once(out, 'drain');
      chunk = '';
    }
  }
  out.end(`${chunk}]}`);
  await once(out, 'finish');
}

/** An item nobody asks about, with the short keys and values that real items have. */
function filler(index: number, bytes: number): object {
  const id = `i-${hex(index, 17)}`;
  const base = { instanceId: id, imageId: 'ami-0abcdef1234567890', state: { code: 16, name: 'running' } };
  const room = bytes - JSON.stringify(item('AWS::EC2::Instance', id, base)).length;
  const part = {
    deviceName: '/dev/xvda',
    ebs: { volumeId: 'vol-0123456789abcdef0', status: 'attached', deleteOnTermination: true, note: 'a "quoted" word' },
  };
  const parts = Math.max(0, Math.floor(room / (JSON.stringify(part).length + 1)));
  return item(
    'AWS::EC2::Instance',
    id,
    parts === 0 ? base : { ...base, blockDeviceMappings: Array.from({ length: parts }, () => part) },
  );
}
