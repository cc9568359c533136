import type { Gap } from '../core/fact.js';

/** The gap where nothing was seen, or where a first page was. */
export const unseen = (fact: string, command: string, begun: boolean): Gap =>
  begun
    ? {
        fact,
        cause: 'incomplete',
        detail: `${fact} go on in a page that is not in the input; add all pages of ${command}`,
      }
    : notSeen(fact, command);

/** The gap where nothing was seen, and the command that supplies it. */
export const notSeen = (fact: string, command: string): Gap => ({
  fact,
  cause: 'not-seen',
  detail: `${fact} not seen; add the output of ${command}`,
});
