import type { Pluggable } from '@aws-sdk/types';
import pLimit from 'p-limit';

/**
 * Lets only so many calls of one client run beside each other; the others wait for their turn.
 *
 * @remarks Left to the connection pool, calls would wait there with the clocks of their time-outs running: forty
 * batches of tags would fail for no fault of AWS.
 */
export const takeTurns = (atOnce: number): Pluggable<object, object> => {
  const turn = pLimit(atOnce);
  return {
    applyToStack: (stack) => {
      stack.add((next) => (args) => turn(() => next(args)), {
        step: 'initialize',
        priority: 'low',
        name: 'originGuardTakeTurns',
        override: true,
      });
    },
  };
};
