import type { Doors } from '../../prove/command.js';
import { ACCOUNT, FakeSandbox, fakeWorld, RUN_ID } from './fake-sandbox.js';

export const LEDGER = `prove-${RUN_ID}.jsonl`;

export interface FakeDoors extends Doors {
  readonly files: Map<string, string>;
  readonly printed: () => string;
  readonly warned: () => string;
  readonly asked: string[];
  /** How often an account was opened, and how often it was ended. */
  readonly opened: () => readonly [number, number];
  typed: string;
  over: boolean;
}

/** A world around the command, with one account in it. */
export function fakeDoors(sandbox: FakeSandbox = new FakeSandbox()): FakeDoors {
  const files = new Map<string, string>();
  const printed: string[] = [];
  const warned: string[] = [];
  const counts = { opened: 0, ended: 0 };
  const doors: FakeDoors = {
    files,
    printed: () => printed.join(''),
    warned: () => warned.join(''),
    asked: [],
    opened: () => [counts.opened, counts.ended],
    typed: ACCOUNT,
    over: false,
    open: async () => {
      counts.opened += 1;
      return {
        sandbox,
        world: fakeWorld(),
        isOver: () => doors.over,
        end: () => {
          counts.ended += 1;
        },
      };
    },
    ask: async (question) => {
      doors.asked.push(question);
      return doors.typed;
    },
    print: (text) => printed.push(text),
    warn: (text) => warned.push(text),
    newRun: () => RUN_ID,
    append: (file, text) => files.set(file, (files.get(file) ?? '') + text),
    read: (file) => files.get(file) ?? '',
    write: (file, text) => files.set(file, text),
  };
  return doors;
}
