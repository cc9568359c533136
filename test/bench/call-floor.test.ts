import { splitCalls, sweepFloor, totalOf, type SweepSize } from '../../bench/call-floor.js';

const size = (over: Partial<SweepSize> = {}): SweepSize => ({
  loadBalancers: 0,
  distributions: 0,
  unlinked: 0,
  inScope: 0,
  cited: 0,
  prefixLists: 0,
  held: 0,
  findings: 0,
  ...over,
});

describe('the floor of a sweep', () => {
  it('asks four lists of an empty account, since only an answer tells that they are empty', () => {
    expect(totalOf(sweepFloor(size()))).toBe(4);
  });

  it('asks for no tags where every load balancer is linked, and for no rules where no group is in scope', () => {
    const floor = sweepFloor(size({ loadBalancers: 400, distributions: 100 }));
    expect(floor).toMatchObject({ DescribeTags: 0, DescribeSecurityGroupRules: 0, DescribeManagedPrefixLists: 0 });
  });

  it.each([
    ['loadBalancers', 'DescribeLoadBalancers', 400],
    ['distributions', 'ListDistributions', 100],
    ['unlinked', 'DescribeTags', 20],
    ['inScope', 'DescribeSecurityGroupRules', 200],
    ['inScope', 'DescribeSecurityGroups', 200],
    ['held', 'GetComplianceDetailsByConfigRule', 100],
    ['findings', 'GetFindings', 100],
  ] as const)('takes one more call when %s no longer fit one %s', (what, operation, perCall) => {
    expect(sweepFloor(size({ [what]: perCall }))[operation]).toBe(1);
    expect(sweepFloor(size({ [what]: perCall + 1 }))[operation]).toBe(2);
  });

  it('counts what the rules cite with the groups in scope', () => {
    expect(sweepFloor(size({ inScope: 200, cited: 1 }))).toMatchObject({
      DescribeSecurityGroups: 2,
      DescribeSecurityGroupRules: 1,
    });
  });

  it('counts the world of the benchmark', () => {
    const world = { loadBalancers: 400, distributions: 200, unlinked: 200, inScope: 600, cited: 1, prefixLists: 3 };
    expect(totalOf(sweepFloor(size(world)))).toBe(1 + 2 + 10 + 4 + 3 + 1 + 1 + 1);
  });
});

it('tells reads from reports', () => {
  const calls = { BatchImportFindings: 2, DescribeTags: 3, PutEvaluations: 1, GetFindings: 1 };
  expect(splitCalls(calls)).toEqual({
    reads: { DescribeTags: 3, GetFindings: 1 },
    reports: { BatchImportFindings: 2, PutEvaluations: 1 },
  });
});
