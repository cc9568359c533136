/** What runs of the fixer an account allows, the strictest first: none, approved ones, those a person starts, all. */
export const REMEDIATION_MODES = ['off', 'approved', 'manual', 'automatic'] as const;
export type RemediationMode = (typeof REMEDIATION_MODES)[number];

/** Who started a run: a person, or AWS Config by itself. */
export const STARTERS = ['PERSON', 'CONFIG'] as const;
export type Starter = (typeof STARTERS)[number];
