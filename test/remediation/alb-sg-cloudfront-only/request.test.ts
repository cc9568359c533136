import { OriginGuardError } from '../../../core/errors.js';
import { parsePlannerRequest } from '../../../remediation/alb-sg-cloudfront-only/request.js';
import { arnOf, CLOUDFRONT_V4, CLOUDFRONT_V6 } from '../../support/builders.js';

const OPTIONS = {
  allowSplit: 'true',
  allowSwap: 'false',
  revokePrivateSources: true,
  revokeSecurityGroupSources: false,
};
const PARSED_OPTIONS = {
  allowSplit: true,
  allowSwap: false,
  revokePrivateSources: true,
  revokeSecurityGroupSources: false,
};
const GROUP = { securityGroupId: 'sg-0web' };
const RUN = { ...GROUP, executionId: '11111111-2222-3333-4444-555555555555' };
const OF_PLAN = {
  ...RUN,
  decision: 'SPLIT',
  fingerprint: 'a.b',
  requiredPorts: 'ipv4/80,ipv6/443',
  grants: `ipv4:${CLOUDFRONT_V4}:80-81, ipv6:${CLOUDFRONT_V6}:443-443`,
  revokeRuleIds: 'sgr-0a,sgr-0b',
  loadBalancerArn: arnOf('web'),
  originalSecurityGroups: 'sg-0web,sg-0b',
  dedicated: `origin-guard-1=ipv4:${CLOUDFRONT_V4}:443-443`,
  ...OPTIONS,
};
const PARSED_OF_PLAN = {
  ...OF_PLAN,
  requiredPorts: [
    { family: 'ipv4', port: 80 },
    { family: 'ipv6', port: 443 },
  ],
  grants: [
    { family: 'ipv4', prefixListId: CLOUDFRONT_V4, fromPort: 80, toPort: 81 },
    { family: 'ipv6', prefixListId: CLOUDFRONT_V6, fromPort: 443, toPort: 443 },
  ],
  revokeRuleIds: ['sgr-0a', 'sgr-0b'],
  originalSecurityGroups: ['sg-0web', 'sg-0b'],
  dedicated: [
    { name: 'origin-guard-1', grant: { family: 'ipv4', prefixListId: CLOUDFRONT_V4, fromPort: 443, toPort: 443 } },
  ],
  ...PARSED_OPTIONS,
};

const STARTED = { startedBy: 'CONFIG', requireApproval: 'true' } as const;
const PARSED_STARTED = { startedBy: 'CONFIG', requireApproval: true } as const;

const REQUESTS = {
  plan: { mode: 'plan', ...RUN, ...OPTIONS, ...STARTED },
  rollback: { mode: 'rollback', ...GROUP, recordId: 'run-1', phase: 'rules' },
  guard: { mode: 'guard', ...RUN, fingerprint: 'a.b', ...OPTIONS, ...STARTED },
  verifyAuthorized: { mode: 'verifyAuthorized', ...OF_PLAN },
  swapTargets: { mode: 'swapTargets', phase: 'find', ...OF_PLAN },
  verify: { mode: 'verify', ...OF_PLAN },
} as const;

it.each([
  [REQUESTS.plan, { ...REQUESTS.plan, ...PARSED_OPTIONS, ...PARSED_STARTED }],
  [REQUESTS.rollback, REQUESTS.rollback],
  [REQUESTS.guard, { ...REQUESTS.guard, ...PARSED_OPTIONS, ...PARSED_STARTED }],
  [REQUESTS.verifyAuthorized, { mode: 'verifyAuthorized', ...PARSED_OF_PLAN }],
  [REQUESTS.swapTargets, { mode: 'swapTargets', phase: 'find', ...PARSED_OF_PLAN }],
  [REQUESTS.verify, { mode: 'verify', ...PARSED_OF_PLAN }],
])('a question of mode $mode is read', (request, parsed) => {
  expect(parsePlannerRequest(request)).toEqual(parsed);
});

it('a rollback begins with the plan', () => {
  expect(parsePlannerRequest({ mode: 'rollback', ...GROUP, recordId: 'run-1' })).toMatchObject({ phase: 'plan' });
});

it('nothing is opted in to unless the request says so', () => {
  const none = { allowSplit: false, allowSwap: false, revokePrivateSources: false, revokeSecurityGroupSources: false };
  const parsed = parsePlannerRequest({ mode: 'plan', ...RUN });
  expect(parsed).toEqual({ mode: 'plan', ...RUN, ...none, startedBy: 'PERSON', requireApproval: false });
});

