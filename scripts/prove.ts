import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openAccounts } from '../aws/accounts.js';
import { startBudget } from '../aws/budget.js';
import { CallCounter } from '../aws/middleware/count-calls.js';
import { liveSandbox } from '../aws/prove/sandbox.js';
import { toProvingSession } from '../aws/prove/session.js';
import { OriginGuardError } from '../core/errors.js';
import { Region } from '../core/ids.js';
import { command, type Doors, type Opened } from '../prove/command.js';

/** Opens the account of the credentials for so many minutes. The first Ctrl-C ends that time, the second the process. */
async function open(
  { region, profile }: { readonly region: string; readonly profile: string | null },
  minutes: number,
): Promise<Opened> {
  const budget = startBudget(minutes * 60_000);
  const counter = new CallCounter();
  const interrupt = (): void => {
    process.stderr.write('interrupted: what was made is removed now\n');
    budget.end();
  };
  process.once('SIGINT', interrupt);
  try {
    const [session] = await openAccounts({
      ...(profile === null ? {} : { profile }),
      roleArns: [],
      regions: [Region.parse(region)],
      budget,
      counter,
    });
    return {
      sandbox: liveSandbox(toProvingSession(session, counter)),
      world: {
        now: () => performance.now(),
        sleep: (milliseconds) =>
          budget.run('waiting', async () => {
            await delay(milliseconds, undefined, { signal: budget.signal }).catch(() => undefined);
          }),
      },
      isOver: () => budget.signal.aborted,
      end: () => {
        process.removeListener('SIGINT', interrupt);
        budget.end();
      },
    };
  } catch (error) {
    process.removeListener('SIGINT', interrupt);
    budget.end();
    throw error;
  }
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve) => {
      // Ctrl-C, which would only pause it, and the end of the input close it without an answer.
      lines.once('SIGINT', () => {
        lines.close();
      });
      lines.once('close', () => resolve(''));
      lines.question(question).then(resolve, () => resolve(''));
    });
  } finally {
    lines.close();
  }
}

/** A file of the user's that cannot be used is theirs to put right. */
function withFile<T>(code: 'E1004' | 'E1009', file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OriginGuardError(code, `${file}: ${why}`, { cause: error });
  }
}

function append(file: string, text: string): void {
  withFile('E1009', file, () => {
    const handle = openSync(file, 'a', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** `20261129-163300-4f2a`: when, and which of those that began in the same second. */
function newRun(): string {
  const [day = '', time = ''] = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${day}-${time}-${randomBytes(2).toString('hex')}`;
}

/** The world as the command finds it. */
export const doors: Doors = {
  open,
  ask,
  print: (text) => process.stdout.write(text),
  warn: (text) => process.stderr.write(text),
  newRun,
  append,
  read: (file) => withFile('E1004', file, () => readFileSync(file, 'utf8')),
  write: (file, text) => {
    withFile('E1009', file, () => {
      writeFileSync(file, text);
    });
  },
};

/** Carries out the command line; answers with the exit code. */
export async function prove(args: readonly string[]): Promise<number> {
  try {
    return await command(args, doors);
  } catch (error) {
    if (!(error instanceof OriginGuardError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.source === 'internal' ? 4 : 2;
  }
}

if (require.main === module)
  void prove(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
