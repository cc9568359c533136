import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE } from '../../infra/names.js';
import { artifacts, writeArtifacts } from '../../scripts/render.js';
import { settingsOf, SMALL_CODE } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'origin-guard-artifacts-'));
const [first, second] = [join(folder, 'first'), join(folder, 'elsewhere', 'second')];
const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

beforeAll(() => {
  writeArtifacts(first, settingsOf(), SMALL_CODE);
  writeArtifacts(second, settingsOf(), SMALL_CODE);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('writes everything that is deployed, and nothing else', () => {
  expect(filesIn(first)).toEqual([
    'conformance-pack.json',
    'iam/OriginGuardPlanner.json',
    'iam/OriginGuardRemediation.json',
    'iam/OriginGuardRule.json',
    'member.template.json',
    'organization.template.json',
    'runbooks/OriginGuard-Remediate-v1.json',
    'runbooks/OriginGuard-Rollback-v1.json',
  ]);
  expect(filesIn(first)).toEqual(
    expect.arrayContaining([RULE_ROLE, PLANNER_ROLE, REMEDIATION_ROLE].map((role) => `iam/${role}.json`)),
  );
});

it('writes the same bytes twice, wherever that is', () => {
  const bytesOf = (path: string) => filesIn(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]);
  expect(bytesOf(second)).toEqual(bytesOf(first));
});

it('writes nothing of the machine, the time or the version of the CDK', () => {
  for (const [path, text] of artifacts(settingsOf(), SMALL_CODE)) {
    const found = [
      ...text.matchAll(
        /\/tmp\/|\/home\/|\/root\/|node_modules|CDKMetadata|aws:cdk|cdk-lib|[0-9a-f]{64}|20\d\d-\d\d-\d\dT/g,
      ),
    ];
    expect([path, found.map(([each]) => each)]).toEqual([path, []]);
  }
});

it('a file that is no artifact any more is gone after the next rendering', () => {
  writeArtifacts(first, settingsOf(), SMALL_CODE);
  expect(filesIn(first)).toEqual(filesIn(second));
});
