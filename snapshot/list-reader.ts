import * as z from 'zod';
import type { Scope } from '../core/ids.js';
import type { Collected, Owner } from './collected.js';
import type { Kind } from './coverage.js';
import { placeOf, type Flags } from './place.js';

/** The file an element came from. */
export interface FileContext {
  readonly path: string;
  /** What the folders of the file say. */
  readonly folder: Scope;
  readonly flags: Flags;
  /** The prefix lists, load balancers, listeners and groups of which the file holds entries, listeners, rules and rollback records. */
  readonly owners: Set<Owner>;
}

/** How one top-level key of AWS command output is read. */
export interface ListReader {
  /** Checks one element and keeps it; returns where it lives. */
  readonly keep: (element: unknown, into: Collected, file: FileContext) => Scope | null;
  /** The kind whose coverage the key proves: one element by itself says nothing of the others. */
  readonly kind: Kind | null;
  /** Whether the value is one object (an element, or a page with `Items`) and not a list of elements. */
  readonly single?: true;
  /** A page with `Items`: the elements inside, and whether more follow. */
  readonly page?: (value: unknown) => { readonly more: boolean; readonly items: readonly unknown[] };
  /** False for our own format, whose names are as written. */
  readonly awsNames?: false;
  /** For a key that other commands print too: an element, or a value that is no list, of theirs is passed over. */
  readonly isOurs?: (element: unknown) => boolean;
  /** What a file holds the elements of, where only its name says it; `null` for all there are. @default - the elements say it */
  readonly ownerOf?: (file: Pick<FileContext, 'path' | 'owners'>) => Owner | null;
}

/** The name of a file without its folders, on whichever system it was saved. */
export const fileNameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** Binds a schema to what is done with its value; the place is worked out from what the value says of itself. */
export function reader<S extends z.core.$ZodType>(
  kind: Kind | null,
  schema: S,
  keep: (value: z.output<S>, into: Collected, file: FileContext) => Scope | null,
  options: Omit<ListReader, 'keep' | 'kind'> = {},
): ListReader {
  return {
    kind,
    keep: (element, into, file) => keep(z.parse(schema, element, { reportInput: true }), into, file),
    ...options,
  };
}

/** Where an element of a file belongs. */
export const place = (file: FileContext, own: Parameters<typeof placeOf>[2]): Scope =>
  placeOf(file.folder, file.flags, own);
