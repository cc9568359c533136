import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OriginGuardError } from '../core/errors.js';
import { buildApp, makeApp } from './build-app.js';
import { forgetFolder } from './forget-folder.js';
import { builtFunctionCode } from './function-code.js';
import { writeMemberTemplate } from './member-template.js';
import { parseSettings } from './settings.js';

/** The app of the CDK, as `cdk.json` starts it. */
function main(): void {
  const app = makeApp();
  const settings = parseSettings(app.node.getAllContext() as Readonly<Record<string, unknown>>);
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-member-'));
  try {
    const path = writeMemberTemplate(folder, { settings, code: builtFunctionCode });
    buildApp(app, { settings, code: builtFunctionCode, memberTemplate: { kind: 'file', path } });
    forgetFolder(app.synth().directory, dirname(dirname(__dirname)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    if (!(error instanceof OriginGuardError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
