import { createColors } from 'picocolors';
import { renderScanTable } from '../../report/scan-table.js';
import type { Judgement } from '../../core/judgement.js';
import { HOME } from '../support/builders.js';

const judgement = (resourceId: string, verdict: Judgement['verdict']): Judgement => ({
  ruleId: 'r',
  resourceType: 'AWS::EC2::SecurityGroup',
  resourceId,
  name: null,
  scope: HOME,
  verdict,
  reasons: [verdict.kind],
  paths: [],
  advise: () => [],
  explain: () => [],
});
const gap = { fact: 'f', cause: 'not-seen', detail: 'd' } as const;
const closed = (count: number): readonly Judgement[] =>
  Array.from({ length: count }, (_, index) => judgement(`sg-closed${String(index)}`, { kind: 'compliant' }));
const OPEN = judgement('sg-open', { kind: 'non-compliant', findings: [{ reason: 'r' }], gaps: [] });
const UNKNOWN = judgement('sg-unknown', { kind: 'indeterminate', gaps: [gap] });
const table = (judgements: readonly Judgement[]): string =>
  renderScanTable(judgements, [], createColors(false), '--from saved');

describe('a table of more rows than a person reads', () => {
  it('200 rows are shown whole, in the order of the result', () => {
    const text = table([...closed(199), OPEN]);
    expect(text).not.toContain('more resources');
    expect(text.indexOf('sg-closed0 ')).toBeLessThan(text.indexOf('sg-open'));
  });

  it('of more, the worst come first, and the rest is counted', () => {
    const text = table([...closed(205), UNKNOWN, OPEN]);
    expect(text).toContain('7 more resources are not shown');
    expect(text.indexOf('sg-open')).toBeLessThan(text.indexOf('sg-unknown'));
    expect(text.indexOf('sg-unknown')).toBeLessThan(text.indexOf('sg-closed0 '));
    expect(text).toContain('sg-closed197');
    expect(text).not.toContain('sg-closed198');
    expect(text).toContain('1 non-compliant, 1 indeterminate, 205 compliant');
  });
});
