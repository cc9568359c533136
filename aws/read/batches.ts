import { known, type Fact } from '../../core/fact.js';
import type { Session } from '../session.js';
import { readPages, type Question } from './pages.js';

/** The items in groups of so many. */
export function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** Every page of several questions, asked beside each other; one that was denied leaves its gap for all of them. */
export async function readAllPages<Page extends object>(
  session: Session,
  questions: readonly Question<Page>[],
): Promise<Fact<readonly Page[]>> {
  const answers = await Promise.all(questions.map((question) => readPages(session, question)));
  const pages: Page[] = [];
  for (const answer of answers) {
    if (!answer.known) return answer;
    pages.push(...answer.value);
  }
  return known(pages);
}
