import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { iamActions as proveActions } from '../aws/prove/sandbox.js';
import { toListed } from '../cli/commands/rules.js';
import { ERRORS, type OriginGuardError } from '../core/errors.js';
import { REFUSALS } from '../core/plan.js';
import type { RuleMeta } from '../core/rule.js';
import { settingRows } from '../infra/setting-meanings.js';
import { renderPage } from '../prove/page.js';
import { OUTCOMES } from '../remediation/alb-sg-cloudfront-only/result.js';
import { GUIDE_REFUSALS } from '../remediation/alb-origin-authenticated/refusals.js';
import { REMEDIES, RUNBOOKS } from '../remediation/registry.js';
import { describeRunbook } from '../remediation/runbook/describe.js';
import { GuideDocument } from '../report/guide-json.js';
import { PlanDocument } from '../report/plan-json.js';
import type { ListedRule } from '../report/rules-text.js';
import { ScanResult } from '../report/scan-result.js';
import { RULES } from '../rules/registry.js';
import { linkProblems, namesIn } from './doc-links.js';

/** The two lines between which a page is rendered from a source; the rest of the page is written by people. */
const marks = (source: string): Marks => [
  `<!-- begin: rendered from ${source} by \`npm run docs\` -->`,
  `<!-- end: rendered from ${source} by \`npm run docs\` -->`,
];
type Marks = readonly [begins: string, ends: string];
const RULE_HEAD = marks('the rule');
const SETTINGS = marks('infra/settings.ts');

/** The shapes of JSON results, by the name of their file. */
const SCHEMAS: readonly {
  readonly file: string;
  readonly of: z.ZodType;
  readonly id: string;
  readonly title: string;
}[] = [
  {
    file: 'docs/schemas/scan-result-v1.json',
    of: ScanResult,
    id: 'urn:origin-guard:scan-result:1',
    title: 'Origin Guard scan result, version 1',
  },
  {
    file: 'docs/schemas/plan-v1.json',
    of: PlanDocument,
    id: 'urn:origin-guard:plan:1',
    title: 'Origin Guard plan, version 1',
  },
  {
    file: 'docs/schemas/guide-v1.json',
    of: GuideDocument,
    id: 'urn:origin-guard:guide:1',
    title: 'Origin Guard plan for a load balancer, version 1',
  },
];

const RENDERED_RUNBOOK = '<!-- rendered from remediation/registry.ts by `npm run docs` -->';

const pageOf = (id: string): string => `docs/rules/${id}.md`;

/** What must stand in one file, worked out from what stands there now (empty when there is no file). */
interface Rendering {
  readonly path: string;
  readonly render: (present: string) => Promise<string> | string;
}

const renderings: readonly Rendering[] = [
  { path: 'docs/errors.md', render: () => pretty('markdown', errorsPage()) },
  { path: 'docs/refusals.md', render: () => pretty('markdown', refusalsPage()) },
  { path: 'docs/prove-questions.md', render: () => pretty('markdown', renderPage(proveActions, table)) },
  ...RUNBOOKS.map((runbook) => ({
    path: `docs/runbooks/${runbook.name.toLowerCase()}.md`,
    render: () => pretty('markdown', `${RENDERED_RUNBOOK}\n\n${describeRunbook(runbook)}`),
  })),
  ...SCHEMAS.map(({ file, ...schema }) => ({
    path: file,
    render: () => pretty('json', JSON.stringify(schemaOf(schema))),
  })),
  ...RULES.map((rule): Rendering => ({
    path: pageOf(rule.meta.id),
    render: (present) => withPart(present, RULE_HEAD, ruleHead(toListed(rule))),
  })),
  { path: 'docs/deploy.md', render: (present) => withPart(present, SETTINGS, settingsTable()) },
];

