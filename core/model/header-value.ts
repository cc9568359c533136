/** A keyed digest in hexadecimal; the key lives only for one run. */
export type Digest = (value: string) => string;

/** Tells the digests of one run from those of another, with which they cannot be compared. No header value holds a line break. */
export const runOf = (digest: Digest): string => digest('\n').slice(0, 8);

/**
 * A header value of which nothing is left but what comparing takes: plain data that anybody may see.
 *
 * A load balancer compares without regard to case, so digests are made of small letters.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HttpHeaderConditionConfig.html
 */
export interface HeaderValue {
  readonly digest: string;
  readonly length: number;
  readonly run: string;
  /** The digest of the value to the letter. @default - not known, of values that were hidden when they were saved */
  readonly exact?: string;
}

/**
 * How much of a value somebody has to know, in characters. White space around it is no part of what is sent.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 */
export const lengthOf = (value: string): number => value.trim().length;

/** The form in which `collect` saves a value. */
const HIDDEN = /^hmac:([0-9a-f]{64}):len=(\d{1,6}):run=([0-9a-f]{8})$/;
/** What anybody sees of a text that is secret. */
const MASK = '(a header value)';

/** A header value as it was read. Its text is shown to nobody: it can only be sealed. */
export class SecretText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The value under the key of this run, or as it was sealed when it was saved. */
  seal(digest: Digest): HeaderValue {
    const [, saved, length, run] = HIDDEN.exec(this.#text) ?? [];
    if (saved !== undefined && run !== undefined) return { digest: saved, length: Number(length), run };
    return {
      digest: digest(this.#text.toLowerCase()),
      length: lengthOf(this.#text),
      run: runOf(digest),
      exact: digest(this.#text),
    };
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  /** What Node prints in place of the object. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}

/** By what people tell values apart: the same for equal values within one run, and of no use outside. */
export const fingerprint = ({ digest }: HeaderValue): string => digest.slice(0, 8);

/** Whether two values are the same for a load balancer; `unknown` for values of two runs. */
export type Comparison = 'same' | 'other' | 'unknown';

/** Compares without regard to case, or to the letter: nobody says in which way a regular expression does. */
export function compareValues(a: HeaderValue, b: HeaderValue, letters: 'any-case' | 'exact' = 'any-case'): Comparison {
  if (a.run !== b.run) return 'unknown';
  if (a.digest !== b.digest) return 'other';
  if (letters === 'any-case') return 'same';
  return a.exact !== undefined && a.exact === b.exact ? 'same' : 'unknown';
}
