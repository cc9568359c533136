import { OriginGuardError } from '../../core/errors.js';
import { known, missing, type Fact } from '../../core/fact.js';
import { deniedGap, isDenied, isNotEnabled, toCodedError } from '../failures.js';
import type { Session } from '../session.js';

/** What the SDK's `send` takes beside the command. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

/** One question to AWS, whose answer may come in pages. */
export interface Question<Page> {
  /** The name of the fact in a gap: `loadBalancers`. */
  readonly fact: string;
  /** What is read, in words: `load balancers`. */
  readonly what: string;
  /** The permission it takes, as IAM spells it. */
  readonly action: string;
  /** The operation as the AWS CLI spells it. */
  readonly command: string;
  /** Names the file of the answer where the answer does not say whose it is. */
  readonly about?: string;
  /** True for what is not Regional. */
  readonly global?: true;
  readonly page: (token: string | undefined, options: SendOptions) => Promise<Page>;
  /** What is kept of a page; the rest is none of our business, and is neither returned nor saved. @default - all of it */
  readonly trim?: (page: Page) => Page;
  /** The token of the next page; `null` after the last one. */
  readonly next: (page: Page) => string | null | undefined;
}

/**
 * Every page of an answer, or the gap of a read that was denied. A part of the pages is never returned.
 *
 * Raises `E2001` when AWS throttled or failed, `E2005` when the time ran out, `E2006` for an answer that cannot be read,
 * `E2007` for credentials that are no good.
 */
export async function readPages<Page extends object>(
  session: Session,
  question: Question<Page>,
): Promise<Fact<readonly Page[]>> {
  const pages: Page[] = [];
  const tokens = new Set<string>();
  let token: string | undefined;
  do {
    const page = await askOnce(session, question, token);
    if (!page.known) return page;
    pages.push(page.value);
    token = question.next(page.value) ?? undefined;
    if (token === '') token = undefined;
    if (token !== undefined && tokens.has(token)) {
      throw new OriginGuardError('E2006', `reading ${question.what}: AWS gave the same page token twice`);
    }
    if (token !== undefined) tokens.add(token);
  } while (token !== undefined);
  return known(pages);
}

/** The answer to a question that has one page, or the gap of a read that was denied. Raises as `readPages` does. */
export const readOne = <Page extends object>(
  session: Session,
  question: Omit<Question<Page>, 'next'>,
): Promise<Fact<Page>> => askOnce(session, question, undefined);

async function askOnce<Page extends object>(
  session: Session,
  question: Omit<Question<Page>, 'next'>,
  token: string | undefined,
): Promise<Fact<Page>> {
  const { budget, accountId, region, onPage, limit = atOnce } = session;
  const doing = `reading ${question.what} of account ${accountId} in ${region}`;
  try {
    const ask = (): Promise<Page> => question.page(token, { abortSignal: budget.signal });
    const whole = await budget.run(doing, () => limit(ask));
    const page = question.trim?.(whole) ?? whole;
    onPage?.({
      accountId,
      region: question.global === true ? null : region,
      command: question.command,
      ...(question.about === undefined ? {} : { about: question.about }),
      page,
    });
    return known(page);
  } catch (error) {
    const isClosed = session.areCredentialsProven === true && isNotEnabled(error);
    if (isDenied(error) || isClosed) {
      const gap = deniedGap(session, question);
      session.onDenied?.({ fact: gap.fact, detail: gap.detail, accountId, region });
      return missing(gap);
    }
    throw toCodedError(error, doing);
  }
}

const atOnce: NonNullable<Session['limit']> = (ask) => ask();

/** The list of a page; an answer without it is none that AWS gives. */
export function listOf<T>(list: readonly T[] | null | undefined, name: string): readonly T[] {
  if (list !== null && list !== undefined) return list;
  throw new OriginGuardError('E2006', `the answer has no ${name}`);
}
