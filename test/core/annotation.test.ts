import fc from 'fast-check';
import { ANNOTATION_LIMIT, clip, joinWithin, reasonLines } from '../../core/annotation.js';
import { compliant, notApplicable } from '../../core/verdict.js';
import { gap } from '../support/builders.js';
import { propertyRuns } from '../support/property-runs.js';

const word = fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom('a', 'Z', '0', '-', '.', '/', ':') });
const sentence = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));
const limit = fc.integer({ min: 20, max: ANNOTATION_LIMIT });

describe('clip', () => {
  it.each([
    [11, 'hello world', 'hello world'],
    [10, 'hello world', 'hello …'],
    [8, 'hello world', 'hello …'],
    [7, 'hello world', 'hello …'],
    [6, 'hello world', '…'],
    [8, 'sg-0123456789abcdef0', '…'],
    [5, ' abcdef', '…'],
    [1, 'ab', '…'],
    [0, '', ''],
  ])('to %d: %s', (most, text, expected) => expect(clip(most, text)).toBe(expected));

  it('never longer than the limit, and never a part of a word', () => {
    fc.assert(
      fc.property(limit, sentence, (most, text) => {
        const clipped = clip(most, text);
        expect(clipped.length).toBeLessThanOrEqual(most);
        const kept = clipped.replace(/ ?…$/, '');
        expect(kept === '' || text === kept || text.startsWith(`${kept} `)).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('as much as fits: the next word would be too long', () => {
    fc.assert(
      fc.property(limit, sentence, (most, text) => {
        fc.pre(text.length > most);
        const kept = clip(most, text).replace(/ ?…$/, '').length;
        const next = text.indexOf(' ', kept + 1);
        expect(next === -1 || next + 2 > most).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('joinWithin', () => {
  it('AWS Config accepts 256 characters', () => expect(ANNOTATION_LIMIT).toBe(256));

  it.each([
    [20, [], ''],
    [20, ['one'], 'one'],
    [20, ['one', 'two'], 'one; two'],
    [8, ['one', 'two'], 'one; two'],
    [19, ['one', 'two', 'three', 'four'], 'one; and 3 more'],
    [20, ['one', 'two', 'three', 'four'], 'one; two; and 2 more'],
    [21, ['one', 'two', 'three', 'four'], 'one; two; three; four'],
    [17, ['a sentence of words', 'two'], 'a …; and 1 more'],
    [19, ['a sentence of words', 'two', 'three'], 'a …; and 2 more'],
    [12, ['a sentence of words'], 'a sentence …'],
    [14, ['sg-0123456789abcdef0', 'two'], '…; and 1 more'],
  ])('to %d: %j', (most, parts, expected) => expect(joinWithin(most, parts)).toBe(expected));

  it('never longer than the limit, and every part is shown or counted', () => {
    fc.assert(
      fc.property(limit, fc.array(sentence, { minLength: 1, maxLength: 20 }), (most, parts) => {
        const joined = joinWithin(most, parts);
        expect(joined.length).toBeLessThanOrEqual(most);
        const counted = /^(.*); and (\d+) more$/.exec(joined);
        const rest = Number(counted?.[2] ?? 0);
        const shown = parts.slice(0, parts.length - rest).join('; ');
        const kept = (counted?.[1] ?? joined).replace(/ ?…$/, '');
        expect(kept === '' || shown === kept || shown.startsWith(`${kept} `)).toBe(true);
        if (rest > 0 && parts.length - rest > 1) expect(kept).toBe(shown);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('as many parts as fit', () => {
    const parts = Array.from({ length: 40 }, (_, index) => `203.0.113.${String(index)}/32 on tcp 443 (public-cidr)`);
    const joined = joinWithin(ANNOTATION_LIMIT, parts);
    expect(joined).toBe(`${parts.slice(0, 5).join('; ')}; and 35 more`);
    expect(`${parts.slice(0, 6).join('; ')}; and 34 more`.length).toBeGreaterThan(ANNOTATION_LIMIT);
  });
});

describe('reasonLines', () => {
  const lines = (verdict: Parameters<typeof reasonLines<string>>[0]) =>
    reasonLines(verdict, (finding) => `found ${finding}`, 'all is well');

  it('compliant: what a pass means', () => expect(lines(compliant)).toEqual(['all is well']));

  it('not applicable: why not', () =>
    expect(lines(notApplicable('the group is deleted'))).toEqual(['the group is deleted']));

  it('non-compliant: every finding, then every gap', () => {
    const verdict = { kind: 'non-compliant', findings: ['a', 'b'], gaps: [gap('c'), gap('d')] } as const;
    expect(lines(verdict)).toEqual(['found a', 'found b', 'c cannot be read', 'd cannot be read']);
  });

  it('indeterminate: every gap', () => {
    expect(lines({ kind: 'indeterminate', gaps: [gap('c'), gap('d')] })).toEqual([
      'c cannot be read',
      'd cannot be read',
    ]);
  });
});
