import { known } from '../../../core/fact.js';
import type { PrefixList } from '../../../core/model/prefix-list.js';
import type { IngressSource } from '../../../core/model/security-group.js';
import { countRules, fits, withGrants } from '../../../remediation/alb-sg-cloudfront-only/quota.js';
import {
  block,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  fromList,
  hidden,
  listId,
  listsById,
  open,
  prefixList,
  prefixListV6,
} from '../../support/builders.js';
import { grant } from '../../support/plans.js';

const OWN = listId('pl-0own');
const list = (overrides: Partial<PrefixList>) =>
  prefixList({ id: OWN, name: 'partners', ownerId: '111122223333', ...overrides });
const count = (
  sources: readonly IngressSource[],
  model: 'both' | 'by-family' = 'both',
  own: Partial<PrefixList> = {},
) =>
  countRules(
    sources.map((source) => open(source)),
    listsById(prefixList(), prefixListV6(), list(own)),
    model,
  );
const V4 = fromList(CLOUDFRONT_V4);
const V6 = fromList(CLOUDFRONT_V6);

describe('an address', () => {
  it('counts in its own family', () => {
    expect(count([fromCidr('0.0.0.0/0'), fromCidr('10.0.0.0/8'), fromCidr('::/0')])).toEqual({
      count: { ipv4: 2, ipv6: 1 },
    });
  });
});

describe('a group', () => {
  it('counts in both families, under either model', () => {
    expect(count([fromGroup('sg-0a')], 'both')).toEqual({ count: { ipv4: 1, ipv6: 1 } });
    expect(count([fromGroup('sg-0a')], 'by-family')).toEqual({ count: { ipv4: 1, ipv6: 1 } });
  });
});

describe("a list of CloudFront's", () => {
  it('counts 55, in both families or in its own', () => {
    expect(count([V4], 'both')).toEqual({ count: { ipv4: 55, ipv6: 55 } });
    expect(count([V4, V6], 'both')).toEqual({ count: { ipv4: 110, ipv6: 110 } });
    expect(count([V4, V4, V6], 'by-family')).toEqual({ count: { ipv4: 110, ipv6: 55 } });
  });
});

describe('another list of AWS', () => {
  it.each([
    ['com.amazonaws.us-east-1.route53-healthchecks', 25],
    ['com.amazonaws.us-east-1.ipv6.route53-healthchecks', 25],
    ['com.amazonaws.us-east-1.vpc-lattice', 10],
    ['com.amazonaws.us-east-1.s3express', 6],
    ['com.amazonaws.us-east-1.groundstation', 5],
    ['com.amazonaws.us-east-1.ec2-instance-connect', 2],
    ['com.amazonaws.us-east-1.s3', 1],
    ['com.amazonaws.us-east-1.dynamodb', 1],
    ['com.amazonaws.us-east-1.something-new', 55],
  ])('%s counts %i, whatever it holds', (name, weight) => {
    expect(count([fromList(OWN)], 'by-family', { name, ownerId: 'AWS' })).toEqual({
      count: { ipv4: weight, ipv6: weight },
    });
  });
});

describe("a customer's list", () => {
  it('counts what it may hold, not what it holds', () => {
    const entries = known([block('203.0.113.0/24')]);
    expect(count([fromList(OWN)], 'both', { maxEntries: 20, entries })).toEqual({ count: { ipv4: 20, ipv6: 20 } });
    expect(count([fromList(OWN)], 'both', { entries })).toEqual({ unknown: OWN });
    expect(count([fromList(OWN)], 'both', { entries: hidden('entries') })).toEqual({ unknown: OWN });
  });

  it("that carries the name of CloudFront's is a customer's all the same", () => {
    const { name } = prefixList();
    expect(count([fromList(OWN)], 'both', { name, maxEntries: 3 })).toEqual({ count: { ipv4: 3, ipv6: 3 } });
  });

  it('that nobody read has no weight that anybody knows', () => {
    expect(count([fromList('pl-0gone')])).toEqual({ unknown: 'pl-0gone' });
  });
});

it('grants stand beside what is there', () => {
  const before = { ipv4: 3, ipv6: 2 };
  const grants = [grant(80), grant(443, { family: 'ipv6' })];
  expect(withGrants(before, grants, 'both')).toEqual({ ipv4: 113, ipv6: 112 });
  expect(withGrants(before, grants, 'by-family')).toEqual({ ipv4: 58, ipv6: 57 });
  expect(withGrants(before, [], 'both')).toEqual(before);
});

it('a count fits when both families stay within the limit', () => {
  expect(fits({ ipv4: 60, ipv6: 60 }, 60)).toBe(true);
  expect(fits({ ipv4: 61, ipv6: 0 }, 60)).toBe(false);
  expect(fits({ ipv4: 0, ipv6: 61 }, 60)).toBe(false);
});
