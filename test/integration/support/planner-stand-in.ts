import { json, type WholeAnswer } from '../../support/proxy/faults.js';
import type { StandIn } from '../../support/proxy/recording-proxy.js';

/** What AWS gives every account. Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const QUOTAS: Readonly<Record<string, number>> = { 'L-0EA8095F': 60, 'L-2AFB9258': 5 };

/**
 * What the fixer asks and moto does not have: references across peerings (there are none), the interfaces of Global
 * Accelerator (none), the quotas of security groups (the defaults), that AWS manages a load balancer's interfaces, and
 * what is written beside a rule whose source is a prefix list.
 */
export function plannerStandIn(): StandIn {
  const written = new Map<string, string>();
  return ({ called: { operation, input }, forward }) => {
    switch (operation) {
      case 'DescribeSecurityGroupReferences':
        return xml(operation, '<securityGroupReferenceSet/>');
      case 'DescribeNetworkInterfaces':
        return JSON.stringify(input).includes('global_accelerator_managed')
          ? xml(operation, '<networkInterfaceSet/>')
          : changed(forward(), '<availabilityZone>', asManaged);
      case 'AuthorizeSecurityGroupIngress':
        return accepted(forward(), () => keepDescription(input as Form, written));
      case 'DescribeSecurityGroupRules':
        return changed(forward(), '<item>', (item) => withDescription(item, written));
      case 'GetServiceQuota': {
        const { QuotaCode } = input as { readonly QuotaCode: string };
        return json(200, { Quota: { ServiceCode: 'vpc', QuotaCode, Value: QUOTAS[QuotaCode] } });
      }
      default:
        return null;
    }
  };
}

/** An answer; where moto did what was asked, this is done with it. A rule that is there already keeps its words. */
async function accepted(answering: Promise<WholeAnswer>, then: () => void): Promise<WholeAnswer> {
  const whole = await answering;
  if (whole.status === 200) then();
  return whole;
}

type Form = Readonly<Record<string, string | undefined>>;

/** moto keeps a rule by what it says, so that is what its description is kept by. */
function keepDescription(form: Form, written: Map<string, string>): void {
  for (let at = 1; form[`IpPermissions.${String(at)}.IpProtocol`] !== undefined; at += 1) {
    const own = (name: string): string => form[`IpPermissions.${String(at)}.${name}`] ?? '';
    const list = own('PrefixListIds.1.PrefixListId');
    if (list !== '')
      written.set(
        [form['GroupId'], own('FromPort'), own('ToPort'), list].join(' '),
        own('PrefixListIds.1.Description'),
      );
  }
}

function withDescription(item: string, written: ReadonlyMap<string, string>): string {
  const [group, from, to, list] = ['groupId', 'fromPort', 'toPort', 'prefixListId'].map(
    (name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(item)?.[1],
  );
  const description = list === undefined ? undefined : written.get([group, from, to, list].join(' '));
  if (description === undefined || description === '' || /<description>[^<]/.test(item)) return item;
  return item
    .replaceAll(/<description\/>|<description><\/description>/g, '')
    .replace('</prefixListId>', `</prefixListId><description>${description}</description>`);
}

/** The interfaces that the tests make for load balancers, as if Elastic Load Balancing had made them. */
const asManaged = (item: string): string =>
  item.includes('<description>ELB ') ? item.replaceAll(/(<requesterManaged>)false/g, '$1true') : item;

/** An answer in which each part that starts like this is changed. */
async function changed(
  answering: Promise<WholeAnswer>,
  start: string,
  change: (part: string) => string,
): Promise<WholeAnswer> {
  const { headers, body, ...rest } = await answering;
  const { 'content-length': _, ...others } = headers;
  const parts = body.toString().split(new RegExp(`(?=${start})`));
  return { ...rest, headers: others, body: Buffer.from(parts.map(change).join('')) };
}

const xml = (operation: string, content: string): WholeAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: Buffer.from(
    `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>0</requestId>${content}</${operation}Response>`,
  ),
});
