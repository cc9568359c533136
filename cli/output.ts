import { open, rename, rm } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { OriginGuardError } from '../core/errors.js';
import type { Io } from './io.js';

export const FORMATS = ['table', 'json'] as const;
export type Format = (typeof FORMATS)[number];

export interface OutputOptions {
  readonly format: Format;
  readonly output?: string;
}

/** Adds the options by which a command is told where its result goes. */
export function withOutput(command: Command, formats: readonly string[] = FORMATS): Command {
  return command
    .addOption(new Option('--format <format>', 'form of the result').choices(formats).default('table'))
    .option('--output <file>', 'write the result to a file in place of standard output');
}

/** Writes the result, whole or not at all: a file appears under its name only when it is complete. */
export async function writeResult(
  pieces: Iterable<string>,
  { output }: Pick<OutputOptions, 'output'>,
  io: Io,
): Promise<void> {
  if (output === undefined) {
    for (const piece of pieces) io.stdout.write(piece);
    return;
  }
  const unfinished = `${output}.${String(process.pid)}.tmp`;
  try {
    const file = await open(unfinished, 'w');
    try {
      for (const piece of pieces) await file.write(piece);
    } finally {
      await file.close();
    }
    await rename(unfinished, output);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new OriginGuardError(
      'E1009',
      `cannot write ${output}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
