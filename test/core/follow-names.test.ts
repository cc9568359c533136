import * as fc from 'fast-check';
import { followName, joinLeads, lookupFailed, UNKNOWN, type Lead } from '../../core/follow-names.js';
import { propertyRuns } from '../support/property-runs.js';

const ELB = 'web-1234567890.us-east-1.elb.amazonaws.com';
const found = (
  names: readonly string[],
  addresses: readonly string[] = [],
  failures: readonly string[] = [],
): Lead => ({
  status: 'found',
  names,
  addresses,
  failures,
});
const GONE: Lead = { ...UNKNOWN, status: 'no-such-name' };

/** Follows `a` through a table, and tells what was looked up. */
async function follow(table: Readonly<Record<string, Lead>>, start = 'a') {
  const asked: string[] = [];
  const answer = await followName(
    start,
    (name) => {
      asked.push(name);
      return table[name] ?? UNKNOWN;
    },
    'nobody knows',
  );
  return { answer, asked };
}

const answered = (names: readonly string[], addresses: readonly string[], failure: string | null = null) => ({
  kind: 'answered',
  names,
  addresses,
  failure,
});

test.each<readonly [string, Readonly<Record<string, Lead>>, unknown]>([
  ['nobody has the name', {}, { kind: 'unanswered', why: 'nobody knows' }],
  ['the name does not exist', { a: GONE }, { kind: 'no-such-name' }],
  ['the name leads nowhere', { a: found([]) }, answered([], [])],
  ['addresses, each once and in order', { a: found([], ['2', '1', '2']) }, answered([], ['1', '2'])],
  ['a chain', { a: found(['c']), c: found(['b']), b: found([], ['1']) }, answered(['b', 'c'], ['1'])],
  [
    'every branch',
    { a: found(['b', 'c']), b: found([], ['1']), c: found([], ['2']) },
    answered(['b', 'c'], ['1', '2']),
  ],
  ['a circle', { a: found(['b']), b: found(['a', 'b']) }, answered(['b'], [])],
  ['a target that nobody has', { a: found(['b']) }, answered(['b'], [])],
  ['a target that does not exist', { a: found(['b']), b: GONE }, answered(['b'], [])],
  ['a failure beside addresses', { a: found([], ['1'], ['it failed']) }, answered([], ['1'], 'it failed')],
  ['a failure on the way', { a: found(['b']), b: found([], [], ['b failed']) }, answered(['b'], [], 'b failed')],
  ['the first of several failures', { a: found(['b'], [], ['z']), b: found([], [], ['y']) }, answered(['b'], [], 'y')],
  ['a failure beside a name that does not exist', { a: { ...GONE, failures: ['x'] } }, answered([], [], 'x')],
])('%s', async (_name, table, expected) => {
  expect((await follow(table)).answer).toEqual(expected);
});

test.each([ELB, 'bucket.s3.eu-west-1.amazonaws.com', 'site.s3-website-us-east-1.amazonaws.com'])(
  'a branch ends at %s, which is never looked up',
  async (name) => {
    const { answer, asked } = await follow({ a: found([name]), [name]: found(['further'], ['1']) });
    expect(answer).toEqual(answered([name], []));
    expect(asked).toEqual(['a']);
    expect((await follow({ [name]: found(['further']) }, name)).answer).toEqual({
      kind: 'unanswered',
      why: 'nobody knows',
    });
  },
);

test('a chain that its owner makes endless is a failure, and what was found on it counts', async () => {
  let asked = 0;
  const answer = await followName(
    'n0',
    () => {
      asked += 1;
      return found([`n${String(asked)}`]);
    },
    '',
  );
  expect(asked).toBe(51);
  expect(answer).toMatchObject({ kind: 'answered', failure: 'the lookup of n0 failed (no end after 50 names)' });
});

test('a chain of fifty names has an end', async () => {
  const table = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [at === 0 ? 'a' : `n${String(at)}`, found([`n${String(at + 1)}`])] as const),
  );
  const { answer } = await follow({ ...table, n50: found([], ['1']) });
  expect(answer).toMatchObject({ addresses: ['1'], failure: null });
});

test('a lookup that raises is raised', async () => {
  await expect(followName('a', () => Promise.reject(new RangeError('over')), '')).rejects.toThrow('over');
});

test('the answer does not depend on which lookup ends first', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const lead = fc.record({
    status: fc.constantFrom('found' as const, 'no-such-name' as const, 'unknown' as const),
    names: fc.array(fc.constantFrom(...names)),
    addresses: fc.array(fc.constantFrom('1', '2', '3')),
    failures: fc.array(fc.constantFrom('x', 'y')),
  });
  const table = fc.dictionary(fc.constantFrom(...names), lead);
  await fc.assert(
    fc.asyncProperty(table, fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }), async (leads, delays) => {
      const slowly = async (name: string): Promise<Lead> => {
        for (let turn = delays[names.indexOf(name)] ?? 0; turn > 0; turn -= 1) await Promise.resolve();
        return leads[name] ?? UNKNOWN;
      };
      const reversed = (name: string): Lead => {
        const own = leads[name] ?? UNKNOWN;
        return { ...own, names: [...own.names].reverse(), addresses: [...own.addresses].reverse() };
      };
      expect(await followName('a', slowly, '')).toEqual(await followName('a', reversed, ''));
    }),
    { numRuns: propertyRuns(100) },
  );
});

test('several looks are one: what any of them found counts', () => {
  expect(joinLeads([])).toEqual(UNKNOWN);
  expect(joinLeads([UNKNOWN, found(['b'], ['1'], ['x']), found(['c'], ['2'])])).toEqual(
    found(['b', 'c'], ['1', '2'], ['x']),
  );
  expect(joinLeads([found([]), GONE]).status).toBe('no-such-name');
});

test('a failed lookup names the name, and the reason where there is one', () => {
  expect(lookupFailed('a', 'ETIMEOUT')).toBe('the lookup of a failed (ETIMEOUT)');
  expect(lookupFailed('a', '')).toBe('the lookup of a failed');
});
