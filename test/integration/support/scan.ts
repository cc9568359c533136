import { join } from 'node:path';
import type { z } from 'zod';
import { ScanResult } from '../../../report/scan-result.js';
import { runCommand } from './command.js';

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

/** Runs the command line as a user does, in a process of its own, and reads its JSON by the published shape. */
export async function scan(cwd: string, args: readonly string[]): Promise<Scan> {
  const command = ['scan', ...args, '--format', 'json'];
  const env = { PATH: process.env['PATH'] ?? '' };
  const { code, stdout, stderr } = await runCommand(join(REPOSITORY, 'bin', 'origin-guard'), command, { cwd, env });
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
