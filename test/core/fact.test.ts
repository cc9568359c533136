import fc from 'fast-check';
import { byGap, compareText, known, missing, uniqueGaps, type Gap } from '../../core/fact.js';
import { gap } from '../support/builders.js';
import { propertyRuns } from '../support/property-runs.js';

it('a fact is a value or the reason why there is none', () => {
  expect(known([])).toEqual({ known: true, value: [] });
  expect(missing(gap('rules'))).toEqual({ known: false, gap: gap('rules') });
});

it.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['B', 'a', -1],
  ['sg-10', 'sg-9', -1],
  ['é', 'z', 1],
])('%s against %s by code unit: %d', (a, b, expected) => expect(compareText(a, b)).toBe(expected));

describe('gaps', () => {
  const a: Gap = { fact: 'a', cause: 'access-denied', detail: 'x' };
  const ordered: readonly Gap[] = [
    a,
    { ...a, detail: 'y' },
    { ...a, cause: 'not-seen' },
    { ...a, fact: 'a b' },
    { ...a, fact: 'b' },
  ];

  it('by fact, then cause, then detail', () => {
    expect([...ordered].reverse().sort(byGap)).toEqual(ordered);
    expect(byGap(a, { ...a })).toBe(0);
  });

  it('each once, in the same order whatever the order of reading', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ordered)), (some) => {
        expect(uniqueGaps(some.map((each) => ({ ...each })))).toEqual(ordered.filter((each) => some.includes(each)));
      }),
      { numRuns: propertyRuns() },
    );
  });
});
