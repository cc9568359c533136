/* eslint-disable @typescript-eslint/no-non-null-assertion -- each index is held against the length first, and a fallback value per byte would cost speed */
import { JsonSyntaxError, type JsonHandler, type MemberPlan } from './json-handler.js';
import { expectedText, shown, subjectText, wordText, type Role, type State } from './json-words.js';

// Here and not in a module of their own: every use of an import is a look-up, and these are used for every byte.
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** `]` is two above `[`, and `}` two above `{`. */
const TO_CLOSE = 2;

/** What a byte outside strings means. The order matters: `skip` stops from `IS_QUOTE` on. */
const IS_PLAIN = 0;
const IS_SPACE = 1;
const IS_COLON = 2;
const IS_COMMA = 3;
const IS_QUOTE = 4;
const IS_OPEN = 5;
const IS_CLOSE = 6;
const MEANING = new Uint8Array(256);
for (const space of Buffer.from(' \t\n\r')) MEANING[space] = IS_SPACE;
MEANING[COLON] = IS_COLON;
MEANING[COMMA] = IS_COMMA;
MEANING[QUOTE] = IS_QUOTE;
MEANING[OPEN_BRACKET] = MEANING[OPEN_BRACE] = IS_OPEN;
MEANING[CLOSE_BRACKET] = MEANING[CLOSE_BRACE] = IS_CLOSE;

/** Where a position is relative to strings. `AFTER_BACKSLASH` is kept only across the end of a chunk. */
const OUTSIDE = 0;
const IN_STRING = 1;
const AFTER_BACKSLASH = 2;

const RESOURCE_TYPE = Buffer.from('resourceType');
/** No spelling of that key is longer: each of its characters as `\uXXXX`. */
const LONGEST_SPELLING = 6 * RESOURCE_TYPE.length;
const WORD = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** How many brackets may be open at once inside one value: their stack grows with depth, a byte each. */
const MAX_DEPTH = 1 << 24;
/** The buffer for values that span chunks is reused up to this size, and given back above it. */
const KEPT_CAPACITY = 1 << 23;
/** Resource types repeat: a table of this many short ones spares decoding them each time. A power of two. */
const TYPE_SLOTS = 1 << 10;
const LONGEST_CACHED_TYPE = 128;

interface CachedType {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Everything that must survive the end of a chunk. Positions count from the chunk's first byte. */
export class JsonScanner {
  private chunk: Buffer = Buffer.alloc(0);
  /** Offset of the chunk's first byte in the text. */
  private base = 0;

  private state: State = 'start';
  private shape: 'object' | 'array' = 'object';
  private key: string | null = null;
  private memberPlan: MemberPlan = 'skip';
  private index = 0;

  /** The value in progress. When `start` is below 0, the bytes before this chunk are in `kept`. */
  private role: Role = 'skipped';
  private start = 0;
  private wanted = false;
  private keeping = false;
  private kept: Buffer = Buffer.alloc(0);
  private keptLength = 0;

  /** The brackets and the string that are open inside the value in progress. */
  private opened: Uint8Array = new Uint8Array(256);
  private depth = 0;
  private inString: number = OUTSIDE;

  /** The search for "resourceType" at the top level of an object element. */
  private hunting = false;
  private decided = false;
  private stringStart = 0;
  private escaped = false;
  private afterColon = false;
  private typeNamed = false;
  private typeValue = false;
  private readonly types = new Array<CachedType | undefined>(TYPE_SLOTS).fill(undefined);

  constructor(
    private readonly handler: JsonHandler,
    private readonly maxBytes: number,
  ) {}

  push(chunk: Buffer): void {
    this.chunk = chunk;
    const { length } = chunk;
    let pos = 0;
    while (pos < length) {
      if (this.state === 'in-value') {
        pos = this.hunting ? this.hunt(pos) : this.skip(pos, 0);
        if (this.depth === 0 && this.inString === OUTSIDE) this.finish(pos);
      } else if (this.state === 'in-word') {
        while (pos < length && MEANING[chunk[pos]!] === IS_PLAIN) pos++;
        if (pos < length) this.finishWord(pos);
      } else {
        const byte = chunk[pos]!;
        if (MEANING[byte] !== IS_SPACE) this.take(byte, pos);
        pos++;
      }
    }
    if (this.inProgress()) this.carry();
    this.base += length;
  }

