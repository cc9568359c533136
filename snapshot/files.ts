import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OriginGuardError } from '../core/errors.js';
import { compareText } from '../core/fact.js';

const JSON_FILE = /\.json(\.gz)?$/i;

/** The files that paths stand for: a file itself, whatever its name, and every `.json` and `.json.gz` below a folder. */
export async function listFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => expand(path, true)));
  return [...new Set(found.flat())];
}

async function expand(path: string, named: boolean): Promise<readonly string[]> {
  try {
    const info = await stat(path);
    if (!info.isDirectory()) return named || JSON_FILE.test(path) ? [path] : [];
    const entries = await readdir(path, { withFileTypes: true });
    const inside = entries
      .filter((entry) => entry.isDirectory() || JSON_FILE.test(entry.name))
      .map(({ name }) => join(path, name))
      .sort(compareText);
    return (await Promise.all(inside.map((inner) => expand(inner, false)))).flat();
  } catch (error) {
    throw unreadable(path, error);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you have no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
};

/** An operating system's error on a path, in words. */
export function unreadable(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null) return error;
  return new OriginGuardError('E1004', `cannot read ${path}: ${WHY[code] ?? code}`, { cause: error });
}
