import { breachText, renderTable, sharesOf, tryLaws, type Census } from '../../scripts/laws.js';

const census = (overrides: Partial<Census>): Census => ({
  first: 0,
  count: 2,
  plays: 7,
  endings: { EDIT: 2 },
  found: [],
  ...overrides,
});

it('cuts the seeds into shares, of which the last takes what is left', () => {
  expect(sharesOf(5, 5, 2)).toEqual([
    { first: 5, count: 2 },
    { first: 7, count: 2 },
    { first: 9, count: 1 },
  ]);
});

it('adds up what came of the shares', () => {
  const table = renderTable([census({}), census({ first: 2, endings: { SWAP: 1, EDIT: 1 } })], 3);
  expect(table).toBe(
    '4 worlds, 14 plays, 0 breaches, 3 s\n\n| ending | worlds |\n|---|---|\n| EDIT | 3 |\n| SWAP | 1 |',
  );
});

it('says how to see a breach again', () => {
  expect(breachText({ law: 2, seed: 17, how: 'crash after Revoke', what: 'CloudFront lost web ipv4/443' })).toBe(
    'BREACH of law 2, crash after Revoke: CloudFront lost web ipv4/443; to repeat: npm run laws -- 1 17',
  );
});

it.each([['none'], ['0'], ['1.5'], ['10', '-1']])('refuses to run on %s %s', async (...args) => {
  const complaint = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(await tryLaws(args)).toBe(2);
  expect(complaint).toHaveBeenCalledWith(
    `npm run laws: ${args.join(' ')} is not valid; allowed: [WORLDS [FIRST_SEED]]`,
  );
  complaint.mockRestore();
});
