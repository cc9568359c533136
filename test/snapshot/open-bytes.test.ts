import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { JsonSyntaxError } from '../../snapshot/json-elements.js';
import { openBytes } from '../../snapshot/open-bytes.js';
import { propertyRuns } from '../support/property-runs.js';

const folder = mkdtempSync(join(tmpdir(), 'open-bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function saved(bytes: string | Uint8Array, suffix = ''): string {
  const path = join(folder, `${String(files++)}${suffix}`);
  writeFileSync(path, bytes);
  return path;
}

async function textOf(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of openBytes(path)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

const read = (bytes: string | Uint8Array): Promise<string> => textOf(saved(bytes));

/** A mebibyte that gzip cannot make small, so that both sides come in many chunks. */
const LONG = Array.from({ length: 1 << 20 }, (_, index) => ((index * 2654435761) >>> 0).toString(36).slice(-4)).join(
  '',
);
const MARK = '\ufeff';

describe('the text of a file', () => {
  it.each(['', '{', '{}', '[1]', '{"a":"żółw"}', LONG])('as it is', async (text) => {
    await expect(read(text)).resolves.toBe(text);
    await expect(read(MARK + text)).resolves.toBe(text);
  });

  it.each(['', '{', '{}', '[1]', '{"a":"żółw"}', LONG])('out of gzip, in one member or more', async (text) => {
    const middle = text.length >> 1;
    await expect(read(gzipSync(text))).resolves.toBe(text);
    await expect(read(gzipSync(MARK + text))).resolves.toBe(text);
    const members = [MARK, text.slice(0, middle), '', text.slice(middle)].map((part) => gzipSync(part));
    await expect(read(Buffer.concat(members))).resolves.toBe(text);
  });

  it('by content, whatever the name says', async () => {
    await expect(textOf(saved('{}', '.json.gz'))).resolves.toBe('{}');
    await expect(textOf(saved(gzipSync('{}'), '.json'))).resolves.toBe('{}');
  });

  it('any bytes that are not UTF-16, round trip', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.integer({ min: 0, max: 9 }), async (json, level) => {
        await expect(read(gzipSync(json, { level }))).resolves.toBe(json);
      }),
      { numRuns: Math.ceil(propertyRuns() / 6) },
    );
  });

  it('from a pipe that delivers byte by byte', async () => {
    for (const bytes of [Buffer.from(`${MARK}{}`), gzipSync(`${MARK}{}`)]) {
      const path = join(folder, String(files++));
      try {
        execFileSync('mkfifo', [path]);
      } catch {
        return; // a system without named pipes
      }
      const [text] = await Promise.all([textOf(path), writeSlowly(path, bytes)]);
      expect(text).toBe('{}');
    }
  });

  it('chunk by chunk, and the file is closed when the reader has had enough', async () => {
    for (const path of [saved(LONG), saved(gzipSync(LONG))]) {
      for await (const chunk of openBytes(path)) {
        expect(chunk.length).toBeLessThan(LONG.length);
        break;
      }
      for (let turn = 0; turn < 100 && isOpen(path); turn++) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(isOpen(path)).toBe(false);
    }
  });
});

async function writeSlowly(path: string, bytes: Buffer): Promise<void> {
  const pipe = await open(path, 'w');
  for (const byte of bytes) {
    await pipe.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await pipe.close();
}

/** Whether this process has the file open, where the system tells (Linux); else false. */
function isOpen(path: string): boolean {
  try {
    return readdirSync('/proc/self/fd').some((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === path;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

describe('what is refused', () => {
  it('UTF-16, with a mark or without, also inside gzip', async () => {
    const little = Buffer.from('{"a":1}', 'utf16le');
    const texts = [little, Buffer.from(`${MARK}{}`, 'utf16le'), Buffer.from(little).swap16()];
    for (const text of [...texts, Buffer.from(`${MARK}{}`, 'utf16le').swap16(), Buffer.from('5b00', 'hex')]) {
      for (const bytes of [text, gzipSync(text)]) {
        const reading = read(bytes);
        await expect(reading).rejects.toBeInstanceOf(JsonSyntaxError);
        await expect(reading).rejects.toThrow(/UTF-16.*save it as UTF-8/);
      }
    }
  });

  it('gzip cut anywhere', async () => {
    const whole = gzipSync('{"SecurityGroups":[{"GroupId":"sg-1"}]}');
    for (let length = 2; length < whole.length; length++) {
      const path = saved(whole.subarray(0, length));
      const detail = `cannot read ${path}: its gzip data ends too early, so the file is cut short`;
      await expect(textOf(path)).rejects.toMatchObject({ code: 'E1004', detail });
    }
  });

  it('gzip cut in its second member, or late in a long one', async () => {
    const first = gzipSync('[1]');
    const long = gzipSync(LONG);
    await expect(read(Buffer.concat([first, first.subarray(0, 15)]))).rejects.toThrow('ends too early');
    await expect(read(long.subarray(0, -9))).rejects.toThrow('ends too early');
  });

  it('damaged gzip', async () => {
    const bytes = gzipSync('{"SecurityGroups":[{"GroupId":"sg-1"}]}');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 6) ^ 1, bytes.length - 6);
    const path = saved(bytes);
    await expect(textOf(path)).rejects.toMatchObject({
      code: 'E1004',
      message: `E1004: cannot read ${path}: its gzip data is damaged`,
      cause: { code: 'Z_DATA_ERROR' },
    });
  });

  it('a file that is not there, and a folder', async () => {
    // Jest's sandbox has an Error of its own, so `unreadable` hands the system's error through untouched here.
    await expect(textOf(join(folder, 'none.json'))).rejects.toThrow(/there is no such file or folder|^ENOENT: .*none/);
    await expect(textOf(folder)).rejects.toThrow(/it is a folder|^EISDIR/);
  });
});
