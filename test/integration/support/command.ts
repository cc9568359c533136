import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** In milliseconds. @default 50000 */
  readonly timeout?: number;
}

const TIMEOUT_MS = 50_000;

/** Runs one command to its end, whatever its exit code; raises only when it cannot be run or takes too long. */
export function runCommand(file: string, args: readonly string[], { cwd, env, timeout = TIMEOUT_MS }: CommandOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, timeout, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else reject(new Error(`${file} ${args.join(' ')}: ${error.message}`, { cause: error }));
    });
  });
}

/** The folder of the Python packages, as `npm run test:integration` hands it over. */
export function venvFolder(): string {
  const folder = process.env['ORIGIN_GUARD_VENV'] ?? '';
  if (folder === '') throw new Error('ORIGIN_GUARD_VENV is not set; run these tests with npm run test:integration');
  return join(folder, 'bin');
}
