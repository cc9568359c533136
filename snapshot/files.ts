import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OriginGuardError } from '../core/errors.js';
import { compareText } from '../core/fact.js';

const JSON_FILE = /\.json(\.gz)?$/i;

/**
 * The files that paths stand for: a file itself, whatever its name, and every `.json` and `.json.gz` below a folder.
 * Links are followed; a folder that is met again is not walked again, so a circle ends.
 */
export async function listFiles(paths: readonly string[]): Promise<readonly string[]> {
  const walked = new Set<string>();
  const found: string[] = [];
  for (const path of paths) found.push(...(await expand(path, walked, true)));
  return [...new Set(found)];
}

async function expand(path: string, walked: Set<string>, named: boolean): Promise<readonly string[]> {
  try {
    const info = await stat(path);
    if (!info.isDirectory()) return named || JSON_FILE.test(path) ? [path] : [];
    const folder = await realpath(path);
    if (walked.has(folder)) return [];
    walked.add(folder);
    const entries = await readdir(path, { withFileTypes: true });
    const inside = entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink() || JSON_FILE.test(entry.name))
      .map(({ name }) => join(path, name))
      .sort(compareText);
    const found: string[] = [];
    for (const inner of inside) found.push(...(await expand(inner, walked, false)));
    return found;
  } catch (error) {
    throw unreadable(path, error);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you have no permission to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ELOOP: 'its links lead in a circle',
};

/** By its shape: where a test has globals of its own, Node's errors are instances of another `Error`. */
const isSystemError = (error: unknown): error is { readonly code: string } =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';

/** An operating system's error on a path, in words. */
export function unreadable(path: string, error: unknown): unknown {
  if (error instanceof OriginGuardError || !isSystemError(error)) return error;
  const { code } = error;
  return new OriginGuardError('E1004', `cannot read ${path}: ${WHY[code] ?? code}`, { cause: error });
}