/** Writes everything that is rendered; answers with the paths that changed. */
async function writeDocs(root: string): Promise<readonly string[]> {
  const changed = await staleFiles(root);
  for (const [path, text] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return changed.map(([path]) => path);
}

/** Everything that is wrong with the documentation, a line each; empty when nothing is. */
async function checkDocs(root: string): Promise<readonly string[]> {
  const stale = (await staleFiles(root)).map(([path]) => `${path} is stale; run npm run docs`);
  return [...stale, ...ruleProblems(root), ...linkProblems(root)];
}

async function staleFiles(root: string): Promise<readonly (readonly [string, string])[]> {
  const rendered = await Promise.all(
    renderings.map(async ({ path, render }) => {
      const present = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
      return [path, present, await render(present)] as const;
    }),
  );
  return rendered.flatMap(([path, present, text]) => (present === text ? [] : [[path, text] as const]));
}

async function pretty(parser: 'markdown' | 'json', text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(join(process.cwd(), 'package.json'))), parser });
}

/** A table of Markdown; a cell's own bars, stars and line feeds cannot break it. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('*', '\\*').replaceAll('\n', ' ');

const code = (text: string): string => `\`${text}\``;

interface ErrorEntry {
  readonly source: OriginGuardError['source'];
  readonly retryable: boolean;
  readonly summary: string;
  readonly remedy: string;
}

const WHO: Readonly<Record<ErrorEntry['source'], string>> = {
  input: 'the input, exit code 2',
  aws: 'AWS',
  internal: 'our own fault, exit code 4',
};

/** The page of error codes. */
function errorsPage(): string {
  const entries: readonly (readonly [string, ErrorEntry])[] = Object.entries(ERRORS);
  const rows = entries.map(([id, { source, retryable, summary, remedy }]) => [
    code(id),
    summary,
    WHO[source],
    retryable ? 'yes' : 'no',
    remedy,
  ]);
  return [
    '<!-- rendered from core/errors.ts by `npm run docs` -->',
    '# Error codes',
    'Every failure that Origin Guard raises on purpose has a code. The code is the contract: it keeps its meaning, and the ' +
      'message beside it may change. A message says what happened, the value, and what is allowed. It goes to standard error.',
    'A verdict is never an error: what is open, or cannot be told, is in the result and in the exit code.',
    table(['code', 'what happened', 'whose', 'worth a retry', 'what to do'], rows),
  ].join('\n\n');
}

/** The page of reasons for which the planner refuses, and of what its verifying modes answer. */
function refusalsPage(): string {
  const refusals: readonly (readonly [string, { readonly means: string; readonly nextStep: string }])[] =
    Object.entries(REFUSALS);
  return [
    '<!-- rendered from core/plan.ts, remediation/alb-sg-cloudfront-only/result.ts and remediation/alb-origin-authenticated/refusals.ts by `npm run docs` -->',
    '# Refusals',
    'The fixer refuses early and in words. A refusal changes nothing; a run that is refused ends as failed, so that it is seen. ' +
      'What was found, with ids, is in the text beside the code.',
    table(
      ['code', 'what it means', 'what to do next'],
      refusals.map(([id, { means, nextStep }]) => [code(id), means, nextStep]),
    ),
    '## What the verifying steps of a run answer',
    table(
      ['outcome', 'what it means'],
      Object.entries(OUTCOMES).map(([id, means]) => [code(id), means]),
    ),
    '## When there is no order for a load balancer',
    'What `origin-guard plan ALB_ARN` answers in place of the [order in which the origin is authenticated](authenticate-the-origin.md).',
    table(
      ['code', 'what it means', 'what to do next'],
      Object.entries(GUIDE_REFUSALS).map(([id, { means, nextStep }]) => [code(id), means, nextStep]),
    ),
  ].join('\n\n');
}

/** The JSON Schema of a result. */
function schemaOf({ of, id, title }: Omit<(typeof SCHEMAS)[number], 'file'>): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(of, { target: 'draft-2020-12' }) as Record<string, unknown>;
  return { $schema, $id: id, title, ...schema };
}

