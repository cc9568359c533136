import pLimit from 'p-limit';
import { startBudget } from '../../../aws/budget.js';
import { batchesOf, readAllPages } from '../../../aws/read/batches.js';
import { readItem } from '../../../aws/read/items.js';
import { listOf, readOne, readPages, type Question } from '../../../aws/read/pages.js';
import { known } from '../../../core/fact.js';
import { SecurityGroupItem } from '../../../wire/ec2.js';
import { ACCOUNT, REGION } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

interface Page {
  readonly things?: readonly string[];
  readonly token?: string | null;
}

/** Asks for pages that are given by their token; an error among them is raised. */
function things(
  pages: Readonly<Record<string, Page | Error>>,
  overrides: Partial<Question<Page>> = {},
): Question<Page> & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    fact: 'things',
    what: 'things',
    action: 'x:ListThings',
    command: 'list-things',
    page: (token = 'first') => {
      asked.push(token);
      const page = pages[token];
      if (page === undefined || page instanceof Error) return Promise.reject(page ?? new RangeError(token));
      return Promise.resolve(page);
    },
    next: ({ token }) => token,
    ...overrides,
    asked,
  };
}

const FIRST = { things: ['a'], token: 'second' };
const SECOND = { things: ['b'], token: 'third' };
const THIRD = { things: ['c'] };
const DENIED_GAP = {
  fact: 'things',
  cause: 'access-denied',
  detail: `reading things of account ${ACCOUNT} in ${REGION} was denied; allow x:ListThings`,
};

describe('readPages', () => {
  test('reads on until no page follows', async () => {
    const question = things({ first: FIRST, second: SECOND, third: THIRD });
    await expect(readPages(testSession(), question)).resolves.toEqual(known([FIRST, SECOND, THIRD]));
    expect(question.asked).toEqual(['first', 'second', 'third']);
  });

  test.each([[undefined], [null], ['']])('takes the token %p for the end', async (token) => {
    await expect(readPages(testSession(), things({ first: { token } as Page }))).resolves.toEqual(known([{ token }]));
  });

  test('a token that comes twice is an error, not an endless loop', async () => {
    const question = things({ first: FIRST, second: { token: 'third' }, third: { token: 'second' } });
    await expect(readPages(testSession(), question)).rejects.toMatchObject({
      code: 'E2006',
      detail: 'reading things: AWS gave the same page token twice',
    });
    expect(question.asked).toHaveLength(3);
  });

  test('a first page that is denied is a gap', async () => {
    const question = things({ first: awsError('UnauthorizedOperation') });
    await expect(readPages(testSession(), question)).resolves.toEqual({ known: false, gap: DENIED_GAP });
  });

  test('a later page that is denied is a gap, and the pages before it count for nothing', async () => {
    const question = things({ first: FIRST, second: awsError('AccessDenied') });
    await expect(readPages(testSession(), question)).resolves.toEqual({ known: false, gap: DENIED_GAP });
  });

  test.each([
    ['RequestLimitExceeded', 'E2001'],
    ['BrokenAnswerError', 'E2006'],
    ['ExpiredToken', 'E2007'],
  ])('a later page that fails by %s is %s, and no page is returned', async (name, code) => {
    const question = things({ first: FIRST, second: awsError(name, 'words of AWS') });
    await expect(readPages(testSession(), question)).rejects.toMatchObject({
      code,
      detail: `reading things of account ${ACCOUNT} in ${REGION} failed: ${name}: words of AWS`,
    });
  });

  test('a page that does not come in time is E2005', async () => {
    const question = things({}, { page: () => new Promise<never>(() => {}) });
    await expect(readPages(testSession({ budget: startBudget(10) }), question)).rejects.toMatchObject({
      code: 'E2005',
      detail: expect.stringContaining(`while reading things of account ${ACCOUNT} in ${REGION}`),
    });
  });

  test('hands the signal of the budget to the SDK', async () => {
    const session = testSession();
    const page = jest.fn().mockResolvedValue({});
    await readPages(session, things({}, { page }));
    expect(page).toHaveBeenCalledWith(undefined, { abortSignal: session.budget.signal });
  });

  test('records each page with where it came from', async () => {
    const session = testSession();
    await readPages(session, things({ first: FIRST, second: THIRD }, { about: 'pl-1' }));
    expect(session.seen).toEqual(
      [FIRST, THIRD].map((page) => ({
        accountId: ACCOUNT,
        region: REGION,
        command: 'list-things',
        about: 'pl-1',
        page,
      })),
    );
  });

  test('records what is not Regional without a Region', async () => {
    const session = testSession();
    await readPages(session, things({ first: THIRD }, { global: true }));
    expect(session.seen).toEqual([{ accountId: ACCOUNT, region: null, command: 'list-things', page: THIRD }]);
  });

  test('returns and records of a page only what is kept of it, and still finds the next one', async () => {
    const session = testSession();
    const trim = (page: Page): Page => ({ ...page, things: page.things!.filter((thing) => thing !== 'a') });
    const pages = await readPages(session, things({ first: FIRST, second: THIRD }, { trim }));
    expect(pages).toEqual(known([{ things: [], token: 'second' }, THIRD]));
    expect(session.seen.map(({ page }) => page)).toEqual([{ things: [], token: 'second' }, THIRD]);
  });

  test('asks when the session lets it, and counts the waiting against the budget', async () => {
    const limit = pLimit(1);
    const session = testSession({ limit, budget: startBudget(30) });
    const question = things({ first: THIRD });
    const free = limit(() => new Promise((resolve) => setTimeout(resolve, 60)));
    await expect(readPages(session, question)).rejects.toMatchObject({ code: 'E2005' });
    await free;
    await expect(readPages(testSession({ limit }), question)).resolves.toEqual(known([THIRD]));
  });
});

