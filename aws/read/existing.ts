import type { Fact } from '../../core/fact.js';
import { isCausedBy } from '../failures.js';
import type { Session } from '../session.js';
import { readOne, type Question } from './pages.js';

/**
 * The answer to a question about one thing, a gap, or `null` when AWS says by this name that there is no such thing.
 * Raises as `readPages` does.
 */
export async function readExisting<Page extends object>(
  session: Session,
  question: Omit<Question<Page>, 'next'>,
  notFound: string,
): Promise<Fact<Page> | null> {
  try {
    return await readOne(session, question);
  } catch (error) {
    if (isCausedBy(error, notFound)) return null;
    throw error;
  }
}
