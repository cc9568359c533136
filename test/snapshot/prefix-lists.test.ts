import {
  ACCOUNT,
  compliantFiles,
  evaluationOf,
  filesWith,
  permission,
  prefixList,
  scan,
  verdictOn,
} from '../support/saved-files.js';

const CUSTOMER_LIST = 'pl-0cafe1234';
const citing = (id: string) => permission({ PrefixListIds: [{ PrefixListId: id }] });

describe('PrefixLists and Entries', () => {
  const customer = prefixList({ PrefixListId: CUSTOMER_LIST, PrefixListName: 'office', OwnerId: ACCOUNT });
  const files = filesWith([citing(CUSTOMER_LIST)], { 'lists.json': { PrefixLists: [prefixList(), customer] } });
  const entries = { Entries: [{ Cidr: '198.51.100.0/25' }, { Cidr: '198.51.100.128/25', Description: 'b' }] };
  const allow = ['--param', 'allowedCidrs=198.51.100.0/24'];

  test('a customer list is a finding where nothing is allowed, without its entries', async () => {
    expect(await verdictOn(files)).toBe('NON_COMPLIANT other-prefix-list');
  });

  test('a customer list whose entries were not seen is a gap where something is allowed', async () => {
    expect(await verdictOn(files, ...allow)).toBe('INDETERMINATE not-seen');
  });

  test.each([`entries-${CUSTOMER_LIST}.json`, `${CUSTOMER_LIST}.json`, `x/get-${CUSTOMER_LIST}-1.json`])(
    'entries belong to the list in the name of the file %s',
    async (name) => {
      expect(await verdictOn({ ...files, [name]: entries }, ...allow)).toBe('COMPLIANT');
    },
  );

  test('one entry outside of what is allowed makes the list a finding', async () => {
    const more = {
      [`${CUSTOMER_LIST}-1.json`]: entries,
      [`${CUSTOMER_LIST}-2.json`]: { Entries: [{ Cidr: '0.0.0.0/0' }] },
    };
    expect(await verdictOn({ ...files, ...more }, ...allow)).toBe('NON_COMPLIANT other-prefix-list');
  });

  test('entries of which more follow are a gap', async () => {
    const page = { ...entries, NextToken: 'abc' };
    expect(await verdictOn({ ...files, [`${CUSTOMER_LIST}.json`]: page }, ...allow)).toBe('INDETERMINATE incomplete');
  });

  test('entries in two pages are whole', async () => {
    const pages = {
      [`1-${CUSTOMER_LIST}.json`]: { ...entries, NextToken: 'abc' },
      [`2-${CUSTOMER_LIST}.json`]: entries,
    };
    expect(await verdictOn({ ...files, ...pages }, ...allow)).toBe('COMPLIANT');
  });

  test('a list without entries admits nobody', async () => {
    expect(await verdictOn({ ...files, [`${CUSTOMER_LIST}.json`]: { Entries: [] } }, ...allow)).toBe('COMPLIANT');
  });

  test('entries in a file whose name holds no list are refused', async () => {
    const ran = await scan({ ...files, 'entries.json': entries });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/entries\.json: Entries: .* name the file like pl-0abc1234\.json\n$/);
  });

  test.each([
    ["another of AWS's lists", { PrefixListName: 'com.amazonaws.us-east-1.s3' }, 'NON_COMPLIANT other-prefix-list'],
    ["a customer's list with the name of AWS's", { OwnerId: ACCOUNT }, 'NON_COMPLIANT lookalike-prefix-list'],
  ])('%s is a finding', async (_, overrides, expected) => {
    const list = prefixList({ PrefixListId: CUSTOMER_LIST, ...overrides });
    expect(await verdictOn({ ...files, 'lists.json': { PrefixLists: [list] } })).toBe(expected);
  });

  test('describe-prefix-lists, which prints no owner, proves nothing', async () => {
    const { OwnerId: _, ...old } = prefixList();
    const ran = await scan(compliantFiles({ 'prefix-lists.json': { PrefixLists: [old] } }));
    expect(evaluationOf(ran)).toMatchObject({ verdict: 'INDETERMINATE', gaps: [{ cause: 'unresolved' }] });
    expect(evaluationOf(ran).because).toContain('save describe-managed-prefix-lists');
  });

  test('describe-managed-prefix-lists beside it supplies the owner', async () => {
    const { OwnerId: _, ...old } = prefixList();
    expect(await verdictOn(compliantFiles({ 'old-lists.json': { PrefixLists: [old] } }))).toBe('COMPLIANT');
  });

  test('a list that a customer claims too is not taken for that of AWS', async () => {
    const claimed = { PrefixLists: [prefixList({ OwnerId: ACCOUNT })] };
    expect(await verdictOn(compliantFiles({ 'a.json': claimed }))).toBe('NON_COMPLIANT lookalike-prefix-list');
    expect(await verdictOn(compliantFiles({ 'z.json': claimed }))).toBe('NON_COMPLIANT lookalike-prefix-list');
  });
});
