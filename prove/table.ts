import type { Answered } from './run.js';
import { withoutAccounts } from './quote.js';

const KINDS = { yes: 'yes', no: 'no', 'not-answered': 'not answered', 'not-asked': 'not asked' } as const;

/** What is written for `docs/operations.md`: where and when it was asked, and a row for each question. */
export function renderTable(
  answered: readonly Answered[],
  { region, run }: { readonly region: string; readonly run: string },
): string {
  const rows = answered.map(({ question, answer }) => {
    const leavesOpen = answer.kind === 'yes' || answer.kind === 'no' ? question.open : null;
    return [
      question.id,
      question.asks,
      leavesOpen === null ? KINDS[answer.kind] : `${KINDS[answer.kind]}, in part`,
      withoutAccounts(answer.says),
      leavesOpen ?? '',
      question.fallback,
    ];
  });
  const head = ['id', 'question', 'answer', 'what was seen', 'left open', 'without it'];
  return [
    `Asked in one account in ${region}, run ${run}:`,
    '',
    ...[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`),
    '',
  ].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '/').replaceAll(/\s+/g, ' ');