  end(): 'object' | 'array' {
    if (this.state === 'end') return this.shape;
    if (this.inProgress())
      throw new JsonSyntaxError(
        `unexpected end of file inside ${subjectText(this.role, this.key, this.index)}`,
        this.base,
      );
    const found = this.state === 'start' ? 'an empty file' : 'the end of the file';
    throw new JsonSyntaxError(
      `expected ${expectedText(this.state, this.key, this.index)} but found ${found}`,
      this.base,
    );
  }

  private inProgress(): boolean {
    return this.state === 'in-value' || this.state === 'in-word';
  }

  /** One byte of the strict level: decides what it begins, ends or breaks. */
  private take(byte: number, pos: number): void {
    switch (this.state) {
      case 'start':
        if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) this.refuse(byte, pos);
        this.shape = byte === OPEN_BRACE ? 'object' : 'array';
        this.state = byte === OPEN_BRACE ? 'first-key' : 'first-element';
        return;
      case 'first-key':
      case 'key':
        if (byte === QUOTE) this.begin('key', byte, pos);
        else if (byte === CLOSE_BRACE && this.state === 'first-key') this.state = 'end';
        else this.refuse(byte, pos);
        return;
      case 'colon':
        if (byte !== COLON) this.refuse(byte, pos);
        this.state = 'member-value';
        return;
      case 'member-value':
        if (this.memberPlan === 'elements' && byte === OPEN_BRACKET) this.state = 'first-element';
        else this.begin(this.memberPlan === 'skip' ? 'skipped' : 'value', byte, pos);
        return;
      case 'after-member':
        if (byte === COMMA) this.state = 'key';
        else if (byte === CLOSE_BRACE) this.state = 'end';
        else this.refuse(byte, pos);
        return;
      case 'first-element':
        this.index = 0;
        if (byte === CLOSE_BRACKET) this.state = this.shape === 'array' ? 'end' : 'after-member';
        else this.begin('element', byte, pos);
        return;
      case 'element':
        this.begin('element', byte, pos);
        return;
      case 'after-element':
        if (byte === COMMA) {
          this.state = 'element';
          this.index++;
        } else if (byte === CLOSE_BRACKET) this.state = this.shape === 'array' ? 'end' : 'after-member';
        else this.refuse(byte, pos);
        return;
      case 'end':
      case 'in-value':
      case 'in-word':
        this.refuse(byte, pos);
    }
  }

  private begin(role: Role, byte: number, pos: number): void {
    const meaning = MEANING[byte]!;
    if (meaning === IS_OPEN) {
      this.opened[0] = byte;
      this.depth = 1;
    } else if (meaning === IS_QUOTE) this.inString = IN_STRING;
    else if (meaning !== IS_PLAIN) this.refuse(byte, pos);

    this.role = role;
    this.start = pos;
    this.hunting = role === 'element' && byte === OPEN_BRACE;
    if (this.hunting) {
      this.decided = this.afterColon = this.typeNamed = this.typeValue = false;
      this.keeping = true;
    } else {
      this.wanted = role === 'element' ? this.handler.wants(this.key, null) : role !== 'skipped';
      this.keeping = this.wanted || meaning === IS_PLAIN;
    }
    this.state = meaning === IS_PLAIN ? 'in-word' : 'in-value';
  }

  /** The value in progress ends before `end`. */
  private finish(end: number): void {
    if (this.hunting && !this.decided) this.wanted = this.handler.wants(this.key, null);
    if (this.wanted) this.handOut(this.whole(end));
    if (this.role === 'key') this.state = 'colon';
    else this.state = this.role === 'element' ? 'after-element' : 'after-member';
    this.keptLength = 0;
    if (this.kept.length > KEPT_CAPACITY) this.kept = Buffer.alloc(0);
  }

  private handOut(json: Buffer): void {
    if (this.role === 'key') {
      this.key = this.decode(json, this.start);
      this.memberPlan = this.handler.plan(this.key);
    } else if (this.role === 'element') this.handler.element(this.key, this.index, json);
    else if (this.key !== null) this.handler.value(this.key, json);
  }

  private finishWord(end: number): void {
    const word = this.slice(this.start, end).toString();
    if (!WORD.test(word)) {
      throw new JsonSyntaxError(
        `${wordText(word)} is no JSON value, as ${subjectText(this.role, this.key, this.index)}`,
        this.base + this.start,
      );
    }
    this.finish(end);
  }

