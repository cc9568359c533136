import { join } from 'node:path';
import type { z } from 'zod';
import { ScanResult } from '../../../report/scan-result.js';
import { seen } from '../../support/planted-secrets.js';
import { runCommand, type Outcome } from './command.js';

export const REPOSITORY = join(__dirname, '..', '..', '..');

type Result = z.infer<typeof ScanResult>;
type Evaluation = Result['evaluations'][number];

export interface Scan {
  readonly code: number;
  readonly result: Result;
  readonly stderr: string;
  /** The one evaluation of a resource. */
  readonly of: (resourceId: string) => Evaluation;
}

type Env = Readonly<Record<string, string>>;

/** Runs the command line as a user does, in a process of its own with nothing of this one's environment. */
export async function originGuard(cwd: string, args: readonly string[], env: Env = {}): Promise<Outcome> {
  const bin = process.env['ORIGIN_GUARD_BIN'] ?? join(REPOSITORY, 'bin', 'origin-guard');
  const ran = await runCommand(bin, args, { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
  seen(ran.stdout + ran.stderr, `origin-guard ${args.join(' ')}`);
  return ran;
}

/** What a scan is judged by unless it says so: most worlds of these tests hold no listener, which the second rule needs. */
const FIRST_RULE = ['--rule', 'alb-sg-cloudfront-only'];
/** Both rules, as a user who names none has them. */
export const BOTH_RULES: readonly string[] = [...FIRST_RULE, '--rule', 'alb-origin-authenticated'];

/** Scans, and reads the JSON by the published shape. */
export async function scan(cwd: string, args: readonly string[], env: Env = {}): Promise<Scan> {
  const command = ['scan', ...(args.includes('--rule') ? [] : FIRST_RULE), ...args, '--format', 'json'];
  const { code, stdout, stderr } = await originGuard(cwd, command, env);
  if (stdout === '') throw new Error(`origin-guard ${command.join(' ')} ended with ${String(code)}: ${stderr}`);
  const result = ScanResult.parse(JSON.parse(stdout));
  return {
    code,
    result,
    stderr,
    of: (resourceId) => {
      const found = result.evaluations.filter((evaluation) => evaluation.resourceId === resourceId);
      if (found.length !== 1 || found[0] === undefined)
        throw new Error(`${String(found.length)} evaluations of ${resourceId}`);
      return found[0];
    },
  };
}
