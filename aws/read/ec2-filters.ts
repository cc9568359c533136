import type { Filter } from '@aws-sdk/client-ec2';
import { batchesOf } from './batches.js';

/**
 * How many values the filters of one call may have in all; EC2 answers more with `FilterLimitExceeded`.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
const VALUES_PER_CALL = 200;

/** The filter of each call that it takes to ask for all these values. */
export const filtersOf = (name: string, values: readonly string[]): readonly (readonly Filter[])[] =>
  batchesOf(values, VALUES_PER_CALL).map((batch) => [{ Name: name, Values: [...batch] }]);
