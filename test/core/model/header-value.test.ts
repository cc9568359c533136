import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { compareValues, fingerprint, SecretText, type Digest } from '../../../core/model/header-value.js';
import { hideHeaderValues } from '../../../wire/hide-headers.js';
import { propertyRuns } from '../../support/property-runs.js';

const run =
  (key: string): Digest =>
  (value) =>
    createHmac('sha256', key).update(value).digest('hex');
const ONE = run('one');
const OTHER = run('other');
const sealed = (text: string, digest = ONE) => new SecretText(text).seal(digest);

describe('a secret text', () => {
  const secret = new SecretText('planted-secret');

  it('is shown to nobody', () => {
    for (const shown of [String(secret), JSON.stringify({ secret }), inspect({ secret })]) {
      expect(shown).not.toContain('planted');
    }
    expect(Object.keys(secret)).toEqual([]);
  });

  it('leaves no text behind once it is sealed', () => {
    expect(JSON.stringify(sealed('planted-secret'))).not.toContain('planted');
    expect(sealed('planted-secret').length).toBe(14);
  });

  it('is as long as what is sent of it: without the white space around it', () => {
    expect(sealed('  short one ').length).toBe(9);
    expect(sealed(' '.repeat(16)).length).toBe(0);
  });
});

describe('sealed values', () => {
  it('are compared as a load balancer compares: without regard to case, and to the letter else', () => {
    expect(compareValues(sealed('Open Sesame'), sealed('open sesame'))).toBe('same');
    expect(compareValues(sealed('open sesame'), sealed('open sesame '))).toBe('other');
    expect(compareValues(sealed('open-sesame'), sealed('open sesame'))).toBe('other');
  });

  it('of two runs cannot be compared', () => {
    expect(compareValues(sealed('open'), sealed('open', OTHER))).toBe('unknown');
    expect(compareValues(sealed('open'), sealed('shut', OTHER))).toBe('unknown');
  });

  it('where case may count, values that differ in nothing else are in doubt', () => {
    expect(compareValues(sealed('Open'), sealed('Open'), 'exact')).toBe('same');
    expect(compareValues(sealed('Open'), sealed('open'), 'exact')).toBe('unknown');
    expect(compareValues(sealed('Open'), sealed('shut'), 'exact')).toBe('other');
    const { exact: _, ...saved } = sealed('Open');
    expect(compareValues(saved, saved, 'exact')).toBe('unknown');
  });

  it('have a fingerprint of eight digits', () => {
    expect(fingerprint(sealed('open'))).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprint(sealed('open'))).toBe(fingerprint(sealed('OPEN')));
    expect(fingerprint(sealed('open'))).not.toBe(fingerprint(sealed('open', OTHER)));
  });

  it('are the same whether they were hidden before or not, within one run', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !/^\s*[[{]/.test(text)),
        (text) => {
          const { HeaderValue } = hideHeaderValues({ HeaderValue: text }, ONE) as { HeaderValue: string };
          expect(compareValues(sealed(HeaderValue, OTHER), sealed(text, ONE))).toBe('same');
          expect(compareValues(sealed(HeaderValue, OTHER), sealed(`${text}.`, ONE))).toBe('other');
          expect(sealed(HeaderValue, OTHER).length).toBe(text.trim().length);
          expect(compareValues(sealed(HeaderValue, OTHER), sealed(text, OTHER))).toBe('unknown');
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });
});
