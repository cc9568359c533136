import { createHmac, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import type { Digest } from '../../core/model/header-value.js';
import { hideHeaderValues } from '../../wire/hide-headers.js';
import { lowerFirstKeys } from '../../wire/shared.js';
import { propertyRuns } from '../support/property-runs.js';

const newRun = (): Digest => {
  const key = randomBytes(32);
  return (value) => createHmac('sha256', key).update(value).digest('hex');
};
const run = newRun();

const HIDDEN = (form: string, length: number) =>
  expect.stringMatching(new RegExp(`^${form}:[0-9a-f]{64}:len=${String(length)}:run=[0-9a-f]{8}$`)) as string;

const origins = (value: unknown) => ({
  Origins: {
    Quantity: 1,
    Items: [
      {
        Id: 'o1',
        DomainName: 'www.example.com',
        CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'x-origin-verify', HeaderValue: value }] },
      },
    ],
  },
});
const headerRule = (values: readonly string[], RegexValues?: readonly string[]) => ({
  Rules: [
    {
      Conditions: [
        {
          Field: 'http-header',
          HttpHeaderConfig: { HttpHeaderName: 'x-origin-verify', Values: values, ...(RegexValues && { RegexValues }) },
        },
      ],
      Actions: [{ Type: 'forward' }],
    },
  ],
});
const sent = (page: unknown): string =>
  (page as ReturnType<typeof origins>).Origins.Items[0]?.CustomHeaders.Items[0]?.HeaderValue as string;
const compared = (page: unknown): readonly string[] =>
  (page as ReturnType<typeof headerRule>).Rules[0]?.Conditions[0]?.HttpHeaderConfig.Values ?? [];

describe('the values CloudFront sends', () => {
  test.each([
    ['a list of distributions', (config: object) => ({ DistributionList: { Items: [{ Id: 'E1', ...config }] } })],
    ['one distribution', (config: object) => ({ Distribution: { Id: 'E1', DistributionConfig: config } })],
    [
      'a configuration item',
      (config: object) => ({ configurationItems: [{ configuration: { distributionConfig: config } }] }),
    ],
  ])('are hidden in %s, with their names left', (_name, wrap) => {
    expect(hideHeaderValues(wrap(origins('open-sesame')), run)).toEqual(wrap(origins(HIDDEN('hmac', 11))));
    const page = wrap(origins('open-sesame'));
    expect(hideHeaderValues(lowerFirstKeys(page), run)).toEqual(lowerFirstKeys(hideHeaderValues(page, run)));
  });

  test.each(['open*sesame', '?', '{"a":1}', ''])('are literal, whatever they look like: %j', (value) => {
    expect(sent(hideHeaderValues(origins(value), run))).toEqual(HIDDEN('hmac', value.length));
  });

  test.each([[12345], [['open', 'sesame']], [{ Value: 'open-sesame' }]])(
    'are hidden in another shape too: %j',
    (value) => {
      const text = JSON.stringify(hideHeaderValues(origins(value), run));
      expect(text).not.toMatch(/12345|open|sesame/);
      expect(text).toContain('hmac:');
    },
  );

  test('are hidden in JSON inside a text, and other texts stay to the letter', () => {
    const config = JSON.stringify(origins('open-sesame'));
    const page = { configuration: config, note: '{"a": 1}', broken: '{"HeaderValue": "x', list: ' [1, 2]' };
    const hidden = hideHeaderValues(page, run) as typeof page;
    expect(JSON.parse(hidden.configuration)).toEqual(origins(HIDDEN('hmac', 11)));
    expect({ ...hidden, configuration: config }).toEqual(page);
  });
});

describe('the values that listener rules compare', () => {
  test('are hidden, and those with wildcards say so', () => {
    const hidden = hideHeaderValues(headerRule(['open-sesame', 'open-*', 'o?en', '*']), run);
    expect(hidden).toEqual(
      headerRule([
        HIDDEN('hmac', 11),
        HIDDEN('wildcard-hmac', 6),
        HIDDEN('wildcard-hmac', 4),
        HIDDEN('wildcard-hmac', 1),
      ]),
    );
  });

  test('are hidden in small letters too', () => {
    const page = headerRule(['open-sesame', 'open-*'], ['^open']);
    expect(hideHeaderValues(lowerFirstKeys(page), run)).toEqual(lowerFirstKeys(hideHeaderValues(page, run)));
  });

  test('leave nothing of a regular expression, not even a digest', () => {
    expect(hideHeaderValues(headerRule([], ['^open-.*$', 'x']), run)).toEqual(
      headerRule([], ['regex-hidden', 'regex-hidden']),
    );
  });

  test.each([{ Field: 'http-header' }, { Field: 'HTTP-Header' }, { HttpHeaderConfig: {} }])(
    'are hidden beside the kind of the condition too: %j',
    (kind) => {
      const condition = (Values: unknown, RegexValues: unknown) => ({ Conditions: [{ ...kind, Values, RegexValues }] });
      expect(hideHeaderValues(condition(['open-sesame'], ['^x$']), run)).toEqual(
        condition([HIDDEN('hmac', 11)], ['regex-hidden']),
      );
    },
  );

  test('are not those of other conditions', () => {
    const page = {
      Conditions: [
        {
          Field: 'path-pattern',
          Values: ['/a*'],
          PathPatternConfig: { Values: ['/a*'], RegexValues: ['^/b'] },
          HttpHeaderConfig: null,
        },
        { Field: 'host-header', Values: ['a.example.com'], HostHeaderConfig: { Values: ['a.example.com'] } },
        { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '1' }] } },
      ],
    };
    expect(hideHeaderValues(page, run)).toEqual(page);
  });
});

