import Table from 'cli-table3';
import type { Judgement } from '../core/judgement.js';
import type { UnresolvedOrigin } from '../core/path.js';
import { calledBy, hanging, paintVerdict, pathText, wrap, type Style } from './text.js';
import { summarize } from './verdict-words.js';

const WIDTH = 80;
const COLUMNS = [15, 22, 39] as const;
/** Characters that fit a cell of the last column. */
const CELL = COLUMNS[2] - 2;
/** So many rows are read by a person; drawing more takes the terminal minutes. */
const MOST_ROWS = 200;
/** How many reasons, things to do and paths of one resource are shown. */
const MOST = 5;

/**
 * The result for a terminal of 80 columns; resources that a rule does not apply to are counted, not listed.
 * `input` is the options that name the input, for the command that is proposed next.
 */
export function renderScanTable(
  judgements: readonly Judgement[],
  unresolved: readonly UnresolvedOrigin[],
  style: Style,
  input: string,
): string {
  const rows = judgements.filter(({ verdict }) => verdict.kind !== 'not-applicable');
  const shown = rows.length <= MOST_ROWS ? rows : worstFirst(rows).slice(0, MOST_ROWS);
  const parts = [
    shown.length === 0 ? '' : tableOf(shown, style),
    shown.length === rows.length ? '' : leftOut(rows.length - shown.length),
    unresolved.length === 0 ? '' : renderUnresolved(unresolved, style),
    renderSummary(judgements, style),
    renderNext(judgements, style, input),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const worstFirst = (rows: readonly Judgement[]): readonly Judgement[] =>
  (['non-compliant', 'indeterminate', 'compliant'] as const).flatMap((kind) =>
    rows.filter(({ verdict }) => verdict.kind === kind),
  );

const leftOut = (count: number): string =>
  hanging(
    '',
    0,
    `${String(count)} more resources are not shown, the worst come first; --format json lists them all.`,
    WIDTH,
  );

function tableOf(judgements: readonly Judgement[], style: Style): string {
  const table = new Table({
    head: ['Verdict', 'Resource', 'Why'].map((title) => style.bold(title)),
    colWidths: [...COLUMNS],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const judgement of judgements) {
    const called = calledBy(judgement);
    const resource = [
      called,
      called === judgement.name ? 'load balancer' : (judgement.name ?? ''),
      judgement.scope.accountId ?? '-',
      judgement.scope.region ?? '-',
    ];
    const cells = [
      paintVerdict(judgement, style),
      resource
        .filter((line) => line !== '')
        .map((line) => fit(line, COLUMNS[1] - 2))
        .join('\n'),
      whyText(judgement, style),
    ];
    table.push(cells);
  }
  return table.toString();
}

function whyText(judgement: Judgement, style: Style): string {
  const { verdict, reasons, paths } = judgement;
  const isOpen = verdict.kind === 'non-compliant';
  const drawn = paths.map((path) =>
    [`${pathText(path)}, ${path.linkedBy}`, ...path.otherEntrances.map(({ kind, id }) => `also ${kind} ${id}`)].join(
      '; ',
    ),
  );
  return [
    ...listed('', reasons, 'reasons', isOpen ? style.red : String),
    ...listed('do: ', isOpen ? judgement.advise() : [], 'things to do', style.cyan),
    ...listed('path: ', drawn, 'paths', style.dim),
  ].join('\n');
}

/** The first few texts, each broken to the width of the cell, and how many were left out. */
function listed(
  label: string,
  texts: readonly string[],
  what: string,
  paint: (text: string) => string,
): readonly string[] {
  const shown = texts.slice(0, MOST).flatMap((text) => wrap(`${label}${text}`, CELL, true));
  const left = texts.length - MOST;
  return [...shown, ...(left > 0 ? [`and ${String(left)} more ${what}`] : [])].map(paint);
}

/** A text cut to the width of a cell, where the table would otherwise break it in the middle of a word. */
const fit = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

function renderUnresolved(unresolved: readonly UnresolvedOrigin[], style: Style): string {
  const lines = unresolved.map(({ distributionId, domain, why }) =>
    hanging('  ', 2, `${distributionId} ${domain}: ${why}`, WIDTH, true),
  );
  return [style.bold('Origins that nobody could resolve'), ...lines].join('\n');
}

function renderSummary(judgements: readonly Judgement[], style: Style): string {
  const { compliant, nonCompliant, notApplicable, indeterminate } = summarize(judgements);
  const parts = [
    [nonCompliant, 'non-compliant', style.red],
    [indeterminate, 'indeterminate', style.yellow],
    [compliant, 'compliant', style.green],
    [notApplicable, 'not applicable', style.dim],
  ] as const;
  return parts.map(([count, word, paint]) => (count === 0 ? style.dim : paint)(`${String(count)} ${word}`)).join(', ');
}

function renderNext(judgements: readonly Judgement[], style: Style, input: string): string {
  const open =
    judgements.find(({ verdict }) => verdict.kind === 'non-compliant') ??
    judgements.find(({ verdict }) => verdict.kind === 'indeterminate');
  return open === undefined
    ? ''
    : `${style.dim('Why, step by step:')}\n  origin-guard explain ${calledBy(open)} ${input}`;
}
