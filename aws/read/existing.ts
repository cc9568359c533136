import type { Fact } from '../../core/fact.js';
import { isCausedBy } from '../failures.js';
import type { Session } from '../session.js';
import { readOne, type Question } from './pages.js';

/**
 * The answer to a question about one thing, a gap, or `null` when AWS says by one of these names that there is no such thing.
 * Raises as `readPages` does.
 */
export async function readExisting<Page extends object>(
  session: Session,
  question: Omit<Question<Page>, 'next'>,
  ...notFound: readonly string[]
): Promise<Fact<Page> | null> {
  try {
    return await readOne(session, question);
  } catch (error) {
    if (notFound.some((name) => isCausedBy(error, name))) return null;
    throw error;
  }
}