/** What a rule says of itself: the head of its page. */
function ruleHead({ meta, params, remedy }: ListedRule): string {
  const reasons = Object.entries(meta.reasons).map(([reason, { severity, means }]) => [code(reason), severity, means]);
  const rows = Object.entries(params).map(([name, { fallback, allowed, summary }]) => [
    code(name),
    code(fallback),
    allowed,
    summary,
  ]);
  return [
    `# ${meta.title}`,
    meta.description,
    table(['rule', 'severity', 'judges'], [[code(meta.id), meta.severity, code(meta.resourceType)]]),
    `A compliant verdict means: ${meta.pass}.`,
    `Remedy: ${remedy}`,
    '## Reasons',
    'A finding has one of these reasons, most severe first.',
    table(['reason', 'severity', 'what it means'], reasons),
    ...requirementsOf(meta),
    '## Parameters',
    'Values are text, as AWS Config sends them. On the command line: `--param name=value`, or `--params FILE` with one JSON object.',
    table(['parameter', 'default', 'allowed', 'what it does'], rows),
  ].join('\n\n');
}

/** The requirements that a rule relates to, as a section of its page. */
function requirementsOf({ requirements }: RuleMeta): readonly string[] {
  if (requirements.length === 0) return [];
  return [
    '## Related requirements',
    'A verdict is evidence for the named part of each requirement. It proves none of them whole.',
    table(
      ['framework', 'requirement', 'title', 'why'],
      requirements.map(({ framework, id, title, why }) => [framework, code(id), title, why]),
    ),
  ];
}

/** The settings of the deployment. */
const settingsTable = (): string =>
  table(
    ['setting', 'default', 'allowed', 'what it means'],
    settingRows().map(({ name, fallback, allowed, means }) => [code(name), code(fallback), allowed, means]),
  );

/** The page with the part between two lines rendered anew; a page without them gets them at its top. */
async function withPart(present: string, [first, last]: Marks, part: string): Promise<string> {
  const begins = present.indexOf(first);
  const ends = present.indexOf(last);
  const isMarked = begins >= 0 && ends > begins;
  const above = isMarked ? present.slice(0, begins) : '';
  const body = isMarked ? present.slice(ends + last.length) : `\n\n${present.trimStart()}`;
  return `${above}${first}\n\n${await pretty('markdown', part)}\n${last}${body}`;
}

/** One rule, one folder, one page, one test, one remedy: what is missing, and what is too much. */
function ruleProblems(root: string): readonly string[] {
  const ids = RULES.map(({ meta }) => meta.id);
  const has = (path: string): boolean => existsSync(join(root, path));
  const missing = ids.flatMap((id) => [
    ...(has(`rules/${id}/facts.ts`) && has(`rules/${id}/rule.ts`)
      ? []
      : [`rule ${id} has no folder rules/${id}/ with facts.ts and rule.ts`]),
    ...(has(pageOf(id)) ? [] : [`rule ${id} has no page ${pageOf(id)}`]),
    ...(has(`test/rules/${id}.test.ts`) || has(`test/rules/${id}`)
      ? []
      : [`rule ${id} has no test test/rules/${id}.test.ts`]),
    ...(Object.hasOwn(REMEDIES, id) ? [] : [`rule ${id} has no remedy in remediation/registry.ts`]),
  ]);
  const folders = namesIn(root, 'rules').filter((name) => has(`rules/${name}/rule.ts`));
  const pages = namesIn(root, 'docs/rules').map((name) => name.replace(/\.md$/, ''));
  const extra = [
    ...folders.filter((id) => !ids.includes(id)).map((id) => `rules/${id}/ is not registered in rules/registry.ts`),
    ...pages.filter((id) => !ids.includes(id)).map((id) => `${pageOf(id)} is the page of no registered rule`),
    ...Object.keys(REMEDIES)
      .filter((id) => !ids.includes(id))
      .map((id) => `remediation/registry.ts names ${id}, which is no registered rule`),
  ];
  return [...missing, ...extra];
}

async function run(root: string, isCheck: boolean): Promise<number> {
  if (!isCheck) {
    const changed = await writeDocs(root);
    process.stdout.write(changed.length === 0 ? 'docs: nothing to write\n' : `docs: wrote ${changed.join(', ')}\n`);
    return 0;
  }
  const problems = await checkDocs(root);
  for (const problem of problems) process.stderr.write(`docs: ${problem}\n`);
  if (problems.length === 0) process.stdout.write('docs: everything rendered is fresh, every link leads somewhere\n');
  return problems.length === 0 ? 0 : 1;
}

if (require.main === module) {
  void run(process.cwd(), process.argv.includes('--check')).then((code) => {
    process.exitCode = code;
  });
}
