import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { venvFolder } from './command.js';

/** An AWS that nobody here wrote, on a loopback port of its own. */
export interface MotoServer {
  readonly url: string;
  readonly pid: number;
  /** Forgets every account; credentials that it gave out are gone too. */
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** `moto_server`, ending also when its standard input does: a test run that is killed leaves no process behind. */
const PROGRAM = `
import os, sys, threading
from moto.server import main

def end_with_parent():
    while os.read(0, 1024):
        pass
    os._exit(0)

threading.Thread(target=end_with_parent, daemon=True).start()
main(sys.argv[1:])
`;

const START_MS = 40_000;

/** Starts a server on a port that the operating system picks, and waits until it answers. */
export async function startMoto(): Promise<MotoServer> {
  const python = join(venvFolder(), 'python');
  const child = spawn(python, ['-c', PROGRAM, '-H', '127.0.0.1', '-p', '0'], {
    env: { PATH: process.env['PATH'] ?? '', PYTHONUNBUFFERED: '1' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  try {
    const url = await addressOf(child);
    await answers(url);
    return {
      url,
      pid: child.pid ?? Number.NaN,
      reset: async () => {
        const response = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
        if (!response.ok) throw new Error(`moto did not reset: ${String(response.status)}`);
      },
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** The address that the server prints when it has its port; whatever it prints later is read and dropped. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`moto_server did not start in time: ${said}`)), START_MS);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new Error(`moto_server did not start: ${why} ${said}`));
    };
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`exit code ${String(code)}`));
  });
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    try {
      if ((await fetch(`${url}/moto-api/data.json`)).ok) return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await delay(50);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exited;
  clearTimeout(timer);
}
