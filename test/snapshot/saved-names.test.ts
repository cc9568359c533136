import { savedNames } from '../../snapshot/saved-names.js';
import { RecordSetItem, ResolutionItem } from '../../wire/names.js';
import { lowerFirstKeys } from '../../wire/shared.js';
import { alias, cname, record } from '../support/fake-route53.js';

const NAME = 'a.dev.example.com';
const ELB = 'web-1234567890.us-east-1.elb.amazonaws.com';
const BUCKET = 'bucket.s3.eu-west-1.amazonaws.com';

const resolve = (recordSets: readonly object[], resolutions: readonly object[] = [], name = NAME) =>
  savedNames({
    recordSets: recordSets.map((each) => RecordSetItem.parse(lowerFirstKeys(each))),
    resolutions: resolutions.map((each) => ResolutionItem.parse(each)),
  }).resolve(name);

const answered = (names: readonly string[], failure: string | null = null) => ({
  kind: 'answered',
  names,
  addresses: [],
  failure,
});
const UNANSWERED = { kind: 'unanswered', why: 'no saved DNS answer or Route 53 record has its name' };
const wild = cname('*.example.com', 'wild.example.net');

describe('a wildcard', () => {
  test.each<readonly [string, readonly object[], unknown]>([
    ['answers several levels below', [wild], answered(['wild.example.net'])],
    [
      'answers beside names that are its neighbours',
      [wild, alias('b.example.com', ELB)],
      answered(['wild.example.net']),
    ],
    [
      'gives way to a closer one',
      [wild, cname('*.dev.example.com', 'close.example.net')],
      answered(['close.example.net']),
    ],
    ['ends at a name with records', [wild, record('dev.example.com', 'NS')], UNANSWERED],
    ['ends at a name with names below it', [wild, alias('b.dev.example.com', ELB)], UNANSWERED],
    ['gives way to a name with names below it', [wild, alias(`b.${NAME}`, ELB)], UNANSWERED],
    ['does not answer for its own zone', [cname(`*.${NAME}`, 'wild.example.net')], UNANSWERED],
  ])('%s', async (_name, records, expected) => {
    expect(await resolve(records)).toEqual(expected);
  });
});

describe('a saved answer', () => {
  test('that failed may name another name on the way, and keeps what was found', async () => {
    const failure = 'the lookup of b.example.net failed (ETIMEOUT)';
    const saved = { name: NAME, status: 'failed', cnames: ['b.example.net'], failure };
    expect(await resolve([], [saved])).toEqual(answered(['b.example.net'], failure));
  });

  test('that failed without more says so of its own name', async () => {
    expect(await resolve([], [{ name: NAME, status: 'failed' }])).toEqual(answered([], `the lookup of ${NAME} failed`));
    const because = { name: NAME, status: 'failed', why: 'SERVFAIL' };
    expect(await resolve([], [because])).toEqual(answered([], `the lookup of ${NAME} failed (SERVFAIL)`));
  });

  test('that nobody gave says why, and gives way to a record', async () => {
    const nobody = { name: NAME, status: 'unanswered', why: 'nobody could be asked' };
    expect(await resolve([], [nobody])).toEqual({ kind: 'unanswered', why: 'nobody could be asked' });
    expect(await resolve([], [{ name: NAME, status: 'unanswered' }])).toEqual(UNANSWERED);
    expect(await resolve([alias(NAME, ELB)], [nobody])).toEqual(answered([ELB]));
  });
});

test.each([ELB, BUCKET])('the name %s is never followed', async (end) => {
  const records = [cname(NAME, end), cname(end, 'further.example.net')];
  expect(await resolve(records)).toEqual(answered([end]));
});
