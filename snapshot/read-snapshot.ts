import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OriginGuardError } from '../core/errors.js';
import type { PrefixListId } from '../core/ids.js';
import { Collected } from './collected.js';
import { ConfigItems } from './config-items.js';
import { explainFailure } from './file-failures.js';
import { FileReader } from './file-reader.js';
import { listFiles } from './files.js';
import { JsonSyntaxError, readJsonElements } from './json-elements.js';
import { LISTS } from './kinds.js';
import type { FileContext } from './list-reader.js';
import { openBytes } from './open-bytes.js';
import { placeOfPath, type Flags } from './place.js';
import { savedPorts, type SavedPorts } from './saved-ports.js';

export interface SnapshotOptions {
  /** Account and Region of input that names none. */
  readonly flags: Flags;
  /** Stands for CloudFront's list where the input holds no prefix lists. */
  readonly cloudfrontPrefixLists: readonly PrefixListId[];
  readonly onFile?: (path: string, index: number, count: number) => void;
}

export type Snapshot = SavedPorts;

/**
 * Reads saved AWS data into ports: the same that a live account is read through.
 *
 * Raises `E1004` for a path or file that cannot be read, `E1005` for a recognized key with a value of another
 * shape, `E1006` when nothing is recognized.
 */
export async function readSnapshot(paths: readonly string[], options: SnapshotOptions): Promise<Snapshot> {
  const files = await listFiles(paths);
  const into = new Collected();
  const items = new ConfigItems();
  let recognized = 0;
  for (const [index, path] of files.entries()) {
    options.onFile?.(path, index, files.length);
    const file = { path, folder: placeOfPath(resolve(path)), flags: options.flags, owners: new Set<never>() };
    if (await readFile(file, into, items)) recognized += 1;
    else into.warnings.add(`${path}: no key of this file is recognized, so it is left out`);
  }
  items.settle(into);
  if (recognized === 0) throw nothingRecognized(paths, files);
  return savedPorts(into, options);
}

function nothingRecognized(paths: readonly string[], files: readonly string[]): OriginGuardError {
  const looked =
    files.length === 0
      ? 'holds no .json or .json.gz file'
      : `holds no file with a recognized key (looked at ${files.slice(0, 3).join(', ')})`;
  const keys = [...Object.keys(LISTS), 'Entries', 'configurationItems'].join(', ');
  return new OriginGuardError('E1006', `${paths.join(', ')} ${looked}; recognized keys: ${keys}`);
}

async function readFile(file: FileContext, into: Collected, items: ConfigItems): Promise<boolean> {
  const reader = new FileReader(file, into, items);
  try {
    await readJsonElements(openBytes(file.path), reader);
    reader.finish();
  } catch (error) {
    throw (await isEmpty(error, file)) ? nothingPrinted(file, error) : explainFailure(error, file, reader.where);
  }
  return reader.recognized;
}

const isEmpty = async (error: unknown, { path }: FileContext): Promise<boolean> =>
  error instanceof JsonSyntaxError && (await stat(path)).size === 0;

/** `aws cloudfront list-distributions > file` leaves such a file behind where there is none, but so does a failure. */
const nothingPrinted = ({ path }: FileContext, cause: unknown): OriginGuardError =>
  new OriginGuardError(
    'E1004',
    `${path} is empty: found 0 bytes, expected JSON; the AWS command line prints nothing for an empty list, nor when it fails: save it again with --no-paginate, which prints an empty list as JSON`,
    { cause },
  );