  /**
   * Follows strings and brackets until `floor` brackets are open, and answers the position behind; or the chunk's end,
   * when that comes first. How fast a file is read is decided here: state is in locals, nothing is allocated or called.
   */
  private skip(from: number, floor: number): number {
    const { chunk } = this;
    const { length } = chunk;
    let pos = from;
    if (this.inString !== OUTSIDE) {
      pos = this.skipString(pos);
      if (this.inString !== OUTSIDE || this.depth === floor) return pos;
    }
    let { opened, depth } = this;
    let inString: number = OUTSIDE;
    scan: while (pos < length) {
      const byte = chunk[pos++]!;
      const meaning = MEANING[byte]!;
      if (meaning < IS_QUOTE) continue;
      if (meaning === IS_QUOTE) {
        while (pos < length) {
          const inner = chunk[pos++]!;
          if (inner === QUOTE) continue scan;
          if (inner === BACKSLASH) {
            if (pos === length) {
              inString = AFTER_BACKSLASH;
              break scan;
            }
            pos++;
          }
        }
        inString = IN_STRING;
        break;
      }
      if (meaning === IS_OPEN) {
        if (depth === opened.length) opened = this.deepen(pos - 1);
        opened[depth++] = byte;
      } else {
        depth--;
        if (opened[depth]! + TO_CLOSE !== byte) this.refuseClose(opened[depth]!, byte, pos - 1);
        if (depth === floor) break;
      }
    }
    this.depth = depth;
    this.inString = inString;
    return pos;
  }

  /** Like `skip` to floor 0, and reads the object's own keys on the way, to ask `wants` as soon as its type is seen. */
  private hunt(from: number): number {
    const { chunk } = this;
    const { length } = chunk;
    let pos = from;
    if (this.depth > 1) {
      pos = this.skip(pos, 1);
      if (this.depth > 1) return pos;
    } else if (this.inString !== OUTSIDE) {
      pos = this.skipString(pos);
      if (this.inString !== OUTSIDE) return pos;
      this.seeString(pos - 1);
    }
    while (pos < length) {
      const byte = chunk[pos++]!;
      const meaning = MEANING[byte]!;
      if (meaning < IS_COLON) continue;
      if (meaning === IS_QUOTE) {
        const start = pos;
        let inner = 0;
        while (pos < length) {
          inner = chunk[pos++]!;
          if (inner === QUOTE || inner === BACKSLASH) break;
        }
        this.stringStart = start;
        if (inner !== QUOTE) {
          this.inString = IN_STRING;
          this.escaped = false;
          if (inner === BACKSLASH) pos--;
          pos = this.skipString(pos);
          if (this.inString !== OUTSIDE) return pos;
          this.seeString(pos - 1);
        } else if (this.typeValue || pos - start === RESOURCE_TYPE.length + 1) {
          this.escaped = false;
          this.seeString(pos - 1);
        }
      } else if (meaning === IS_COLON) {
        this.afterColon = true;
      } else if (meaning === IS_COMMA) {
        this.afterColon = false;
      } else if (meaning === IS_OPEN) {
        this.opened[1] = byte;
        this.depth = 2;
        pos = this.skip(pos, 1);
        if (this.depth > 1) return pos;
      } else {
        if (byte !== CLOSE_BRACE) this.refuseClose(OPEN_BRACE, byte, pos - 1);
        this.depth = 0;
        break;
      }
    }
    return pos;
  }

  /** The position behind the string that `from` is in, or the chunk's end. */
  private skipString(from: number): number {
    const { chunk } = this;
    const { length } = chunk;
    let pos = from;
    if (this.inString === AFTER_BACKSLASH) {
      this.inString = IN_STRING;
      pos++;
    }
    while (pos < length) {
      const byte = chunk[pos++]!;
      if (byte === QUOTE) {
        this.inString = OUTSIDE;
        break;
      }
      if (byte === BACKSLASH) {
        this.escaped = true;
        if (pos === length) {
          this.inString = AFTER_BACKSLASH;
          break;
        }
        pos++;
      }
    }
    return pos;
  }

  /** A string of an object element's own, from `stringStart` to before `end`: a key, or the value behind one. */
  private seeString(end: number): void {
    const start = this.stringStart;
    if (!this.afterColon) {
      this.typeValue = this.namesType(start, end);
      if (!this.typeValue) return;
      if (this.typeNamed) {
        throw new JsonSyntaxError(
          `a second "resourceType" in ${subjectText(this.role, this.key, this.index)}`,
          this.base + start - 1,
        );
      }
      this.typeNamed = true;
    } else if (this.typeValue) {
      this.typeValue = false;
      this.decided = true;
      this.wanted = this.keeping = this.handler.wants(this.key, this.typeText(start, end));
    }
  }

