import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OriginGuardError } from '../core/errors.js';
import { compareText } from '../core/fact.js';
import type { AccountId, Region } from '../core/ids.js';
import type { DeniedItem } from '../wire/denied.js';
import type { Resolution } from '../wire/names.js';

/** One answer of AWS, and where it came from. */
export interface SavedPage {
  readonly accountId: AccountId;
  /** `null` for what is not Regional. */
  readonly region: Region | null;
  /** The operation as the AWS CLI spells it. */
  readonly command: string;
  /** What the file's name must carry, where the answer does not. */
  readonly about?: string;
  readonly page: object;
}

/** Writes pages into the layout that is read with `--from`. */
export interface PageWriter {
  /** Keeps a page as it is now; header values must be hidden before. */
  readonly keep: (page: SavedPage) => void;
  readonly keepResolutions: (resolutions: readonly Resolution[]) => void;
  /** Keeps that a read was denied: what is not there must not look as if nobody had asked for it. */
  readonly keepDenied: (denied: DeniedItem) => void;
  /** Writes everything kept, whole or not at all, and tells how many files it was. Raises `E1009` when it cannot. */
  readonly write: () => Promise<number>;
}

/** Only the owner may read what was collected. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Opens a new or empty folder to write pages into.
 *
 * Raises `E1012` when there is something in it, `E1009` when it cannot be made.
 */
export async function openPageWriter(folder: string): Promise<PageWriter> {
  await orCannotWrite(folder, () => mkdir(folder, { recursive: true, mode: FOLDER_MODE }));
  const [first] = await orCannotWrite(folder, () => readdir(folder));
  if (first !== undefined) {
    throw new OriginGuardError('E1012', `${folder} holds ${first}; give a folder that is new or empty`);
  }
  const files = new Map<string, string>();
  const counts = new Map<string, number>();
  const keep = (place: string, name: string, content: object): void => {
    const stem = `${place}/${name}`;
    // File systems may take capital and small letters for the same.
    const count = (counts.get(stem.toLowerCase()) ?? 0) + 1;
    counts.set(stem.toLowerCase(), count);
    files.set(`${stem}-${String(count)}.json`, `${JSON.stringify(sortKeys(content), null, 2)}\n`);
  };
  return {
    keep: ({ accountId, region, command, about, page }) => {
      const { $metadata: _, ...content } = page as { readonly $metadata?: unknown };
      const name = [command, ...(about === undefined ? [] : [about])].map(fileName).join('-');
      keep(`${accountId}/${region ?? NO_REGION}`, name, content);
    },
    keepResolutions: (resolutions) => {
      if (resolutions.length > 0) keep(NAMES, 'resolutions', { Resolutions: resolutions });
    },
    keepDenied: (denied) => {
      keep(`${denied.accountId}/${denied.region}`, 'denied', { Denied: [denied] });
    },
    write: () => orCannotWrite(folder, () => writeAll(folder, files)),
  };
}

/** A folder that names no Region, below that of an account: see `placeOfPath`. */
const NO_REGION = 'global';
/** The folder of what belongs to no account. */
const NAMES = 'names';

const LONGEST_NAME = 120;
const fileName = (text: string): string => text.replaceAll(/[^\w.-]/g, '_').slice(0, LONGEST_NAME);

/** Folders are made by this run or not at all, so nothing that another one wrote can be replaced. */
async function writeAll(folder: string, files: ReadonlyMap<string, string>): Promise<number> {
  const made: string[] = [];
  try {
    for (const place of [...new Set([...files.keys()].flatMap(foldersOf))].sort()) {
      await mkdir(join(folder, place), { mode: FOLDER_MODE });
      made.push(place);
    }
    for (const [name, text] of files) {
      const path = join(folder, name);
      await writeFile(`${path}.tmp`, text, { flag: 'wx', mode: FILE_MODE });
      await rename(`${path}.tmp`, path);
    }
    return files.size;
  } catch (error) {
    for (const place of made) await rm(join(folder, place), { recursive: true, force: true });
    throw error;
  }
}

/** `a` and `a/b` of `a/b/file`. */
const foldersOf = (file: string): readonly string[] => {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
};

/** Dates become ISO texts and keys their alphabetical order, so that two runs can be compared line by line. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  // A date has no members.
  return members.length === 0 ? value : Object.fromEntries(members.map(([key, member]) => [key, sortKeys(member)]));
}

async function orCannotWrite<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OriginGuardError) throw error;
    throw new OriginGuardError('E1009', `cannot write to ${folder}: ${messageOf(error)}`, { cause: error });
  }
}

/** By its shape: where a test has globals of its own, Node's errors are instances of another `Error`. */
const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
