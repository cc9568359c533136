import { constants } from 'node:buffer';
import { JsonScanner } from './json-scanner.js';
import type { JsonHandler, JsonLimits } from './json-handler.js';

export { JsonSyntaxError, type JsonHandler, type JsonLimits, type MemberPlan } from './json-handler.js';

/**
 * Hands out the wanted elements and values of a JSON text, in file order, and answers with the shape of its top level.
 * Memory holds the largest element in progress, never the text.
 *
 * @remarks Strict at the top level and between elements: commas, colons, brackets, keys and bare words are checked, and
 * nothing may follow the top-level value. **Inside** an element or a member value only strings (with their escapes) and
 * the matching of brackets are followed. That is by design: most bytes are skipped, and following them is all it takes
 * to find the end. So what is handed out has its true bounds, but only the receiver's `JSON.parse` tells whether it is
 * JSON; damage inside what is skipped goes unseen unless it upsets strings or brackets. An object that names
 * "resourceType" twice at its top level is refused, because the two could answer `wants` differently.
 *
 * @example
 * ```ts
 * const groups: unknown[] = [];
 * await readJsonElements(openBytes('snapshot.json.gz'), {
 *   plan: (key) => (key === 'configurationItems' ? 'elements' : 'skip'),
 *   wants: (_key, resourceType) => resourceType === 'AWS::EC2::SecurityGroup',
 *   element: (_key, _index, json) => groups.push(JSON.parse(json.toString())),
 *   value: () => {},
 * });
 * ```
 */
export async function readJsonElements(
  chunks: AsyncIterable<Buffer>,
  handler: JsonHandler,
  { maxBytes = constants.MAX_STRING_LENGTH }: JsonLimits = {},
): Promise<'object' | 'array'> {
  const scanner = new JsonScanner(handler, maxBytes);
  for await (const chunk of chunks) scanner.push(chunk);
  return scanner.end();
}
