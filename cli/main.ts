import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { OriginGuardError } from '../core/errors.js';
import { collectCommand } from './commands/collect.js';
import { explainCommand } from './commands/explain.js';
import { planCommand } from './commands/plan.js';
import { rulesCommand } from './commands/rules.js';
import { scanCommand } from './commands/scan.js';
import { EXIT } from './exit-codes.js';
import type { Io } from './io.js';

/** Runs one command line and answers with its exit code; never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.clean;
  const exit = (given: number): void => {
    code = given;
  };
  const program = new Command('origin-guard')
    .description('Tells which load balancers behind CloudFront can be reached around it.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => undefined })
    .addHelpText(
      'after',
      '\nExample:\n  origin-guard scan --from examples/article-before\n\nExit codes of scan and explain: 0 all closed, 1 something is open, 3 something cannot be told, 2 wrong use or input, 4 our own fault; of plan: 0 nothing to do or a plan, 1 refused.\n',
    );
  const commands = [
    scanCommand(io, exit),
    explainCommand(io, exit),
    planCommand(io, exit),
    collectCommand(io, exit),
    rulesCommand(io, exit),
  ];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    if (argv.length === 0) throw new OriginGuardError('E1003', 'no command given; see origin-guard --help');
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, io);
  }
}

/** One message for people, and the exit code; the stack only for what is our own fault. */
function report(error: unknown, { stderr }: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.clean;
    stderr.write(`origin-guard: E1003: ${oneLine(error.message.replace(/^error: /, ''))}; see origin-guard --help\n`);
    return EXIT.usage;
  }
  if (error instanceof OriginGuardError && error.source !== 'internal') {
    stderr.write(`origin-guard: ${oneLine(error.message)}\n`);
    return EXIT.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`origin-guard: this is our own fault, please open an issue with this text\n${detail}\n`);
  return EXIT.internal;
}

/** A message quotes what it found, and that may be several lines. */
const oneLine = (text: string): string => text.trim().replace(/\s*[\r\n]+\s*/g, ' ');

/** The process: real streams, real clock, real exit. */
export function run(): void {
  const { stdout, stderr, env } = process;
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  void main(process.argv.slice(2), { stdout, stderr, env, now: () => new Date() }).then((code) => {
    process.exitCode = code;
  });
}
