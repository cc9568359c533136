import * as z from 'zod/mini';
import { PrefixListId, SecurityGroupId } from '../../core/ids.js';
import { parseCidr, RangeSet, type Cidr } from '../../core/model/cidr.js';
import { normalizeDomain } from '../../core/model/domain-name.js';
import { flag, list, mapParam, oneOf, text, type ParamValues } from '../../core/params.js';

export const RULE_ID = 'alb-sg-cloudfront-only';

const CidrText = z.pipe(
  z.string(),
  z.transform((given, context): Cidr => {
    const cidr = parseCidr(given);
    if (cidr?.canonical === true) return cidr;
    const message =
      cidr === null ? 'expected a CIDR such as 203.0.113.0/24' : 'has host bits set; write the network itself';
    context.issues.push({ code: 'custom', message, input: given });
    return z.NEVER;
  }),
);

const HOSTNAME = /^[a-z0-9*_-]+(\.[a-z0-9_-]+)+$/;

const HostnamePair = z.pipe(
  z.string(),
  z.transform((given, context): readonly [string, string] => {
    const [name = '', target = '', ...rest] = given.split('=').map(normalizeDomain);
    if (HOSTNAME.test(name) && HOSTNAME.test(target) && rest.length === 0) return [name, target];
    context.issues.push({ code: 'custom', message: 'expected name=alb-dns-name', input: given });
    return z.NEVER;
  }),
);

const GroupOrAll = z.string().check(
  z.refine((given) => given === '*' || SecurityGroupId.safeParse(given).success, {
    error: 'expected a security group id such as sg-0abc1234, or *',
  }),
);

/** The tag keys that AWS accepts. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const TagKey = z.string().check(z.regex(/^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/u, { error: 'is no tag key' }));

export const params = {
  ports: oneOf(
    ['all', 'listeners'],
    'all',
    'Judge every ingress rule, or only TCP and all-traffic rules that meet a listener port.',
  ),
  allowedCidrs: mapParam(
    list(CidrText, 'CIDRs such as 203.0.113.0/24', 'CIDRs that may reach the load balancer besides CloudFront.'),
    (cidrs) => RangeSet.of(cidrs),
  ),
  allowedPrefixListIds: mapParam(
    list(
      PrefixListId,
      'prefix list ids such as pl-0abc1234',
      'Prefix lists that may reach the load balancer, whatever they hold.',
    ),
    (ids): ReadonlySet<string> => new Set(ids),
  ),
  allowedSecurityGroupIds: mapParam(
    list(
      GroupOrAll,
      'security group ids such as sg-0abc1234, or *',
      'Security groups whose members may reach the load balancer; * allows all of them.',
    ),
    (ids): ReadonlySet<string> => new Set(ids),
  ),
  originHostnames: mapParam(
    list(
      HostnamePair,
      'pairs name=alb-dns-name',
      'Origin names that nobody can resolve, and the load balancer each of them is.',
    ),
    (pairs): ReadonlyMap<string, string> => new Map(pairs),
  ),
  resolveOrigins: oneOf(
    ['dns', 'off'],
    'dns',
    'Whether custom origin names are followed through Route 53 and DNS to a load balancer.',
  ),
  includeDisabledDistributions: flag(false, 'Whether a disabled distribution counts as fronting its origins.'),
  exemptTagKey: text(
    TagKey,
    'a tag key of at most 128 characters that does not start with aws:',
    'origin-guard:exempt',
    'The tag that exempts a group; its value is the reason. KEY-until holds the last day, as an ISO date.',
  ),
  onMissingEvidence: oneOf(['fail', 'non-compliant'], 'fail', 'What becomes of a group whose evidence is missing.'),
  inventoryMode: oneOf(
    ['LOCAL', 'ORG'],
    'LOCAL',
    'Whether the function in AWS also reads the origins of other accounts; saved data is always joined.',
  ),
  ruleId: oneOf([RULE_ID], RULE_ID, 'The rule that the function in AWS runs; the conformance pack sets it.'),
};

export type AlbSgParams = ParamValues<typeof params>;
