import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildApp, makeApp } from '../infra/build-app.js';
import { builtFunctionCode, type FunctionCode } from '../infra/function-code.js';
import { policiesIn } from '../infra/iam/from-template.js';
import { memberRunbooks } from '../infra/member/runbooks.js';
import { renderPack } from '../infra/pack/render-pack.js';
import { parseSettings, type Settings } from '../infra/settings.js';
import { OrganizationStack } from '../infra/stacks/organization-stack.js';
import { renderRunbook } from '../remediation/runbook/render.js';

/** Everything that is deployed, by its path below the folder of the artifacts; the same bytes on every machine. */
export function artifacts(settings: Settings, code: FunctionCode): ReadonlyMap<string, string> {
  const pack = renderPack({ ...settings, roleAccount: '${AWS::AccountId}' });
  const made = templates(settings, code);
  const policies = Object.assign({}, ...made.map(([, template]) => policiesIn(template))) as object;
  return new Map(
    [
      ...made,
      ['conformance-pack.json', pack] as const,
      ...memberRunbooks(settings).map((runbook) => [`runbooks/${runbook.name}.json`, renderRunbook(runbook)] as const),
      ...Object.entries(policies).map(([role, policy]) => [`iam/${role}.json`, policy] as const),
    ].map(([path, value]) => [path, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

/** The templates; the member template reaches the organization's by a parameter, so that any pipeline can deploy them. */
function templates(settings: Settings, code: FunctionCode): readonly (readonly [string, unknown])[] {
  const outdir = mkdtempSync(join(tmpdir(), 'origin-guard-render-'));
  try {
    const { app, member, organization } = buildApp(makeApp(outdir), { settings, code });
    const region = new OrganizationStack(app, { settings, code, memberTemplate: null, name: 'OneMoreRegion' });
    app.synth();
    return [
      ['member.template.json', readJson(join(outdir, member.templateFile))],
      ['organization.template.json', readJson(join(outdir, organization.templateFile))],
      ['organization-region.template.json', readJson(join(outdir, region.templateFile))],
    ];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Writes the artifacts into a folder, which holds nothing else afterwards. */
export function writeArtifacts(folder: string, settings: Settings, code: FunctionCode): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of artifacts(settings, code)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The context that somebody wrote into `cdk.json`, as the CDK takes it; the settings are in it. */
export const contextOf = (path: string): Readonly<Record<string, unknown>> =>
  (readJson(path) as { readonly context?: Readonly<Record<string, unknown>> }).context ?? {};

if (require.main === module) {
  const [folder = join(__dirname, '..', 'artifacts')] = process.argv.slice(2);
  writeArtifacts(folder, parseSettings(contextOf(join(__dirname, '..', '..', 'cdk.json'))), builtFunctionCode);
  process.stdout.write(`rendered to ${folder}\n`);
}
