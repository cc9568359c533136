/** What operators choose about plans. */
export interface PlanOptions {
  /** Whether a group may be made and attached when the rules do not fit the group that is fixed. */
  readonly allowSplit: boolean;
  /** Whether a load balancer may be moved to a group of its own when its group is shared. */
  readonly allowSwap: boolean;
  readonly revokePrivateSources: boolean;
  readonly revokeSecurityGroupSources: boolean;
  /** What becomes of a group that a template manages: fixed, with a warning, or refused. */
  readonly iacManaged: 'WARN' | 'REFUSE';
  /** Keys of tags by which the templates of this organization mark what they manage, whatever the tag says. */
  readonly iacTagKeys: readonly string[];
  /** Which ports share one rule: those beside each other, or all of them and what lies between. */
  readonly portMerge: 'ADJACENT' | 'RANGE';
  /** Whether a rule that names a prefix list counts against the quota of both address families, or of its own. */
  readonly quotaModel: 'both' | 'by-family';
}

/** The careful choice in everything. */
export const DEFAULT_OPTIONS: PlanOptions = {
  allowSplit: false,
  allowSwap: false,
  revokePrivateSources: false,
  revokeSecurityGroupSources: false,
  iacManaged: 'WARN',
  iacTagKeys: [],
  portMerge: 'ADJACENT',
  quotaModel: 'both',
};