  private namesType(start: number, end: number): boolean {
    if (!this.escaped) return end - start === RESOURCE_TYPE.length && this.matches(RESOURCE_TYPE, start);
    if (end - start > LONGEST_SPELLING) return false;
    return this.decode(this.slice(start - 1, end + 1), start - 1) === 'resourceType';
  }

  private typeText(start: number, end: number): string {
    if (this.escaped) return this.decode(this.slice(start - 1, end + 1), start - 1);
    const length = end - start;
    if (start < 0 || length > LONGEST_CACHED_TYPE) return this.slice(start, end).toString();

    let hash = length;
    for (let pos = start; pos < end; pos++) hash = (Math.imul(hash, 31) + this.chunk[pos]!) | 0;
    const slot = hash & (TYPE_SLOTS - 1);
    const cached = this.types[slot];
    if (cached?.bytes.length === length && this.matches(cached.bytes, start)) return cached.text;
    const text = this.chunk.toString('utf8', start, end);
    this.types[slot] = { bytes: Uint8Array.prototype.slice.call(this.chunk, start, end), text };
    return text;
  }

  private matches(expected: Uint8Array, start: number): boolean {
    if (start < 0) return this.slice(start, start + expected.length).equals(expected);
    for (let index = 0; index < expected.length; index++) {
      if (this.chunk[start + index] !== expected[index]) return false;
    }
    return true;
  }

  /** Saves what the next chunk will need of this one. */
  private carry(): void {
    const { length } = this.chunk;
    if (this.keeping) {
      if (length - this.start > this.maxBytes) this.refuseSize();
      this.keep(this.start, length);
    } else if (this.hunting && this.depth === 1 && this.inString !== OUTSIDE) {
      // Of an unwanted object only a key in progress still matters, and only while it can be a second "resourceType".
      const quote = this.stringStart - 1;
      if (quote >= 0) this.keptLength = 0;
      if (length - this.stringStart <= LONGEST_SPELLING) this.keep(quote, length);
    }
    this.start -= length;
    this.stringStart -= length;
  }

  /** Adds the chunk's bytes from `start`, or from its first one when `start` is before the chunk, to before `end`. */
  private keep(start: number, end: number): void {
    const from = Math.max(start, 0);
    const needed = this.keptLength + end - from;
    if (needed > this.kept.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.kept.length, this.maxBytes)));
      this.kept.copy(grown, 0, 0, this.keptLength);
      this.kept = grown;
    }
    this.keptLength += this.chunk.copy(this.kept, this.keptLength, from, end);
  }

  /** The bytes of the value in progress, which ends before `end`. */
  private whole(end: number): Buffer {
    if (end - this.start > this.maxBytes) this.refuseSize();
    if (this.start >= 0) return this.chunk.subarray(this.start, end);
    this.keep(this.start, end);
    return this.kept.subarray(0, this.keptLength);
  }

  private slice(start: number, end: number): Buffer {
    if (start >= 0) return this.chunk.subarray(start, end);
    return Buffer.concat([
      this.kept.subarray(this.keptLength + start, this.keptLength + Math.min(end, 0)),
      this.chunk.subarray(0, Math.max(end, 0)),
    ]);
  }

  private decode(json: Buffer, start: number): string {
    try {
      return JSON.parse(json.toString()) as string;
    } catch (cause) {
      throw new JsonSyntaxError(
        `malformed string in ${subjectText(this.role, this.key, this.index)}`,
        this.base + start,
        { cause },
      );
    }
  }

  private deepen(pos: number): Uint8Array {
    if (this.opened.length === MAX_DEPTH) {
      throw new JsonSyntaxError(
        `more than ${MAX_DEPTH} open brackets inside ${subjectText(this.role, this.key, this.index)}`,
        this.base + pos,
      );
    }
    const deeper = new Uint8Array(this.opened.length * 2);
    deeper.set(this.opened);
    this.opened = deeper;
    return deeper;
  }

  private refuse(byte: number, pos: number): never {
    throw new JsonSyntaxError(
      `expected ${expectedText(this.state, this.key, this.index)} but found ${shown(byte)}`,
      this.base + pos,
    );
  }

  private refuseClose(open: number, byte: number, pos: number): never {
    const detail = `expected ${String.fromCharCode(open + TO_CLOSE)} but found ${shown(byte)} inside ${subjectText(this.role, this.key, this.index)}`;
    throw new JsonSyntaxError(detail, this.base + pos);
  }

  private refuseSize(): never {
    const detail = `${subjectText(this.role, this.key, this.index)} is larger than ${this.maxBytes} bytes, the most one value may have; it starts`;
    throw new JsonSyntaxError(detail, this.base + this.start);
  }
}
