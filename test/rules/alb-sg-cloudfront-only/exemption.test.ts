import { known } from '../../../core/fact.js';
import { exemption, EXEMPT_UNTIL_TAG } from '../../../rules/alb-sg-cloudfront-only/exemption.js';
import { hidden } from '../../support/builders.js';

const KEY = 'origin-guard:exempt';
const NOW = '2026-07-01T12:00:00Z';

/** Why a group with these tags is exempt. */
const why = (tags: Readonly<Record<string, string>>, key = KEY, now = NOW): string | null =>
  exemption(known(tags), key, now);

/** Why a group is exempt whose exemption ends at a date. */
const until = (date: string, now = NOW): string | null => why({ [KEY]: 'reason', [EXEMPT_UNTIL_TAG]: date }, KEY, now);

describe('the reason', () => {
  it('a tag with a reason exempts', () => expect(why({ [KEY]: ' ours, JIRA-1 ' })).toBe('ours, JIRA-1'));

  it.each([
    ['no tags', {}],
    ['an empty reason', { [KEY]: '' }],
    ['blanks', { [KEY]: ' \t' }],
  ])('no exemption: %s', (_, tags) => expect(why(tags)).toBeNull());

  it('no exemption: a date without a reason', () => expect(why({ [EXEMPT_UNTIL_TAG]: '2099-01-01' })).toBeNull());

  it('no exemption: the key in other letters', () => expect(why({ 'Origin-Guard:exempt': 'x' })).toBeNull());

  it('no exemption: hidden tags', () => expect(exemption(hidden('tags'), KEY, NOW)).toBeNull());

  it.each(['constructor', 'toString', '__proto__'])('no exemption: a key that every object inherits, %s', (key) =>
    expect(why({}, key)).toBeNull(),
  );

  it('a custom key takes the place of the default', () => {
    expect(why({ 'our:exempt': 'legacy' }, 'our:exempt')).toBe('legacy');
    expect(why({ [KEY]: 'legacy' }, 'our:exempt')).toBeNull();
  });
});

describe('the date', () => {
  it.each([
    ['a day that is far', '2099-12-31', NOW],
    ['tomorrow', '2026-07-02', NOW],
    ['today', '2026-07-01', NOW],
    ['today, at its first instant', '2026-07-01', '2026-07-01T00:00:00Z'],
    ['today, at its last instant', '2026-07-01', '2026-07-01T23:59:59.999Z'],
    ['29 February of a leap year', '2028-02-29', NOW],
    ['an instant that is to come', '2026-07-01T12:00:01Z', NOW],
    ['an instant with an offset that is to come', '2026-07-01T14:00:01+02:00', NOW],
  ])('exempt: until %s', (_, date, now) => expect(until(date, now)).toBe(`reason (until ${date})`));

  it.each([
    ['yesterday', '2026-06-30', NOW],
    ['today, after its last instant', '2026-07-01', '2026-07-02T00:00:00Z'],
    ['an instant that is over', '2026-07-01T11:59:59Z', NOW],
    ['an instant that is now', '2026-07-01T12:00:00Z', NOW],
    ['an instant with an offset that is over', '2026-07-01T13:59:59+02:00', NOW],
    ['no date', 'soon', NOW],
    ['nothing', '', NOW],
    ['blanks', '  ', NOW],
    ['a day that never is', '2099-02-30', NOW],
    ['a day that never is, soon', '2026-02-30', '2026-02-01T00:00:00Z'],
    ['29 February of a common year', '2027-02-29', NOW],
    ['an instant of a day that never is', '2099-02-30T00:00:00Z', NOW],
    ['a month alone', '2099-01', NOW],
    ['another order', '31.12.2099', NOW],
    ['slashes', '2099/12/31', NOW],
    ['an instant without an offset', '2099-01-01T00:00:00', NOW],
    ['a day with words behind', '2099-01-01 or so', NOW],
    ['a day, judged at no known time', '2099-01-01', 'now'],
  ])('not exempt: until %s', (_, date, now) => expect(until(date, now)).toBeNull());

  it('blanks around a date do not count', () => expect(until(' 2026-07-01 ')).toBe('reason (until 2026-07-01)'));

  it('the own key names the date as well', () => {
    const tags = (date: string) => ({ 'our:exempt': 'legacy', 'our:exempt-until': date });
    expect(why(tags('2026-07-01'), 'our:exempt')).toBe('legacy (until 2026-07-01)');
    expect(why(tags('2026-06-30'), 'our:exempt')).toBeNull();
  });

  it('both dates count, and the earlier one ends the exemption', () => {
    const tags = (ours: string, theirs: string) => ({ k: 'x', 'k-until': ours, [EXEMPT_UNTIL_TAG]: theirs });
    expect(why(tags('2026-07-01', '2026-08-01'), 'k')).toBe('x (until 2026-08-01)');
    expect(why(tags('2026-06-30', '2026-08-01'), 'k')).toBeNull();
    expect(why(tags('2026-08-01', '2026-06-30'), 'k')).toBeNull();
    expect(why(tags('2026-08-01', 'soon'), 'k')).toBeNull();
  });

  it('the date of another key does not count', () => {
    expect(why({ k: 'x', [`${KEY}-unti`]: '2000-01-01', 'j-until': '2000-01-01' }, 'k')).toBe('x');
  });
});
