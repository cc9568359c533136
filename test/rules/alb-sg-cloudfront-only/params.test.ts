import { OriginGuardError } from '../../../core/errors.js';
import { params } from '../../../rules/alb-sg-cloudfront-only/params.js';
import { albSgParams, block, dnsNameOf } from '../../support/builders.js';

/** The message of the error that these parameters raise. */
function problem(given: Readonly<Record<string, unknown>>): string {
  try {
    albSgParams(given);
  } catch (error) {
    if (error instanceof OriginGuardError && error.code === 'E1002') return error.detail;
    throw error;
  }
  return 'no problem';
}

it('nothing given: the defaults', () => {
  const { allowedCidrs, ...rest } = albSgParams();
  expect(allowedCidrs.isEmpty).toBe(true);
  expect(rest).toEqual({
    ports: 'all',
    allowedPrefixListIds: new Set(),
    allowedSecurityGroupIds: new Set(),
    originHostnames: new Map(),
    resolveOrigins: 'dns',
    includeDisabledDistributions: false,
    exemptTagKey: 'origin-guard:exempt',
    onMissingEvidence: 'fail',
    inventoryMode: 'LOCAL',
    ruleId: 'alb-sg-cloudfront-only',
  });
});

it('every default is written as AWS Config accepts it, with words for people', () => {
  expect(Object.keys(params)).toHaveLength(11);
  for (const { fallback, summary, allowed } of Object.values(params)) {
    expect(fallback).not.toBe('');
    expect(summary).toMatch(/\w+ .*\w+/);
    expect(allowed).toMatch(/\w+/);
  }
});

it('all defaults together stay far below the 1,024 characters of AWS Config', () => {
  const defaults = Object.fromEntries(Object.entries(params).map(([name, { fallback }]) => [name, fallback]));
  expect(JSON.stringify(defaults).length).toBeLessThan(400);
  expect(albSgParams(defaults).ports).toBe('all');
});

describe('values', () => {
  it.each([
    ['ports', 'all'],
    ['ports', 'listeners'],
    ['resolveOrigins', 'dns'],
    ['resolveOrigins', 'off'],
    ['onMissingEvidence', 'fail'],
    ['onMissingEvidence', 'non-compliant'],
    ['inventoryMode', 'LOCAL'],
    ['inventoryMode', 'ORG'],
    ['ruleId', 'alb-sg-cloudfront-only'],
    ['exemptTagKey', 'Team A/exempt_1.2:x=y+z@-'],
    ['exemptTagKey', 'k'.repeat(128)],
    ['exemptTagKey', 'é:ключ:9'],
  ] as const)('%s takes %s', (name, value) => expect(albSgParams({ [name]: value })[name]).toBe(value));

  it.each([
    ['true', true],
    ['false', false],
    [true, true],
    [false, false],
  ])('includeDisabledDistributions takes %p', (given, value) =>
    expect(albSgParams({ includeDisabledDistributions: given }).includeDisabledDistributions).toBe(value),
  );

  it.each([
    ['text', '198.51.100.0/24, 2001:db8::/32'],
    ['a list, as a parameter file may hold', ['198.51.100.0/24', '2001:db8::/32']],
  ])('allowedCidrs takes %s', (_, given) => {
    const { allowedCidrs } = albSgParams({ allowedCidrs: given });
    expect(allowedCidrs.covers(block('198.51.100.128/25'))).toBe(true);
    expect(allowedCidrs.covers(block('2001:db8:ffff::/48'))).toBe(true);
    expect(allowedCidrs.covers(block('198.51.101.0/24'))).toBe(false);
  });

  it.each([['none'], [' none '], [[]]])('the empty list is written %p', (given) => {
    expect(albSgParams({ allowedCidrs: given }).allowedCidrs.isEmpty).toBe(true);
    expect(albSgParams({ originHostnames: given }).originHostnames.size).toBe(0);
  });

  it('allowedPrefixListIds and allowedSecurityGroupIds take ids', () => {
    const values = albSgParams({ allowedPrefixListIds: 'pl-0a,pl-0b', allowedSecurityGroupIds: 'sg-0a , *' });
    expect(values.allowedPrefixListIds).toEqual(new Set(['pl-0a', 'pl-0b']));
    expect(values.allowedSecurityGroupIds).toEqual(new Set(['sg-0a', '*']));
  });

  it('originHostnames takes pairs, in the form in which names are compared', () => {
    const given = `App.Example.COM.=dualstack.${dnsNameOf('web')}, *.example.org=${dnsNameOf('web').toUpperCase()}`;
    expect(albSgParams({ originHostnames: given }).originHostnames).toEqual(
      new Map([
        ['app.example.com', dnsNameOf('web')],
        ['*.example.org', dnsNameOf('web')],
      ]),
    );
  });
});

