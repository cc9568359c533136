import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../rules/registry.js';
import { readSnapshot } from '../../snapshot/read-snapshot.js';
import { toEvaluation } from '../../report/scan-result.js';
import { fencesOf, read, removeTempFolders, ROOT, tempFolder } from './support.js';

/** The environment to which the examples of a page belong, what of it they stand for, and which resource they are about. */
const SETTINGS: Readonly<Record<string, { folder: string; without: readonly string[]; resourceId: string }>> = {
  'alb-sg-cloudfront-only': {
    folder: 'article-before',
    without: ['security-groups.json', 'security-group-rules.json'],
    resourceId: 'sg-0482d99e7921588bc',
  },
  'alb-origin-authenticated': {
    folder: 'article-after',
    without: ['listeners.json', 'listener-rules.json'],
    resourceId: 'arn:aws:elasticloadbalancing:us-east-1:208619972546:loadbalancer/app/demo-sbx-alb/862f9dad9bb8b650',
  },
};
const NOW = '2026-11-22T00:00:00Z';

afterAll(removeTempFolders);

interface Expected {
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly params: Readonly<Record<string, string>>;
}

/** What the line before an example says: ``Verdict: `X`. Reasons: `a`, `b`. Parameters: `name=value`.`` */
function expectedOf(lead: string): Expected {
  const parts = new Map(
    [...lead.matchAll(/(\w+): ((?:`[^`]+`(?:, )?)+)\./g)].map(([, name = '', list = '']) => [
      name,
      [...list.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
    ]),
  );
  const [verdict = ''] = parts.get('Verdict') ?? [];
  const params = (parts.get('Parameters') ?? []).map((text) => text.split('=') as [string, string]);
  return { verdict, reasons: parts.get('Reasons') ?? [], params: Object.fromEntries(params) };
}

describe.each(RULES.map((rule) => [rule.meta.id, rule] as const))('%s', (id, rule) => {
  const examples = fencesOf(read(`docs/rules/${id}.md`))
    .filter(({ language }) => language === 'json')
    .map(({ lead, text }) => ({ lead, text, ...expectedOf(lead) }));

  it.each(examples)('$lead', async ({ text, verdict, reasons, params }) => {
    const setting = SETTINGS[id];
    if (setting === undefined) throw new RangeError(`no setting for the examples of ${id}`);
    const folder = tempFolder();
    cpSync(join(ROOT, 'examples', setting.folder), folder, { recursive: true });
    for (const name of setting.without) rmSync(join(folder, name));
    // Two descriptions of one distribution would be two moments of it.
    if (text.includes('"DistributionList"')) rmSync(join(folder, 'distributions.json'));
    writeFileSync(join(folder, 'example.json'), text);
    const { ports } = await readSnapshot([folder], {
      flags: { accountId: null, region: null },
      cloudfrontPrefixLists: [],
    });
    const { judgements } = await rule.prepare(params)(ports, NOW);
    const judged = judgements.filter(({ resourceId }) => resourceId === setting.resourceId).map(toEvaluation);
    expect(judged.map((evaluation) => evaluation.verdict)).toEqual([verdict]);
    const found = new Set(judged.flatMap(({ findings }) => findings.map(({ reason }) => reason)));
    expect([...found].sort()).toEqual([...reasons].sort());
  });

  it('shows every verdict and every reason', () => {
    expect([...new Set(examples.map(({ verdict }) => verdict))].sort()).toEqual([
      'COMPLIANT',
      'INDETERMINATE',
      'NON_COMPLIANT',
      'NOT_APPLICABLE',
    ]);
    const reasons = new Set(examples.flatMap((example) => example.reasons));
    expect([...reasons].sort()).toEqual(Object.keys(rule.meta.reasons).sort());
  });

  it('has the sections that a page must have', () => {
    const headings = [...read(`docs/rules/${id}.md`).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    for (const heading of ['Why', 'Compliant', 'Non-compliant', 'What remediation does', 'When not to use it'])
      expect(headings).toContain(heading);
  });
});
