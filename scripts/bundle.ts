import { statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/**
 * The functions of the member template together stay below this, in bytes. The template may take 1 MB in all.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const LIMIT = 725_000;

/** The files in `functions/` that are a Lambda function: those that export a handler. */
export const FUNCTIONS: readonly string[] = ['config-rule', 'plan-remediation'];

/**
 * Bundles each function into one CommonJS file for inline deployment, the AWS SDK left to the runtime.
 *
 * The code is kept readable in a template: white space goes, names stay.
 */
export async function bundle(outdir: string): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: FUNCTIONS.map((name) => join('functions', `${name}.ts`)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@aws-sdk/*'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return FUNCTIONS.map((name) => ({ name, bytes: statSync(join(outdir, `${name}.js`)).size }));
}

async function main(): Promise<void> {
  const outdir = join(ROOT, 'dist', 'functions');
  const made = await bundle(outdir);
  const total = made.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > LIMIT) throw new Error(`the functions take ${String(total)} bytes; allowed: ${String(LIMIT)}`);
  if (process.argv.includes('--sizes')) {
    for (const { name, bytes } of made) process.stdout.write(`${name}.js ${String(bytes)} bytes\n`);
  }
}

if (require.main === module) void main();
