import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import {
  compliantFiles,
  filesWith,
  group,
  items,
  distribution,
  origin,
  permission,
  OPEN,
  scan,
  without,
  type Files,
} from '../support/saved-files.js';

const root = join(__dirname, '..', '..');
const schema = JSON.parse(readFileSync(join(root, 'docs', 'schemas', 'scan-result-v1.json'), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

const UNRESOLVED = {
  DistributionList: { Items: [distribution({ Origins: items([origin(), origin('partner.example.net')]) })] },
};

const cases: readonly (readonly [string, Files])[] = [
  ['a compliant group', compliantFiles()],
  ['a non-compliant group', filesWith([OPEN, { ...OPEN, IpProtocol: '-1' }])],
  ['a group that is not applicable', compliantFiles({ 'load-balancers.json': { LoadBalancers: [] } })],
  ['an indeterminate group', without(compliantFiles(), 'distributions.json')],
  ['findings beside gaps', without(filesWith([OPEN, permission()]), 'prefix-lists.json')],
  ['an unresolved origin', compliantFiles({ 'distributions.json': UNRESOLVED })],
  [
    'a group of which the place is not known',
    { 'a.json': { SecurityGroups: [{ GroupId: 'sg-0a', IpPermissions: [] }] } },
  ],
  ['nothing', { 'a.json': { LoadBalancers: [] } }],
];

test.each(cases)('%s is valid by the published schema', async (_name, files) => {
  const { json } = await scan(files);
  validate(json);
  expect(validate.errors ?? []).toEqual([]);
});

test('the schema refuses what the contract does not have', async () => {
  const { json } = await scan(filesWith([OPEN]));
  const [evaluation] = json.evaluations;
  for (const wrong of [
    { ...json, schemaVersion: '2' },
    { ...json, more: 1 },
    { ...json, evaluations: [{ ...evaluation, verdict: 'PASSED' }] },
    { ...json, evaluations: [{ ...evaluation, annotation: 'x'.repeat(257) }] },
    { ...json, evaluations: [{ ...evaluation, paths: undefined }] },
  ])
    expect(validate(JSON.parse(JSON.stringify(wrong)))).toBe(false);
});

test('the summary counts the verdicts', async () => {
  const more = {
    SecurityGroups: [group({ GroupId: 'sg-0a' }), group({ GroupId: 'sg-0b' })],
  };
  const { json } = await scan(filesWith([OPEN], { 'more.json': more }), '--rule', 'alb-sg-cloudfront-only');
  expect(json.summary).toEqual({ compliant: 0, nonCompliant: 1, notApplicable: 2, indeterminate: 0 });
});

test('because stands only with what is not applicable or indeterminate', async () => {
  for (const [, files] of cases) {
    for (const evaluation of (await scan(files)).json.evaluations) {
      const expected = evaluation.verdict === 'NOT_APPLICABLE' || evaluation.verdict === 'INDETERMINATE';
      expect('because' in evaluation).toBe(expected);
    }
  }
});

test('an annotation is never longer than AWS Config takes, and says what it leaves out', async () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ CidrIp: `203.0.${String(index)}.0/24` }));
  const { json } = await scan(filesWith([{ ...OPEN, IpRanges: many }]), '--rule', 'alb-sg-cloudfront-only');
  expect(json.evaluations[0]?.findings).toHaveLength(40);
  expect(json.evaluations[0]?.annotation).toMatch(/; and \d+ more$/);
  expect(json.evaluations[0]?.annotation.length).toBeLessThanOrEqual(256);
});