describe('readOne', () => {
  test('asks once, whatever follows', async () => {
    const question = things({ first: FIRST });
    await expect(readOne(testSession(), question)).resolves.toEqual(known(FIRST));
    expect(question.asked).toEqual(['first']);
  });

  test('a refusal is a gap', async () => {
    const question = things({ first: awsError('AccessDeniedException') });
    await expect(readOne(testSession(), question)).resolves.toEqual({ known: false, gap: DENIED_GAP });
  });
});

describe('readAllPages', () => {
  test('gives the pages of all questions, in their order', async () => {
    const questions = [things({ first: FIRST, second: THIRD }), things({ first: SECOND, third: THIRD })];
    await expect(readAllPages(testSession(), questions)).resolves.toEqual(known([FIRST, THIRD, SECOND, THIRD]));
  });

  test('no question has no pages', async () => {
    await expect(readAllPages(testSession(), [])).resolves.toEqual(known([]));
  });

  test('one question that is denied is a gap for all', async () => {
    const questions = [things({ first: THIRD }), things({ first: awsError('AccessDenied') })];
    await expect(readAllPages(testSession(), questions)).resolves.toEqual({ known: false, gap: DENIED_GAP });
  });

  test('one question that fails is an error for all', async () => {
    const questions = [things({ first: THIRD }), things({ first: awsError('InternalError') })];
    await expect(readAllPages(testSession(), questions)).rejects.toMatchObject({ code: 'E2001' });
  });
});

test.each([
  [[], []],
  [['a'], [['a']]],
  [['a', 'b'], [['a', 'b']]],
  [
    ['a', 'b', 'c'],
    [['a', 'b'], ['c']],
  ],
])('batchesOf(%j, 2) is %j', (items, batches) => {
  expect(batchesOf(items, 2)).toEqual(batches);
});

describe('listOf', () => {
  test('gives the list, an empty one too', () => {
    expect(listOf(['a'], 'Things')).toEqual(['a']);
    expect(listOf([], 'Things')).toEqual([]);
  });

  test.each([undefined, null])('%p is an answer that AWS does not give', (list) => {
    expect(() => listOf(list, 'Things')).toThrow('E2006: the answer has no Things');
  });
});

describe('readItem', () => {
  test('names what cannot be read, the field and what it expected', () => {
    expect(() => readItem(SecurityGroupItem, { GroupId: 7 }, 'security group 7')).toThrow(
      'E2006: security group 7: groupId: expected a security group id such as sg-0abc1234',
    );
  });

  test('an element that is no object has no field to name', () => {
    expect(() => readItem(SecurityGroupItem, 'sg-0web', 'a security group')).toThrow(/^E2006: a security group: \w/);
  });
});

describe.each(['AuthFailure', 'InvalidClientTokenId', 'UnrecognizedClientException'])(
  'a Region that says %s',
  (name) => {
    it('to credentials that are known to be good is one that is not enabled: a gap, told as denied', async () => {
      const denied: unknown[] = [];
      const session = testSession({ areCredentialsProven: true, onDenied: (item) => denied.push(item) });
      expect(await readPages(session, things({ first: awsError(name) }))).toMatchObject({
        known: false,
        gap: { cause: 'access-denied' },
      });
      expect(denied).toMatchObject([{ fact: 'things', accountId: ACCOUNT, region: REGION }]);
    });

    it('to credentials of which nothing is known refuses them', async () => {
      await expect(readPages(testSession(), things({ first: awsError(name) }))).rejects.toMatchObject({
        code: 'E2007',
      });
    });
  },
);
