import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { types } from 'node:util';
import { createGunzip } from 'node:zlib';
import { OriginGuardError } from '../core/errors.js';
import { unreadable } from './files.js';
import { JsonSyntaxError } from './json-elements.js';

/** Measured from 128 KiB to 1 MiB, with a file on disk: large enough that the cost per read is lost. */
const CHUNK_BYTES = 1 << 20;

const GZIP = [0x1f, 0x8b];
const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_MARKS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
/** So many first bytes tell what a file is. */
const HEAD_BYTES = 4;

/**
 * The UTF-8 text of a file as chunks of bytes: decompressed when the content, not the name, says gzip, and without a
 * byte order mark; a chunk is valid until the next one is asked for. A file that cannot be read, damaged gzip and UTF-16 are errors; leaving the loop closes the file.
 *
 * @example
 * ```ts
 * await readJsonElements(openBytes('snapshot.json.gz'), handler);
 * ```
 */
export async function* openBytes(path: string): AsyncGenerator<Buffer, void, undefined> {
  const saved = withHead(fileBytes(path));
  try {
    const first = await saved.next();
    if (first.done === true) return;
    const bytes = resumed(first.value, saved);
    yield* utf8Text(startsWith(first.value, GZIP) ? withHead(gunzipped(path, bytes)) : bytes);
  } finally {
    await saved.return();
  }
}

/**
 * The bytes of a file as they are. Two buffers take turns, so that one is read while the other is worked on:
 * a chunk is valid until the next one is asked for.
 */
async function* fileBytes(path: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    const file = await open(path);
    const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
    const readInto = (buffer: Buffer): ReturnType<typeof file.read<Buffer>> => {
      const reading = file.read(buffer, 0, CHUNK_BYTES, null);
      // Its failure is taken up when the chunk is asked for; until then nobody waits for it.
      reading.catch(() => undefined);
      return reading;
    };
    let reading = readInto(buffers[0]);
    try {
      for (;;) {
        const { bytesRead, buffer } = await reading;
        if (bytesRead === 0) return;
        reading = readInto(buffer === buffers[0] ? buffers[1] : buffers[0]);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await Promise.allSettled([reading]);
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Several gzip members behind one another are one text, as `cat a.gz b.gz` makes them. */
async function* gunzipped(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  // Whatever fails, also while reading the file, comes out of the loop below: the callback has nothing to add.
  const gunzip = pipeline(Readable.from(copies(chunks)), createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (cause) {
    if (cause instanceof OriginGuardError) throw cause;
    const isShort = types.isNativeError(cause) && 'code' in cause && cause.code === 'Z_BUF_ERROR';
    const why = isShort ? 'its gzip data ends too early, so the file is cut short' : 'its gzip data is damaged';
    throw new OriginGuardError('E1004', `cannot read ${path}: ${why}`, { cause });
  }
}

/** A stream holds chunks for a while, so it needs them in memory of their own. */
async function* copies(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

async function* utf8Text(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let isHead = true;
  for await (const chunk of chunks) {
    yield isHead ? withoutMark(chunk) : chunk;
    isHead = false;
  }
}

function withoutMark(head: Buffer): Buffer {
  if (UTF16_MARKS.some((mark) => startsWith(head, mark)) || head.subarray(0, HEAD_BYTES).includes(0)) {
    throw new JsonSyntaxError('the text is UTF-16 (as Windows PowerShell writes it), save it as UTF-8; it starts', 0);
  }
  return startsWith(head, UTF8_MARK) ? head.subarray(UTF8_MARK.length) : head;
}

/** The same bytes; the first chunk has at least `HEAD_BYTES` of them, unless there are no more. */
async function* withHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield head;
    head = null;
  }
  if (head !== null && head.length > 0) yield head;
}

async function* resumed(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield head;
  yield* rest;
}

const startsWith = (bytes: Buffer, mark: readonly number[]): boolean =>
  mark.every((byte, index) => bytes[index] === byte);
