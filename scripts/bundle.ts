import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** The sources lie beside `dist`, in which the compiled form of this file runs. */
const HERE = dirname(__dirname);
const ROOT = existsSync(join(HERE, 'tsconfig.json')) ? HERE : dirname(HERE);

/** The files in `functions/` that are a Lambda function: those that export a handler. */
export const FUNCTIONS = ['config-rule', 'inventory', 'plan-remediation', 'reconcile'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** The functions that stand in the member template. */
export const MEMBER_FUNCTIONS: readonly FunctionName[] = ['config-rule', 'plan-remediation'];

/** Those that are in no member template, whose size is not held to its limit. */
const ADMINISTRATORS: readonly string[] = ['reconcile'];

/**
 * The functions of the member template together stay below this, in bytes.
 *
 * A template of CloudFormation may take 1 MB, in which this one holds its runbooks, roles and event rules too, and has
 * room to grow: docs/adr/0008-inline-function-code.md.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const LIMIT = 400_000;

/**
 * The code of a function as one CommonJS file, the AWS SDK left to the runtime; the same bytes wherever the project lies.
 *
 * @remarks Names are shortened: with them the functions would not stay below `LIMIT`.
 */
export async function functionCode(name: FunctionName): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join('functions', `${name}.ts`)],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['@aws-sdk/*'],
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Raises an error where the functions of the member template take more than `LIMIT` bytes together. */
export function checkSize(bytesOf: ReadonlyMap<FunctionName, number>): void {
  const total = MEMBER_FUNCTIONS.reduce((sum, name) => sum + (bytesOf.get(name) ?? 0), 0);
  if (total < LIMIT) return;
  throw new Error(
    `${MEMBER_FUNCTIONS.join(' and ')} take ${String(total)} bytes together; allowed: fewer than ${String(LIMIT)} (docs/adr/0008-inline-function-code.md)`,
  );
}

/** Bundles every function into the folder; the bytes that each takes. */
export async function bundle(outdir: string): Promise<ReadonlyMap<FunctionName, number>> {
  const made = await Promise.all(FUNCTIONS.map(async (name) => [name, await functionCode(name)] as const));
  mkdirSync(outdir, { recursive: true });
  for (const [name, code] of made) writeFileSync(join(outdir, `${name}.js`), code);
  return new Map(made.map(([name, code]) => [name, Buffer.byteLength(code)]));
}

async function main(): Promise<void> {
  const bytesOf = await bundle(join(ROOT, 'dist', 'functions'));
  if (process.argv.includes('--sizes')) {
    for (const [name, bytes] of bytesOf) process.stdout.write(`${name}.js ${String(bytes)} bytes\n`);
  }
  checkSize(bytesOf);
}

if (require.main === module) void main();