describe('a bad parameter names itself, its value and what is allowed', () => {
  it.each([
    [{ ports: 'some' }, 'parameter ports is "some" (is none of the words); allowed: all or listeners'],
    [{ ports: 'ALL' }, 'parameter ports is "ALL" (is none of the words); allowed: all or listeners'],
    [{ resolveOrigins: 'on' }, 'parameter resolveOrigins is "on" (is none of the words); allowed: dns or off'],
    [
      { onMissingEvidence: 'pass' },
      'parameter onMissingEvidence is "pass" (is none of the words); allowed: fail or non-compliant',
    ],
    [{ inventoryMode: 'org' }, 'parameter inventoryMode is "org" (is none of the words); allowed: LOCAL or ORG'],
    [{ ruleId: 'other' }, 'parameter ruleId is "other" (is none of the words); allowed: alb-sg-cloudfront-only'],
    [
      { includeDisabledDistributions: 'yes' },
      'parameter includeDisabledDistributions is "yes" (is none of the words); allowed: true or false',
    ],
    [
      { allowedCidrs: '10.0.0.0/8,office' },
      'parameter allowedCidrs is "10.0.0.0/8,office" ("office": expected a CIDR such as 203.0.113.0/24); allowed: CIDRs such as 203.0.113.0/24, with commas between, or none',
    ],
    [
      { allowedCidrs: '10.0.0.1/8' },
      'parameter allowedCidrs is "10.0.0.1/8" ("10.0.0.1/8": has host bits set; write the network itself); allowed: CIDRs such as 203.0.113.0/24, with commas between, or none',
    ],
    [
      { allowedCidrs: '' },
      'parameter allowedCidrs is "" ("": expected a CIDR such as 203.0.113.0/24); allowed: CIDRs such as 203.0.113.0/24, with commas between, or none',
    ],
    [
      { allowedPrefixListIds: 'sg-0a' },
      'parameter allowedPrefixListIds is "sg-0a" ("sg-0a": expected a prefix list id such as pl-3b927c52); allowed: prefix list ids such as pl-0abc1234, with commas between, or none',
    ],
    [
      { allowedSecurityGroupIds: 'sg-0a,all' },
      'parameter allowedSecurityGroupIds is "sg-0a,all" ("all": expected a security group id such as sg-0abc1234, or *); allowed: security group ids such as sg-0abc1234, or *, with commas between, or none',
    ],
    [
      { originHostnames: 'app.example.com' },
      'parameter originHostnames is "app.example.com" ("app.example.com": expected name=alb-dns-name); allowed: pairs name=alb-dns-name, with commas between, or none',
    ],
    [
      { exemptTagKey: 'aws:exempt' },
      'parameter exemptTagKey is "aws:exempt" (is no tag key); allowed: a tag key of at most 128 characters that does not start with aws:',
    ],
    [
      { allowedCidrs: null },
      'parameter allowedCidrs is null; allowed: CIDRs such as 203.0.113.0/24, with commas between, or none',
    ],
    [
      { allowedCidrs: ['10.0.0.0/8', 7] },
      'parameter allowedCidrs is ["10.0.0.0/8",7]; allowed: CIDRs such as 203.0.113.0/24, with commas between, or none',
    ],
    [{ ports: { a: 1 } }, 'parameter ports is {"a":1}; allowed: all or listeners'],
    [{ ports: 1 }, 'parameter ports is "1" (is none of the words); allowed: all or listeners'],
    [
      { allowedCIDRs: 'none' },
      'unknown parameter allowedCIDRs; allowed: allowedCidrs, allowedPrefixListIds, allowedSecurityGroupIds, exemptTagKey, includeDisabledDistributions, inventoryMode, onMissingEvidence, originHostnames, ports, resolveOrigins, ruleId',
    ],
  ])('%j', (given, message) => expect(problem(given)).toBe(message));

  it.each([
    'a.example=b.example=c.example',
    '=b.example',
    'a.example=',
    'example=b.example',
    'a.example=localhost',
    'a b.example=c.example',
    'a.example=c.exa mple',
    'x a.example=c.example',
    'a.example/=c.example',
    'a.example=https://c.example',
    'none,a.example=b.example',
  ])('originHostnames refuses %s', (given) =>
    expect(problem({ originHostnames: given })).toMatch(/^parameter originHostnames is .*expected name=alb-dns-name/),
  );

  it.each(['', 'a\tb', 'k'.repeat(129), 'x,y', 'emoji 🙂'])('exemptTagKey refuses %j', (given) =>
    expect(problem({ exemptTagKey: given })).toMatch(/^parameter exemptTagKey is .*is no tag key/s),
  );
});