describe('digests', () => {
  test('are equal on both sides for values that a load balancer takes for the same', () => {
    expect(compared(hideHeaderValues(headerRule(['OPEN-Sesame']), run))[0]).toBe(
      sent(hideHeaderValues(origins('open-sesame'), run)),
    );
    expect(compared(hideHeaderValues(headerRule(['open-sesam']), run))[0]).not.toBe(
      sent(hideHeaderValues(origins('open-sesame'), run)),
    );
  });

  test('are others in the next run, and tell that it is another run', () => {
    const [first, second] = [run, newRun()].map((digest) =>
      sent(hideHeaderValues(origins('open-sesame'), digest)).split(':'),
    );
    expect(first?.[1]).not.toBe(second?.[1]);
    expect(first?.[2]).toBe(second?.[2]);
    expect(first?.[3]).not.toBe(second?.[3]);
  });

  test('of a run carry the same sign of it', () => {
    const signs = [
      sent(hideHeaderValues(origins('a'), run)),
      ...compared(hideHeaderValues(headerRule(['b', 'c*']), run)),
    ].map((value) => value.split(':')[3]);
    expect(new Set(signs).size).toBe(1);
  });
});

test('the page that is given stays as it is', () => {
  const page = { ...origins('open-sesame'), ...headerRule(['open-sesame']) };
  const before = structuredClone(page);
  hideHeaderValues(page, run);
  expect(page).toEqual(before);
});

describe('of any page', () => {
  /** Letters that occur nowhere else in the pages; the quotes and line ends are those that JSON writes otherwise. */
  const secrets = fc
    .array(fc.constantFrom('ж', 'Ж', 'щ', '"', '\\', '*', '?', '\u2028'), { minLength: 4, maxLength: 20 })
    .map((letters) => `жщ${letters.join('')}`);
  const plain = fc.stringMatching(/^[a-z0-9 .-]{0,12}$/);
  const other = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      plain,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: true }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('Id', 'Name', 'Value', 'Values', 'Items', 'Tags', '__proto__', 'domainName'),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value;

  /** A page and the same page with `secret` in place of every header value. */
  const planted =
    (withHeaders: (secret: string) => object, rest: unknown, isLower: boolean, inText: boolean) => (secret: string) => {
      const headers = isLower ? lowerFirstKeys(withHeaders(secret)) : withHeaders(secret);
      return { rest, headers: inText ? { configuration: JSON.stringify(headers) } : headers };
    };
  const shapes = fc.constantFrom<(secret: string) => object>(
    (secret) => ({ DistributionList: { IsTruncated: false, Items: [origins(secret), origins('')] } }),
    (secret) => ({ Distribution: { DistributionConfig: origins(secret) } }),
    (secret) => headerRule([secret, `${secret}*`], [`^${secret}$`]),
    (secret) => ({ Rules: [{ Conditions: [{ Field: 'http-header', Values: [secret], RegexValues: [secret] }] }] }),
    (secret) => ({ Items: [{ Deep: [[{ HttpHeaderConfig: { Values: { Items: [secret] } } }]] }] }),
  );

  test('no secret is in what is written, in any spelling, and everything else is', () => {
    fc.assert(
      fc.property(secrets, shapes, other, fc.boolean(), fc.boolean(), (secret, shape, rest, isLower, inText) => {
        const page = planted(shape, rest, isLower, inText);
        const hidden = hideHeaderValues(page(secret), run) as { readonly rest: unknown };
        expect(hidden.rest).toEqual(rest);
        const written = JSON.stringify(hidden);
        expect(written).not.toMatch(/[жщ]/i);
        expect(written).not.toMatch(/\\u04/i);
      }),
      { numRuns: propertyRuns() },
    );
  });

  test('what is hidden changes nothing but header values', () => {
    fc.assert(
      fc.property(shapes, other, fc.boolean(), (shape, rest, isLower) => {
        const page = planted(shape, rest, isLower, false);
        const blank = (value: unknown): unknown =>
          JSON.parse(
            JSON.stringify(value).replaceAll(/"(?:(?:wildcard-)?hmac:[^"]*|regex-hidden|\^?SECRET\$?\*?|)"/g, '"-"'),
          );
        expect(blank(hideHeaderValues(page('SECRET'), run))).toEqual(blank(page('SECRET')));
      }),
      { numRuns: propertyRuns() },
    );
  });
});
