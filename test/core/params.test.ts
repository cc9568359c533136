import { z } from 'zod';
import { OriginGuardError } from '../../core/errors.js';
import { flag, list, mapParam, oneOf, parseParams, text, type ParamSet } from '../../core/params.js';

function problem(set: ParamSet, given: Readonly<Record<string, unknown>>): string {
  try {
    parseParams(set, given);
  } catch (error) {
    if (error instanceof OriginGuardError) return error.message;
    throw error;
  }
  return 'no problem';
}

const set = {
  mode: oneOf(['fast', 'slow'], 'slow', 'How fast.'),
  loud: flag(false, 'How loud.'),
  quiet: flag(true, 'How quiet.'),
  name: text(z.string().min(1, { error: 'is empty' }), 'any text', 'nobody', 'Whose it is.'),
  sizes: mapParam(list(z.string().regex(/^\d$/, { error: 'is no digit' }), 'digits', 'How large.'), (digits) =>
    digits.map(Number),
  ),
};

it('nothing given: every fallback is read', () => {
  expect(parseParams(set, {})).toEqual({ mode: 'slow', loud: false, quiet: true, name: 'nobody', sizes: [] });
});

it('undefined counts as not given', () => expect(parseParams(set, { mode: undefined }).mode).toBe('slow'));

it.each([
  [{ mode: 'fast' }, { mode: 'fast' }],
  [{ loud: 'true' }, { loud: true }],
  [{ loud: true }, { loud: true }],
  [{ quiet: false }, { quiet: false }],
  [{ name: 'a, b' }, { name: 'a, b' }],
  [{ name: 12 }, { name: '12' }],
  [{ name: ['a', 'b'] }, { name: 'a,b' }],
  [{ sizes: '1' }, { sizes: [1] }],
  [{ sizes: ' 1 ,2,3 ' }, { sizes: [1, 2, 3] }],
  [{ sizes: 'none' }, { sizes: [] }],
  [{ sizes: [] }, { sizes: [] }],
  [{ sizes: ['1', '2'] }, { sizes: [1, 2] }],
  [{ sizes: 5 }, { sizes: [5] }],
])('%j is read', (given, expected) => expect(parseParams(set, given)).toMatchObject(expected));

it.each([
  [{ mode: 'medium' }, 'E1002: parameter mode is "medium" (is none of the words); allowed: fast or slow'],
  [{ mode: '' }, 'E1002: parameter mode is "" (is none of the words); allowed: fast or slow'],
  [{ loud: 'yes' }, 'E1002: parameter loud is "yes" (is none of the words); allowed: true or false'],
  [{ name: '' }, 'E1002: parameter name is "" (is empty); allowed: any text'],
  [
    { sizes: '1,x,y' },
    'E1002: parameter sizes is "1,x,y" ("x": is no digit); allowed: digits, with commas between, or none',
  ],
  [
    { sizes: '1,,2' },
    'E1002: parameter sizes is "1,,2" ("": is no digit); allowed: digits, with commas between, or none',
  ],
  [{ sizes: null }, 'E1002: parameter sizes is null; allowed: digits, with commas between, or none'],
  [{ sizes: ['1', 2] }, 'E1002: parameter sizes is ["1",2]; allowed: digits, with commas between, or none'],
  [{ mode: {} }, 'E1002: parameter mode is {}; allowed: fast or slow'],
  [{ size: '1' }, 'E1002: unknown parameter size; allowed: loud, mode, name, quiet, sizes'],
  [{ toString: '1' }, 'E1002: unknown parameter toString; allowed: loud, mode, name, quiet, sizes'],
])('%j is refused', (given, message) => expect(problem(set, given)).toBe(message));

it('a schema without words still says that a value is not valid', () => {
  const mute: z.ZodType<string, string> = z.string().refine(() => false, { error: () => '' });
  expect(problem({ name: text(mute, 'nothing', 'x', '') }, {})).toMatch(/^E1002: parameter name is "x"/);
});

it('a parameter says what it means, what is allowed and what its fallback is', () => {
  expect(set.mode).toMatchObject({ summary: 'How fast.', allowed: 'fast or slow', fallback: 'slow' });
  expect(set.loud).toMatchObject({ summary: 'How loud.', allowed: 'true or false', fallback: 'false' });
  expect(set.quiet).toMatchObject({ fallback: 'true' });
  expect(set.name).toMatchObject({ summary: 'Whose it is.', allowed: 'any text', fallback: 'nobody' });
  expect(set.sizes).toMatchObject({
    summary: 'How large.',
    allowed: 'digits, with commas between, or none',
    fallback: 'none',
  });
});
