import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { OriginGuardError } from '../core/errors.js';
import { jsonProblem } from '../core/json-problem.js';
import type { PrefixListId, Scope } from '../core/ids.js';
import { Collected } from './collected.js';
import { ConfigItems, isConfigurationItem, WANTED_TYPES } from './config-items.js';
import { listFiles, unreadable } from './files.js';
import { JsonSyntaxError, readJsonElements, type JsonHandler, type MemberPlan } from './json-elements.js';
import {
  keepEntries,
  KNOWN_BUT_UNUSED,
  LISTS,
  PAGE_TOKENS,
  prefixListIdOfFile,
  type FileContext,
  type ListReader,
} from './kinds.js';
import { openBytes } from './open-bytes.js';
import { placeOfPath, type Flags } from './place.js';
import { savedPorts, type SavedPorts } from './saved-ports.js';
import { PrefixListEntryItem } from '../wire/ec2.js';
import { lowerFirstKeys } from '../wire/shared.js';

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

/** Members of a configuration item that may stand at the top level of a file, when the file is one item. */
const ITEM_MEMBERS: ReadonlySet<string> = new Set([
  ...['resourceType', 'resourceId', 'configuration', 'configurationItemStatus', 'configurationItemCaptureTime'],
  ...['configurationStateId', 'awsAccountId', 'accountId', 'awsRegion', 'ARN', 'arn', 'tags'],
]);

/** Takes the members of one file as they go by, and keeps what somebody asks about. */
class FileReader implements JsonHandler {
  recognized = false;
  /** The element in hand, for messages. */
  where = '';
  readonly #places = new Map<ListReader, Map<string, Scope>>();
  readonly #more = new Set<ListReader>();
  readonly #lists = new Set<ListReader>();
  readonly #item: Record<string, unknown> = {};
  #pageToken = false;

  constructor(
    private readonly file: FileContext,
    private readonly into: Collected,
    private readonly items: ConfigItems,
  ) {}

  plan(key: string): MemberPlan {
    const list = listOf(key);
    if (list?.single === true) return 'value';
    if (list !== undefined || key === 'configurationItems' || key === 'Entries') {
      // An empty list is seen too, and hands out no element that would tell.
      this.recognized = true;
      if (list !== undefined) this.#lists.add(list);
      if (key === 'Entries') this.#noteEntries();
      return 'elements';
    }
    if (KNOWN_BUT_UNUSED.has(key)) this.recognized = true;
    return PAGE_TOKENS.has(key) || ITEM_MEMBERS.has(key) ? 'value' : 'skip';
  }

  wants(key: string | null, resourceType: string | null): boolean {
    if (key !== null && key !== 'configurationItems') return true;
    if (resourceType !== null) this.recognized = true;
    return resourceType === null || WANTED_TYPES.has(resourceType);
  }

  element(key: string | null, index: number, json: Buffer): void {
    this.where = key === null ? `[${String(index)}]` : `${key}[${String(index)}]`;
    const value = JSON.parse(json.toString('utf8')) as unknown;
    if (key === null || key === 'configurationItems') this.#keepItem(value, key !== null);
    else if (key === 'Entries') this.#keepEntry(value);
    else this.#keep(LISTS[key], value);
  }

  value(key: string, json: Buffer): void {
    this.where = key;
    const value = JSON.parse(json.toString('utf8')) as unknown;
    const list = listOf(key);
    if (list?.page !== undefined) this.#keepPage(list, value, key);
    else if (list?.single === true) this.#keep(list, value);
    else if (list !== undefined || key === 'configurationItems' || key === 'Entries')
      throw notAList(this.file, key, value);
    else if (PAGE_TOKENS.has(key)) this.#pageToken ||= value !== null && value !== '';
    else this.#item[key] = value;
  }