it('empty texts are empty lists, no load balancer is none, and a list may be one already', () => {
  const empty = { requiredPorts: '', grants: '', revokeRuleIds: '', loadBalancerArn: '', dedicated: ' ' };
  expect(
    parsePlannerRequest({ ...REQUESTS.verify, ...empty, originalSecurityGroups: ['sg-0web', 'sg-0b'] }),
  ).toMatchObject({
    requiredPorts: [],
    grants: [],
    revokeRuleIds: [],
    loadBalancerArn: null,
    dedicated: [],
    originalSecurityGroups: ['sg-0web', 'sg-0b'],
  });
});

function problemOf(event: unknown): string {
  try {
    parsePlannerRequest(event);
  } catch (error) {
    if (error instanceof OriginGuardError) return error.message;
  }
  return 'it is taken';
}

describe('a field that is missing is named', () => {
  const optional: readonly string[] = Object.keys({ ...OPTIONS, ...STARTED });
  const fields = Object.values(REQUESTS).flatMap((request) =>
    Object.keys(request)
      .filter((field) => !optional.includes(field) && !(request.mode === 'rollback' && field === 'phase'))
      .map((field) => [request.mode, field, request] as const),
  );

  it.each(fields)('%s without %s', (_, field, request) => {
    const { [field as 'mode']: _gone, ...rest } = request;
    expect(problemOf(rest)).toMatch(`E1013: the planner's request: ${field} is missing`);
  });
});

describe('a field that is wrong is named, with what it holds', () => {
  it.each<readonly [keyof typeof REQUESTS, string, unknown, RegExp]>([
    ['plan', 'mode', 'apply', /mode is "apply"; allowed: plan, rollback, guard, verifyAuthorized, swapTargets, verify/],
    ['plan', 'securityGroupId', 'i-0abc', /securityGroupId is "i-0abc"; expected a security group id such as/],
    ['plan', 'executionId', '../other', /executionId is "\.\.\/other"; expected the id of an automation execution/],
    ['plan', 'allowSplit', 'yes', /allowSplit is "yes"; allowed: true or false/],
    ['plan', 'allowSwap', 1, /allowSwap is 1; allowed: true or false/],
    ['plan', 'revokePrivateSources', '', /revokePrivateSources is ""; allowed/],
    ['plan', 'revokeSecurityGroupSources', null, /revokeSecurityGroupSources is null; allowed/],
    ['rollback', 'recordId', 'a/b', /recordId is "a\/b"; expected the id/],
    ['rollback', 'phase', 'find', /phase is "find"/],
    ['guard', 'fingerprint', '', /fingerprint is ""/],
    ['swapTargets', 'phase', 'now', /phase is "now"/],
    ['verify', 'decision', 'NOOP', /decision is "NOOP"/],
    ['verify', 'requiredPorts', 'ipv5/80', /requiredPorts\.0 is "ipv5\/80"; expected ipv4\/PORT or ipv6\/PORT/],
    ['verify', 'requiredPorts', 'ipv4/80/1', /requiredPorts\.0 is/],
    ['verify', 'requiredPorts', 'ipv4', /requiredPorts\.0 is/],
    ['verify', 'grants', 'ipv4:pl-0a', /grants\.0 is "ipv4:pl-0a"; expected FAMILY:PREFIX_LIST_ID:FROM-TO/],
    ['verify', 'grants', 'ipv4:pl-0a:1-2:3', /grants\.0 is/],
    ['verify', 'grants', 'ipv4:sg-0a:1-2', /grants\.0 is/],
    ['verify', 'grants', 'v4:pl-0a:1-2', /grants\.0 is/],
    ['verify', 'revokeRuleIds', 'sgr-0a,sg-0b', /revokeRuleIds\.1 is "sg-0b"; expected a security group rule id/],
    ['verify', 'loadBalancerArn', 'web', /loadBalancerArn is "web"/],
    ['verify', 'originalSecurityGroups', 'web', /originalSecurityGroups\.0 is "web"/],
    ['verify', 'dedicated', 'ipv4:pl-0a:1-2', /dedicated\.0 is .*; expected NAME=FAMILY:PREFIX_LIST_ID:FROM-TO/],
    ['verify', 'dedicated', '=ipv4:pl-0a:1-2', /dedicated\.0 is/],
    ['verify', 'dedicated', 'a=ipv4:pl-0a:1-2=b', /dedicated\.0 is/],
    ['verify', 'dedicated', 7, /dedicated is 7/],
  ])('%s: %s is %j', (mode, field, value, problem) => {
    expect(problemOf({ ...REQUESTS[mode], [field]: value })).toMatch(problem);
  });

  it.each([[undefined], [null], ['plan'], [[]]])('an event that is no object: %j', (event) => {
    expect(problemOf(event)).toMatch(/^E1013: the planner's request: /);
  });

  it('a long value is cut', () => {
    expect(problemOf({ ...REQUESTS.plan, securityGroupId: 'x'.repeat(1_000) }).length).toBeLessThan(300);
  });
});
