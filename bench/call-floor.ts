/** What a sweep of one Region finds there, as far as it decides how many pages there are to read. */
export interface SweepSize {
  readonly loadBalancers: number;
  readonly distributions: number;
  /** The Application Load Balancers that no distribution names: only a tag can tell that they are fronted. */
  readonly unlinked: number;
  /** The groups of load balancers with a path. */
  readonly inScope: number;
  /** The groups that their rules cite and that are not in scope themselves. */
  readonly cited: number;
  readonly prefixLists: number;
  /** The results that AWS Config holds of the rule. */
  readonly held: number;
  /** The findings that Security Hub holds of the rule. */
  readonly findings: number;
}

/** How much one call answers at most, and how many resources it may ask about. Source: the API reference of each. */
const PER_CALL = {
  DescribeLoadBalancers: 400,
  ListDistributions: 100,
  DescribeTags: 20,
  DescribeSecurityGroups: 200,
  DescribeSecurityGroupRules: 200,
  DescribeManagedPrefixLists: 100,
  GetComplianceDetailsByConfigRule: 100,
  GetFindings: 100,
} as const;

export type ReadOperation = keyof typeof PER_CALL;

/**
 * The fewest calls with which a sweep can read what it must, by operation.
 *
 * @remarks A list that is empty takes a call too: only its answer tells. Groups in scope are asked about by id, since
 * all 5,000 of an account would be more pages. On AWS a batch of groups with more than 1,000 rules has further pages,
 * which the caller adds; moto answers it in one.
 */
export function sweepFloor(size: SweepSize): Readonly<Record<ReadOperation, number>> {
  const list = (operation: ReadOperation, count: number): number => Math.max(1, about(operation, count));
  return {
    DescribeLoadBalancers: list('DescribeLoadBalancers', size.loadBalancers),
    ListDistributions: list('ListDistributions', size.distributions),
    DescribeTags: about('DescribeTags', size.unlinked),
    DescribeSecurityGroups: about('DescribeSecurityGroups', size.inScope + size.cited),
    DescribeSecurityGroupRules: about('DescribeSecurityGroupRules', size.inScope),
    DescribeManagedPrefixLists: size.inScope === 0 ? 0 : list('DescribeManagedPrefixLists', size.prefixLists),
    GetComplianceDetailsByConfigRule: list('GetComplianceDetailsByConfigRule', size.held),
    GetFindings: list('GetFindings', size.findings),
  };
}

const about = (operation: ReadOperation, count: number): number => Math.ceil(count / PER_CALL[operation]);

/** The calls that tell somebody something; every other call reads. */
const REPORTS: ReadonlySet<string> = new Set(['PutEvaluations', 'BatchImportFindings']);

export type Calls = Readonly<Record<string, number>>;

/** The calls that read, and those that report. */
export function splitCalls(calls: Calls): { readonly reads: Calls; readonly reports: Calls } {
  const entries = Object.entries(calls);
  return {
    reads: Object.fromEntries(entries.filter(([operation]) => !REPORTS.has(operation))),
    reports: Object.fromEntries(entries.filter(([operation]) => REPORTS.has(operation))),
  };
}

export const totalOf = (calls: Calls): number => Object.values(calls).reduce((sum, count) => sum + count, 0);
