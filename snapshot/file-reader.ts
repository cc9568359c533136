import { OriginGuardError } from '../core/errors.js';
import type { PrefixListId, Scope } from '../core/ids.js';
import { PrefixListEntryItem } from '../wire/ec2.js';
import { lowerFirstKeys } from '../wire/shared.js';
import type { Collected } from './collected.js';
import { isConfigurationItem, WANTED_TYPES, type ConfigItems } from './config-items.js';
import { foundInstead } from './file-failures.js';
import type { JsonHandler, MemberPlan } from './json-elements.js';
import { keepEntries, LISTS, PAGE_TOKENS, prefixListIdOfFile } from './kinds.js';
import type { FileContext, ListReader } from './list-reader.js';

/** Members of a configuration item that may stand at the top level of a file, when the file is one item. */
const ITEM_MEMBERS: ReadonlySet<string> = new Set([
  ...['resourceType', 'resourceId', 'configuration', 'configurationItemStatus', 'configurationItemCaptureTime'],
  ...['configurationStateId', 'awsAccountId', 'accountId', 'awsRegion', 'ARN', 'arn', 'tags'],
]);

/** Takes the members of one file as they go by, and keeps what somebody asks about. */
export class FileReader implements JsonHandler {
  recognized = false;
  /** The element in hand, for messages. */
  where = '';
  readonly #places = new Map<ListReader, Map<string, Scope>>();
  readonly #more = new Set<ListReader>();
  readonly #lists = new Set<ListReader>();
  /** Lists under keys that other commands print too, and those of them in which something was theirs. */
  readonly #doubtful = new Set<ListReader>();
  readonly #theirs = new Set<ListReader>();
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
    if (list?.isOurs !== undefined) {
      this.#doubtful.add(list);
      return 'elements';
    }
    if (list !== undefined || key === 'configurationItems' || key === 'Entries') {
      // An empty list is seen too, and hands out no element that would tell.
      this.recognized = true;
      if (list !== undefined) this.#lists.add(list);
      if (key === 'Entries') this.#noteEntries();
      return 'elements';
    }
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
    else if (list?.isOurs !== undefined) this.#theirs.add(list);
    else if (list !== undefined || key === 'configurationItems' || key === 'Entries')
      throw notAList(this.file, key, value);
    else if (PAGE_TOKENS.has(key)) this.#pageToken ||= value !== null && value !== '';
    else this.#item[key] = value;
  }

  finish(): void {
    if (isConfigurationItem(this.#item)) this.#keepItem(this.#item, true);
    for (const list of this.#doubtful) if (!this.#theirs.has(list)) this.#see(list);
    for (const list of this.#lists) this.#noteSeen(list);
    const seen = this.#pageToken ? this.into.begun : this.into.ended;
    for (const owner of this.file.owners) seen.add(owner);
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
    this.#see(list);
    const { more, items } = list.page?.(lowerFirstKeys(value)) ?? { more: false, items: [] };
    if (more) this.#more.add(list);
    for (const [index, item] of items.entries()) {
      this.where = `${key}.Items[${String(index)}]`;
      this.#place(list, list.keep(item, this.into, this.file));
    }
  }

  #keep(list: ListReader | undefined, value: unknown): void {
    if (list === undefined) return;
    const spelled = list.awsNames === false ? value : lowerFirstKeys(value);
    if (list.isOurs?.(spelled) === false) {
      this.#theirs.add(list);
      return;
    }
    this.#see(list);
    this.#place(list, list.keep(spelled, this.into, this.file));
  }

  #see(list: ListReader): void {
    this.recognized = true;
    this.#lists.add(list);
  }

  #place(list: ListReader, scope: Scope | null): void {
    if (scope === null) return;
    const places = this.#places.get(list) ?? new Map<string, Scope>();
    this.#places.set(list, places.set(`${scope.accountId ?? ''}|${scope.region ?? ''}`, scope));
  }

  /** What is now known to be seen: all there is at some place, or all that belongs to the owner that the file names. */
  #noteSeen(list: ListReader): void {
    const owner = list.ownerOf?.(this.file) ?? null;
    if (owner === null) this.#noteCoverage(list);
    else this.file.owners.add(owner);
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

const A_LIST = 'expected a list';

const notAList = ({ path }: FileContext, key: string, value: unknown): OriginGuardError =>
  new OriginGuardError('E1005', `${path}: ${key}: found ${foundInstead(value, A_LIST)}, ${A_LIST}`);
