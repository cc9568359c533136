import { OriginGuardError } from '../../core/errors.js';
import { readPages, type Question } from '../read/pages.js';
import type { ProvingSession } from './session.js';

/** Every page of an answer. Raises `E2003` for a read that was denied, and as `readPages` does. */
export async function wholeList<Page extends object>(
  session: ProvingSession,
  question: Question<Page>,
): Promise<readonly Page[]> {
  const pages = await readPages<Page>(session, question);
  if (pages.known) return pages.value;
  throw new OriginGuardError('E2003', pages.gap.detail);
}
