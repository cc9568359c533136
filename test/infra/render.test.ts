import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, makeApp } from '../../infra/build-app.js';
import { forgetFolder } from '../../infra/forget-folder.js';
import { rolePolicies } from '../../infra/iam/policies.js';
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
    'iam/OriginGuardAggregator.json',
    'iam/OriginGuardEvents.json',
    'iam/OriginGuardInventory.json',
    'iam/OriginGuardPlanner.json',
    'iam/OriginGuardReconcile.json',
    'iam/OriginGuardRemediation.json',
    'iam/OriginGuardRule.json',
    'member.template.json',
    'organization-region.template.json',
    'organization.template.json',
    'runbooks/OriginGuard-Remediate-v1.json',
    'runbooks/OriginGuard-Rollback-v1.json',
  ]);
});

const documentOf = (role: string): unknown => JSON.parse(readFileSync(join(first, 'iam', `${role}.json`), 'utf8'));

it('writes the policies of the members as they are generated', () => {
  const policies = rolePolicies(settingsOf());
  expect(Object.keys(policies)).toEqual([RULE_ROLE, PLANNER_ROLE, REMEDIATION_ROLE]);
  for (const [role, policy] of Object.entries(policies)) expect(documentOf(role)).toEqual(policy);
});

it('writes what the other roles may do, with what hangs on a parameter', () => {
  expect(documentOf('OriginGuardEvents')).toEqual({
    Version: '2012-10-17',
    Statement: [{ Sid: 'Forward', Effect: 'Allow', Action: 'events:PutEvents', Resource: '${CentralEventBusArn}' }],
  });
  expect(documentOf('OriginGuardInventory')).toMatchObject({
    Statement: [
      { Action: ['config:SelectAggregateResourceConfig'], Resource: '${Aggregator.ConfigurationAggregatorArn}' },
      {
        Action: ['s3:ListBucket'],
        Resource: '${InventoryBucket.Arn}',
        Condition: { StringEquals: { 's3:prefix': 'inventory/v1/' } },
      },
      { Action: ['s3:PutObject'], Resource: '${InventoryBucket.Arn}/inventory/v1/*' },
      { Sid: 'Log' },
    ],
  });
});

it('writes the same bytes twice, wherever that is', () => {
  const bytesOf = (path: string) => filesIn(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]);
  expect(bytesOf(second)).toEqual(bytesOf(first));
});

it('notes of an assembly hold nothing of the machine, and take no time', () => {
  const outdir = join(folder, 'assembly');
  const { app } = buildApp(makeApp(outdir), { settings: settingsOf(), code: SMALL_CODE });
  app.synth();
  forgetFolder(outdir, process.cwd());
  expect(filesIn(outdir)).toContain('validation-report.json');
  expect(filesIn(outdir)).not.toContain('performance-counters.json');
  for (const file of filesIn(outdir)) {
    const text = readFileSync(join(outdir, file), 'utf8');
    expect([file, text.includes(process.cwd()), text.includes(outdir)]).toEqual([file, false, false]);
  }
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
