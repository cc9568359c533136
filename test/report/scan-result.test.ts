import { AccountId, DistributionId, Region } from '../../core/ids.js';
import type { Judgement } from '../../core/judgement.js';
import { renderScanJson, ScanResult, toEvaluation } from '../../report/scan-result.js';
import { summarize } from '../../report/verdict-words.js';

const gap = (fact: string) => ({ fact, cause: 'not-seen', detail: `${fact} not seen` }) as const;

const judgement = (verdict: Judgement['verdict'], resourceId = 'sg-0a'): Judgement => ({
  ruleId: 'alb-sg-cloudfront-only',
  resourceType: 'AWS::EC2::SecurityGroup',
  resourceId,
  name: 'web',
  scope: { accountId: AccountId.parse('111122223333'), region: Region.parse('us-east-1') },
  verdict,
  reasons: ['one', 'two'],
  paths: [],
  advise: () => [],
  explain: () => [],
});

const everyVerdict: readonly Judgement[] = [
  judgement({ kind: 'compliant' }),
  judgement({ kind: 'non-compliant', findings: [], gaps: [gap('a')] }),
  judgement({ kind: 'not-applicable', because: 'nothing uses it' }),
  judgement({ kind: 'indeterminate', gaps: [gap('a'), gap('b')] }),
];

test('the pieces make one JSON text, the same as if it were written at once', () => {
  const unresolved = [{ distributionId: DistributionId.parse('E1'), originId: 'o', domain: 'd.example', why: 'w' }];
  for (const judgements of [[], everyVerdict]) {
    const text = [...renderScanJson(judgements, unresolved)].join('');
    const whole = {
      schemaVersion: '1',
      evaluations: judgements.map(toEvaluation),
      unresolvedOrigins: unresolved,
      summary: summarize(judgements),
    };
    expect(text).toBe(`${JSON.stringify(whole, null, 2)}\n`);
    expect(ScanResult.safeParse(JSON.parse(text)).success).toBe(true);
  }
});

test('an organization of resources comes in pieces, none of which holds them all', () => {
  const pieces = [
    ...renderScanJson(
      Array.from({ length: 100 }, (_, index) => judgement({ kind: 'compliant' }, `sg-0${String(index)}`)),
      [],
    ),
  ];
  expect(pieces.length).toBeGreaterThan(100);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1000);
});

test('gaps stand beside findings, and in words where nothing else is known', () => {
  const [compliant, open, not, unknown] = everyVerdict.map(toEvaluation);
  expect([compliant?.gaps, open?.gaps, not?.gaps, unknown?.gaps]).toEqual([[], [gap('a')], [], [gap('a'), gap('b')]]);
  expect([compliant?.because, open?.because, not?.because, unknown?.because]).toEqual([
    undefined,
    undefined,
    'nothing uses it',
    'a not seen; b not seen',
  ]);
});

test('the annotation is the reasons', () => {
  expect(everyVerdict.map((each) => toEvaluation(each).annotation)).toEqual(everyVerdict.map(() => 'one; two'));
});
