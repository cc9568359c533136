import { OriginGuardError } from '../core/errors.js';
import { buildApp, makeApp } from './build-app.js';
import { builtFunctionCode } from './function-code.js';
import { parseSettings } from './settings.js';

/** The app of the CDK, as `cdk.json` starts it. */
function main(): void {
  const app = makeApp();
  const context = app.node.getAllContext() as Readonly<Record<string, unknown>>;
  buildApp(app, { settings: parseSettings(context), code: builtFunctionCode });
  app.synth();
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
