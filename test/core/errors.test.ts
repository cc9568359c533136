import { ERRORS, OriginGuardError } from '../../core/errors.js';

it('an error carries its code, its cause and the words for people', () => {
  const cause = new Error('disk full');
  const error = new OriginGuardError('E1009', 'cannot write out.json', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('OriginGuardError');
  expect(error.message).toBe('E1009: cannot write out.json');
  expect(error.detail).toBe('cannot write out.json');
  expect(error.code).toBe('E1009');
  expect(error.cause).toBe(cause);
});

it.each(Object.entries(ERRORS))('%s: the first digit names the source, and the words are for people', (code, entry) => {
  const sources: Readonly<Record<string, string>> = { '1': 'input', '2': 'aws', '9': 'internal' };
  expect(code).toMatch(/^E[129]\d{3}$/);
  expect(entry.source).toBe(sources[code.charAt(1)]);
  expect(entry.retryable).toBe(code.startsWith('E2'));
  expect(entry.summary).toMatch(/^[A-Z].*[^.]$/);
  expect(entry.remedy).toMatch(/^\S.*\.$/);
});

it.each(Object.keys(ERRORS) as (keyof typeof ERRORS)[])('%s: an error knows what its entry says', (code) => {
  const error = new OriginGuardError(code, 'x');
  expect(error.source).toBe(ERRORS[code].source);
  expect(error.retryable).toBe(ERRORS[code].retryable);
});