  finish(): void {
    if (isConfigurationItem(this.#item)) this.#keepItem(this.#item, true);
    for (const list of this.#lists) this.#noteCoverage(list);
    if (!this.#pageToken) for (const owner of this.file.owners) this.into.ended.add(owner);
  }

  #keepItem(value: unknown, certain: boolean): void {
    const isItem =
      value !== null &&
      typeof value === 'object' &&
      !Array.isArray(value) &&
      isConfigurationItem(value as Record<string, unknown>);
    if (!isItem && !certain) return;
    this.recognized = true;
    this.items.add(value, this.file, this.into);
  }

  #keepEntry(value: unknown): void {
    keepEntries(
      this.#entriesOf(),
      [PrefixListEntryItem.parse(lowerFirstKeys(value), { reportInput: true })],
      this.into,
    );
  }

  /** A list without entries is known to have none. */
  #noteEntries(): void {
    const id = prefixListIdOfFile(this.file.path);
    if (id === null) return;
    keepEntries(id, [], this.into);
    this.file.owners.add(id);
  }

  #entriesOf(): PrefixListId {
    const id = prefixListIdOfFile(this.file.path);
    if (id !== null) return id;
    throw new OriginGuardError(
      'E1005',
      `${this.file.path}: Entries: the list they belong to is taken from the file's name, which holds no pl- id; name the file like pl-0abc1234.json`,
    );
  }

  #keepPage(list: ListReader, value: unknown, key: string): void {
    this.recognized = true;
    this.#lists.add(list);
    const { more, items } = list.page?.(lowerFirstKeys(value)) ?? { more: false, items: [] };
    if (more) this.#more.add(list);
    for (const [index, item] of items.entries()) {
      this.where = `${key}.Items[${String(index)}]`;
      this.#place(list, list.keep(item, this.into, this.file));
    }
  }

  #keep(list: ListReader | undefined, value: unknown): void {
    if (list === undefined) return;
    this.recognized = true;
    this.#lists.add(list);
    this.#place(list, list.keep(list.awsNames === false ? value : lowerFirstKeys(value), this.into, this.file));
  }

  #place(list: ListReader, scope: Scope | null): void {
    if (scope === null) return;
    const places = this.#places.get(list) ?? new Map<string, Scope>();
    this.#places.set(list, places.set(`${scope.accountId ?? ''}|${scope.region ?? ''}`, scope));
  }

  #noteCoverage(list: ListReader): void {
    const more = this.#more.has(list) || this.#pageToken;
    if (list.kind === null) return;
    const { folder, flags } = this.file;
    const whole: Scope = { accountId: folder.accountId ?? flags.accountId, region: folder.region ?? flags.region };
    const isGlobal = list.kind === 'distributions' || list.kind === 'vpcOrigins' || list.kind === 'distributionTenants';
    const places = this.#places.get(list);
    for (const scope of places?.values() ?? [whole]) {
      this.into.coverage.note(list.kind, isGlobal ? { ...scope, region: null } : scope, more);
    }
  }
}

const listOf = (key: string): ListReader | undefined => (Object.hasOwn(LISTS, key) ? LISTS[key] : undefined);

const notAList = ({ path }: FileContext, key: string, value: unknown): OriginGuardError =>
  new OriginGuardError('E1005', `${path}: ${key}: found ${describe(value)}, expected a list`);

/** Any failure on a file in one message that names the file and the field. */
function explainFailure(error: unknown, { path }: FileContext, where: string): unknown {
  if (error instanceof OriginGuardError) return error;
  if (error instanceof JsonSyntaxError)
    return new OriginGuardError('E1004', `${path} is not readable JSON: ${error.message}`, { cause: error });
  if (error instanceof SyntaxError)
    return new OriginGuardError('E1004', `${path} is not readable JSON: ${where}: ${jsonProblem(error)}`, {
      cause: error,
    });
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    const field = [where, ...(issue?.path ?? [])].map((part) =>
      typeof part === 'number' ? `[${String(part)}]` : String(part),
    );
    const found = 'input' in (issue ?? {}) ? `found ${describe(issue?.input)}, ` : '';
    return new OriginGuardError(
      'E1005',
      `${path}: ${joinField(field, where)}: ${found}${expectedText(issue?.message)}`,
      { cause: error },
    );
  }
  return unreadable(path, error);
}

/** Our own messages say what is expected; those of the library also repeat what was found, as a type. */
const expectedText = (message = 'expected another shape'): string =>
  message.replace(/^Invalid (?:input|option): /, '').replace(/, received \w+$/, '');

/** Fields of AWS command output as the file spells them: the schemas read them with a small first letter. */
function joinField(parts: readonly string[], where: string): string {
  const isItem = where.includes('configuration') || where.startsWith('[') || where === '';
  const [first = '', ...rest] = parts;
  return rest.reduce((text, part) => {
    if (part.startsWith('[')) return text + part;
    const spelled = isItem ? part : part.charAt(0).toUpperCase() + part.slice(1);
    return text === '' ? spelled : `${text}.${spelled}`;
  }, first);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
