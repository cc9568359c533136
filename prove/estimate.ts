/** What an experiment uses at most. */
export interface Estimate {
  /** Steps of automation executions. */
  readonly automationSteps: number;
  /** Results of AWS Config rules, and calls of their functions. */
  readonly evaluations: number;
  /** Configuration items, in an account where a recorder records everything. */
  readonly configItems: number;
}

/**
 * Prices in US dollars without any free tier, rounded up.
 *
 * Sources: https://aws.amazon.com/config/pricing/ and https://aws.amazon.com/systems-manager/pricing/
 */
const PRICES: Readonly<Record<keyof Estimate, number>> = {
  automationSteps: 0.002,
  evaluations: 0.001,
  configItems: 0.003,
};

/** The most that a run may be estimated to cost, in US dollars. */
export const MOST_DOLLARS = 1;

export const dollarsOf = (estimate: Estimate): number =>
  (Object.keys(PRICES) as (keyof Estimate)[]).reduce((sum, unit) => sum + estimate[unit] * PRICES[unit], 0);

export const totalDollars = (estimates: readonly Estimate[]): number =>
  estimates.reduce((sum, estimate) => sum + dollarsOf(estimate), 0);

/** An amount with two decimals, rounded up: an estimate is never shown as less than it is. */
export const inDollars = (amount: number): string =>
  `$${(Math.ceil(Math.round(amount * 100_000) / 1_000) / 100).toFixed(2)}`;
