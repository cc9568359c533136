import * as fc from 'fast-check';
import { createColors } from 'picocolors';
import { hanging, loadBalancerName, paintVerdict, pathText, whereText, wrap } from '../../report/text.js';
import type { Judgement } from '../../core/judgement.js';
import { AccountId, DistributionId, LoadBalancerArn, Region } from '../../core/ids.js';
import type { Path } from '../../core/path.js';
import { albArn } from '../support/saved-files.js';
import { propertyRuns } from '../support/property-runs.js';

const PATH: Path = {
  distributionId: DistributionId.parse('E1WEB'),
  originId: 'o',
  originDomain: 'd.example.com',
  linkedBy: 'dns-name',
  loadBalancerArn: LoadBalancerArn.parse(albArn('web')),
  otherEntrances: [],
};

describe('wrap', () => {
  const sentence = fc
    .array(fc.stringMatching(/^[a-z.:/-]{1,60}$/), { minLength: 1, maxLength: 12 })
    .map((words) => words.join(' '));
  const width = fc.integer({ min: 5, max: 40 });

  test('loses no character, and breaks no word that fits', () => {
    fc.assert(
      fc.property(sentence, width, (text, columns) => {
        expect(wrap(text, columns).join(' ')).toBe(text);
        expect(wrap(text, columns, true).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        const whole = text.split(' ').every((word) => word.length <= columns);
        if (whole) expect(wrap(text, columns, true)).toEqual(wrap(text, columns));
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('keeps within the width, save for a word that is longer and may not be broken', () => {
    fc.assert(
      fc.property(sentence, width, (text, columns) => {
        expect(wrap(text, columns, true).filter((line) => line.length > columns)).toEqual([]);
        expect(wrap(text, columns).filter((line) => line.length > columns && line.includes(' '))).toEqual([]);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('breaks a long word behind its punctuation', () => {
    expect(wrap('see my-alb-1234567890.us-east-1.elb.amazonaws.com', 30, true)).toEqual([
      'see',
      'my-alb-1234567890.us-east-1.',
      'elb.amazonaws.com',
    ]);
    expect(wrap('x'.repeat(7), 3, true)).toEqual(['xxx', 'xxx', 'x']);
  });

  test('an empty text is one empty line', () => {
    expect(wrap('', 10)).toEqual(['']);
  });
});

test('a hanging paragraph has its marker on the first line only', () => {
  expect(hanging('1. ', 3, 'one two three', 10)).toBe('1. one two\n   three');
  expect(hanging('  ', 2, 'abcdefghij', 7, true)).toBe('  abcde\n  fghij');
});

test('a path names the distribution, or that CloudFront is declared, and the load balancer', () => {
  expect(pathText(PATH)).toBe('E1WEB → web');
  expect(pathText({ ...PATH, distributionId: null, linkedBy: 'declared' })).toBe('CloudFront (declared) → web');
  expect(loadBalancerName('no-arn')).toBe('no-arn');
});

test('what the input does not say of a place is a dash', () => {
  expect(whereText({ scope: { accountId: null, region: null } })).toBe('- -');
  const scope = { accountId: AccountId.parse('111122223333'), region: Region.parse('eu-west-1') };
  expect(whereText({ scope })).toBe('111122223333 eu-west-1');
});

describe('a verdict', () => {
  const gap = { fact: 'f', cause: 'not-seen', detail: 'd' } as const;
  const verdicts: readonly (readonly [string, Judgement['verdict'], string])[] = [
    ['NON_COMPLIANT', { kind: 'non-compliant', findings: [], gaps: [] }, '\u001b[31m'],
    ['INDETERMINATE', { kind: 'indeterminate', gaps: [gap] }, '\u001b[33m'],
    ['COMPLIANT', { kind: 'compliant' }, '\u001b[32m'],
    ['NOT_APPLICABLE', { kind: 'not-applicable', because: 'b' }, '\u001b[2m'],
  ];

  test.each(verdicts)('%s has its word and its colour', (word, verdict, colour) => {
    expect(paintVerdict({ verdict }, createColors(false))).toBe(word);
    expect(paintVerdict({ verdict }, createColors(true))).toContain(colour);
  });
});
