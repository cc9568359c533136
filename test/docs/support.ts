import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seen } from '../support/planted-secrets.js';

export const ROOT = join(__dirname, '..', '..');

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A fenced block of a page: its language, what stands in it, and the line of text before it. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  readonly lead: string;
}

/** Every fenced block of a page, in order. */
export function fencesOf(page: string): readonly Fence[] {
  return [...page.matchAll(/(?:^|\n)([^\n]*)\n\n```(\w*)\n([\s\S]*?)\n```/g)].map(([, lead, language, text]) => ({
    lead: lead ?? '',
    language: language ?? '',
    text: text ?? '',
  }));
}

const made: string[] = [];

/** An empty folder that is gone when the tests of the file are through. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-docs-'));
  made.push(folder);
  return folder;
}

export function removeTempFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder with some of the project's files, and its packages. */
export function copyOf(paths: readonly string[]): string {
  const folder = tempFolder();
  for (const path of paths) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node.js in a folder, to the end. */
export function node(args: readonly string[], cwd: string = ROOT): Outcome {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env });
  seen(stdout + stderr, args.join(' '));
  return { code: status, stdout, stderr };
}
