import type { ItemParts } from '../../core/reporting.js';

/** Every text of an item, and of what changed of it, that may be the id of another resource. */
export const mentionsOf = ({ configuration, relationships }: ItemParts, diff?: unknown): ReadonlySet<string> =>
  textsIn([configuration, relationships, diff]);

/**
 * Every text in a value of JSON, however deep it lies; keys are none.
 *
 * @remarks A list of what is left to look at instead of recursion: how deep an item is nested is not ours to choose.
 */
function textsIn(value: unknown): ReadonlySet<string> {
  const texts = new Set<string>();
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string') texts.add(next);
    else if (next !== null && typeof next === 'object') for (const each of Object.values(next)) left.push(each);
  }
  return texts;
}
