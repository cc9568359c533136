import { PLANTED, leaksIn, seen } from './planted-secrets.js';

// What keeps watch over the whole suite has to wake up itself.

test.each(Object.values(PLANTED))('%s is found in a text, whatever its case', (value) => {
  expect(leaksIn(`a line with "${value}" in it`)).toHaveLength(1);
  expect(leaksIn(JSON.stringify({ headers: [value.toUpperCase()] }))).toHaveLength(1);
});

test('a text with a planted value fails the test, and says who showed it', () => {
  expect(() => seen(`no value\n${PLANTED.sent}`, 'origin-guard scan')).toThrow(
    `origin-guard scan shows what stands for a secret: ${PLANTED.sent}`,
  );
  expect(seen('fingerprint 1234abcd', 'origin-guard scan')).toBe('fingerprint 1234abcd');
});

test.each([
  ['console.log', () => console.log('%s', PLANTED.recorded)],
  ['console.error', () => console.error({ value: PLANTED.recorded })],
  ['process.stdout', () => process.stdout.write(PLANTED.recorded)],
  ['process.stderr', () => process.stderr.write(Buffer.from(PLANTED.recorded))],
])('nor does %s print one', (name, print) => {
  expect(print).toThrow(`${name} shows what stands for a secret`);
});
