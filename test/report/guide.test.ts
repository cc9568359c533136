import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import Ajv2020 from 'ajv/dist/2020';
import picocolors from 'picocolors';
import ts from 'typescript';
import { known } from '../../core/fact.js';
import type { Guide, GuidedLoadBalancer } from '../../remediation/alb-origin-authenticated/guide.js';
import { GUIDE_REFUSALS, type GuideRefusalCode } from '../../remediation/alb-origin-authenticated/refusals.js';
import { GuideDocument, renderGuideJson, toGuideDocument } from '../../report/guide-json.js';
import { renderGuideCommands } from '../../report/guide-script.js';
import { renderGuide } from '../../report/guide-text.js';
import { adds, authFacts, FORWARD, onPath, rule, way, withRules } from '../support/auth-builders.js';
import { arnOf, HOME } from '../support/builders.js';
import { guideFor } from '../support/guides.js';

const plain = picocolors.createColors(false);
const guided = (guide: Guide): GuidedLoadBalancer => ({
  loadBalancerArn: arnOf('web'),
  name: 'web',
  scope: HOME,
  guide,
});

const PLANTED = 'planted-value-that-is-long-enough';
const introduce = guideFor(
  withRules(
    [rule({ priority: '20', conditions: [onPath] })],
    { ways: [way({ headers: known([adds(PLANTED, 'x-other')]) })] },
    FORWARD,
  ),
);
const rotate = guideFor(authFacts(), {}, { rotate: true });
const nothing = guideFor(authFacts());
const refusal = (code: GuideRefusalCode): Guide => ({
  kind: 'refuse',
  code,
  because: 'something was found',
  nextStep: GUIDE_REFUSALS[code].nextStep,
  renumber: code === 'NO_FREE_PRIORITY' ? [{ ruleArn: 'arn', priority: 10 }] : [],
});

const all: readonly (readonly [string, Guide])[] = [
  ['an introduction', introduce],
  ['a rotation', rotate],
  ['nothing to do', nothing],
  ...(Object.keys(GUIDE_REFUSALS) as GuideRefusalCode[]).map((code) => [code, refusal(code)] as const),
];

const schema = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'docs', 'schemas', 'guide-v1.json'), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

test.each(all)('%s is valid by the published schema, and by the one it is rendered from', (_, guide) => {
  const document = JSON.parse(renderGuideJson(guided(guide))) as unknown;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  expect(GuideDocument.safeParse(document).success).toBe(true);
});

test('the schema refuses what the contract does not have', () => {
  const document = toGuideDocument(guided(introduce));
  for (const wrong of [
    { ...document, schemaVersion: '2' },
    { ...document, more: 1 },
    { ...document, decision: 'APPLY' },
  ])
    expect(validate(JSON.parse(JSON.stringify(wrong)))).toBe(false);
});

test.each(all)('%s fits 80 columns but for what is copied, and has no value of a header', (_, guide) => {
  const text = renderGuide(guided(guide), plain, 'origin-guard plan ARN');
  const prose = text.split('\nThe same in cdk')[0]?.split('\n') ?? [];
  expect(prose.filter((line) => line.length > 80 && !/^arn:|aws elbv2|https:/.test(line))).toEqual([]);
  for (const output of [text, renderGuideJson(guided(guide)), renderGuideCommands(guided(guide))])
    expect(output).not.toContain('planted-');
});

test.each(all)('%s as a script is a script for bash', (_, guide) => {
  execFileSync('bash', ['-n'], { input: renderGuideCommands(guided(guide)) });
});

test('the table shows the order, the way back and a rotation for later', () => {
  const text = renderGuide(guided(introduce), plain, 'origin-guard plan ARN');
  expect(text).toContain('INTRODUCE  header X-Origin-Verify, in 7 steps\n');
  const at = [
    '1. Create the secret',
    '2. Let CloudFront send it',
    '3. Wait',
    '4. Accept',
    '5. Watch',
    '6. Close the default',
    '7. Close the old',
  ].map((each) => text.indexOf(`\n${each}`));
  expect(at.every((each, index) => each > (at[index - 1] ?? 0))).toBe(true);
  expect(text).toContain('\n  origin-guard plan ARN --format aws-cli --output authenticate-web.sh\n');
  expect(renderGuide(guided(nothing), plain, 'origin-guard plan ARN')).toContain(
    '\n  origin-guard plan ARN --rotate\n',
  );
});

test('a document says what each step does, with the commands, and where', () => {
  expect(toGuideDocument(guided(introduce))).toMatchObject({
    decision: 'INTRODUCE',
    reasonCode: null,
    headerName: 'X-Origin-Verify',
    secretName: 'origin-guard/web',
    senders: [{ distributionId: 'E1WEB', originId: 'web', changes: true }],
    newRules: [
      { port: 443, priority: 19, besidePriority: '20' },
      { port: 443, priority: 21, besidePriority: 'default' },
    ],
    steps: expect.arrayContaining([
      expect.objectContaining({ number: 2, name: 'send', accountId: '111122223333', region: null }),
      expect.objectContaining({ number: 5, name: 'watch', changes: [], backCommands: [] }),
    ]),
  });
});

test('the script holds no value in a word of a command, and stops at the first failure', () => {
  const script = renderGuideCommands(guided(introduce));
  expect(script).toContain('\nset -euo pipefail\numask 077\n');
  expect(script).not.toMatch(/--(?:secret-string|conditions|distribution-config) (?!"file:)/);
  expect(script).toContain(`trap 'rm -rf "$TEMP"' EXIT`);
});

test('the CDK snippet compiles', () => {
  if (introduce.kind !== 'order') throw new Error('no order');
  const code = introduce.snippets.find(({ language }) => language === 'cdk')?.code ?? '';
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true });
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  expect(code).toContain("customHeaders: { 'X-Origin-Verify': value }");
});
