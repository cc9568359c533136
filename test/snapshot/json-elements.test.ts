import fc from 'fast-check';
import { JsonSyntaxError, readJsonElements, type JsonLimits, type MemberPlan } from '../../snapshot/json-elements.js';
import { propertyRuns } from '../support/property-runs.js';

interface Asked {
  plan: (key: string) => MemberPlan;
  wants: (key: string | null, resourceType: string | null) => boolean;
  chunkSizes: readonly number[];
  limits: JsonLimits;
}

type Handed = readonly ['element', string | null, number, unknown] | readonly ['value', string, unknown];

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let pos = 0, turn = 0; pos < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    // A copy, wiped when the reader asks for more: what it still needs of a chunk it has to have saved.
    const chunk = Buffer.from(bytes.subarray(pos, pos + size));
    yield chunk;
    chunk.fill(0x2a);
    pos += size;
  }
}

/** Reads a text and tells what was handed out, parsed, and which questions were asked. */
async function read(text: string | Buffer, asked: Partial<Asked> = {}) {
  const { plan = () => 'elements', wants = () => true, chunkSizes = [], limits = {} } = asked;
  const handed: Handed[] = [];
  const questions: (readonly [string | null, string | null])[] = [];
  const shape = await readJsonElements(
    inChunks(Buffer.from(text), chunkSizes),
    {
      plan,
      wants: (key, resourceType) => {
        questions.push([key, resourceType]);
        return wants(key, resourceType);
      },
      element: (key, index, json) => handed.push(['element', key, index, JSON.parse(json.toString())]),
      value: (key, json) => handed.push(['value', key, JSON.parse(json.toString())]),
    },
    limits,
  );
  return { shape, handed, questions };
}

const ofType = async (text: string, chunkSizes: readonly number[] = []): Promise<unknown> =>
  (await read(text, { chunkSizes })).questions[0]?.[1];

const EVERY_SPLIT = [[], [1], [2], [3], [7], [64]];

describe('what is handed out', () => {
  it('the elements of one list, the value of another member, nothing of the rest', async () => {
    const text = '{"fileVersion":"1.0","configurationItems":[{"a":1},{"b":[2]}],"Marker":null,"rest":{"x":[{}]}}';
    const plan = (key: string): MemberPlan =>
      key === 'configurationItems' ? 'elements' : key === 'rest' ? 'value' : 'skip';

    await expect(read(text, { plan })).resolves.toMatchObject({
      shape: 'object',
      handed: [
        ['element', 'configurationItems', 0, { a: 1 }],
        ['element', 'configurationItems', 1, { b: [2] }],
        ['value', 'rest', { x: [{}] }],
      ],
    });
  });

  it('elements of a file that is an array, with no key', async () => {
    await expect(read(' [ {"a":"]"} , [1] , "x" , -1.5e3 , null ] \n')).resolves.toMatchObject({
      shape: 'array',
      handed: [
        ['element', null, 0, { a: ']' }],
        ['element', null, 1, [1]],
        ['element', null, 2, 'x'],
        ['element', null, 3, -1500],
        ['element', null, 4, null],
      ],
    });
  });

  it('a member that is no list as one value, though its elements are asked for', async () => {
    const { handed } = await read('{"a":{"Items":[1]},"b":"t","c":12,"d":[],"e":true}');
    expect(handed).toEqual([
      ['value', 'a', { Items: [1] }],
      ['value', 'b', 't'],
      ['value', 'c', 12],
      ['value', 'e', true],
    ]);
  });

  it('nothing of an empty object and an empty array', async () => {
    await expect(read('{}')).resolves.toEqual({ shape: 'object', handed: [], questions: [] });
    await expect(read('[]')).resolves.toEqual({ shape: 'array', handed: [], questions: [] });
  });

  it('keys decoded', async () => {
    const keys: string[] = [];
    await read('{"a\\u0062\\"":1,"\\\\":2,"żółw \u{1f422}":3,"":4}', { plan: (key) => (keys.push(key), 'skip') });
    expect(keys).toEqual(['ab"', '\\', 'żółw \u{1f422}', '']);
  });

  it('positions in the list, counted over the elements nobody wants', async () => {
    const { handed } = await read('{"l":[{"resourceType":"A"},{"resourceType":"B"},{"resourceType":"B"}],"m":[0]}', {
      wants: (_key, type) => type !== 'A',
    });
    expect(handed.map(([, key, index]) => [key, index])).toEqual([
      ['l', 1],
      ['l', 2],
      ['m', 0],
    ]);
  });

  it('nesting far deeper than a stack of calls could be', async () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    const lengths: number[] = [];
    await readJsonElements(inChunks(Buffer.from(`{"a":${text},"b":[${text}]}`), [4096]), {
      plan: (key) => (key === 'a' ? 'value' : 'elements'),
      wants: () => true,
      value: (_key, json) => lengths.push(json.length),
      element: (_key, _index, json) => lengths.push(json.length),
    });
    expect(lengths).toEqual([200_000, 200_000]);
  });

  it('what the handler throws comes out, and the source is closed', async () => {
    let closed = false;
    async function* source() {
      try {
        yield Buffer.from('[1,');
        yield Buffer.from('2]');
      } finally {
        closed = true;
      }
    }
    const element = (): never => {
      throw new RangeError('enough');
    };
    const reading = readJsonElements(source(), { plan: () => 'skip', wants: () => true, element, value: element });
    await expect(reading).rejects.toThrow(RangeError);
    expect(closed).toBe(true);
  });
});

describe('the resource type', () => {
  it.each([
    ['first', '[{"resourceType":"AWS::EC2::VPC","a":1}]', 'AWS::EC2::VPC'],
    [
      'last, behind nested ones',
      '[{"a":{"resourceType":"no"},"b":[{"resourceType":"no"}],"resourceType":"yes"}]',
      'yes',
    ],
    ['with blanks around', '[ { "resourceType" \n : \t "T" } ]', 'T'],
    ['only nested', '[{"relationships":[{"resourceType":"no"}]}]', null],
    ['a value of that name', '[{"a":"resourceType","b":"no"}]', null],
    ['a key of the same length', '[{"resourceTypo":"no"}]', null],
    ['longer', '[{"resourceTypes":"no"}]', null],
    ['no string', '[{"resourceType":17,"b":"no"}]', null],
    ['an object', '[{"resourceType":{"a":"no"},"b":"no"}]', null],
    ['key escaped', '[{"resource\\u0054ype":"T"}]', 'T'],
    [
      'every character of the key escaped',
      `[{"${'resourceType'.replace(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}":"T"}]`,
      'T',
    ],
    ['value escaped', '[{"resourceType":"AWS\\u003a:\\"X"}]', 'AWS::"X'],
    ['value empty', '[{"resourceType":""}]', ''],
    ['value of several bytes a character', '[{"resourceType":"ż\u{1f422}"}]', 'ż\u{1f422}'],
    ['value too long for the table', `[{"resourceType":"${'T'.repeat(300)}"}]`, 'T'.repeat(300)],
    ['an element that is a list', '[["resourceType","T"]]', null],
    ['an element that is a string', '["resourceType"]', null],
  ])('%s', async (_name, text, type) => {
    for (const sizes of EVERY_SPLIT) await expect(ofType(text, sizes)).resolves.toBe(type);
  });

  it('is asked about once per element, and told apart from one of the same table slot', async () => {
    const types = Array.from({ length: 4000 }, (_, index) => [`AWS::${index % 3000}`, `AWS::${index % 3000}:x`]).flat();
    const { questions } = await read(JSON.stringify({ l: types.map((resourceType) => ({ resourceType })) }));
    expect(questions).toEqual(types.map((type) => ['l', type]));
  });

  it('twice in one element is refused, also when the first is unwanted', async () => {
    for (const second of ['resourceType', 'resource\\u0054ype']) {
      for (const wanted of [true, false]) {
        for (const chunkSizes of EVERY_SPLIT) {
          const text = `[{},{"resourceType":"A","resourceType${'x'.repeat(80)}\\n":1,"${second}":"B"}]`;
          await expect(read(text, { wants: () => wanted, chunkSizes })).rejects.toThrow(
            `a second "resourceType" in element 1 of the top-level array at byte ${String(text.lastIndexOf(`"${second}"`))}`,
          );
        }
      }
    }
  });

  it('an unwanted element is followed without being kept, over any number of chunks', async () => {
    const tail = '\\"{[\\\\'.repeat(500);
    const text = `{"l":[{"resourceType":"A","k\\n${tail}":"${tail}","n":[{"s":"${tail}"}]},{"resourceType":"B"}]}`;
    for (const chunkSizes of EVERY_SPLIT) {
      const reading = read(text, { wants: (_key, type) => type === 'B', chunkSizes, limits: { maxBytes: 100 } });
      await expect(reading).resolves.toMatchObject({ handed: [['element', 'l', 1, { resourceType: 'B' }]] });
    }
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'expected { or [ at the start of the file but found an empty file at byte 0'],
    [' \n', 'expected { or [ at the start of the file but found an empty file at byte 2'],
    ['"text"', 'expected { or [ at the start of the file but found "\\"" at byte 0'],
    ['\u0001', 'expected { or [ at the start of the file but found byte 0x01 at byte 0'],
    ['{}{', 'expected nothing after the top-level value but found "{" at byte 2'],
    ['{,', 'expected a key or } at the start of the top-level object but found "," at byte 1'],
    ['{"a":1,}', 'expected a key after the value of "a" but found "}" at byte 7'],
    ['{"a" 1}', 'expected : after the key "a" but found "1" at byte 5'],
    ['{"a":}', 'expected a value of "a" but found "}" at byte 5'],
    ['{"a":1 "b":2}', 'expected , or } after the value of "a" but found "\\"" at byte 7'],
    ['{"a":[1]]', 'expected , or } after the value of "a" but found "]" at byte 8'],
    ['{"a":[,', 'expected a value or ] at the start of "a" but found "," at byte 6'],
    ['[1,]', 'expected a value as element 1 of the top-level array but found "]" at byte 3'],
    ['{"SecurityGroups":[1,2,3,{}x', 'expected , or ] after element 3 of "SecurityGroups" but found "x" at byte 27'],
    ['{"a":[{"b":[}]}', 'expected ] but found "}" inside element 0 of "a" at byte 12'],
    ['{"a":[{]}', 'expected } but found "]" inside element 0 of "a" at byte 7'],
    ['{"a":[{"b":1', 'unexpected end of file inside element 0 of "a" at byte 12'],
    ['{"a":"b', 'unexpected end of file inside the value of "a" at byte 7'],
    ['{"a', 'unexpected end of file inside a key of the top-level object at byte 3'],
    ['{"a":[1', 'unexpected end of file inside element 0 of "a" at byte 7'],
    ['{"a":[{}', 'expected , or ] after element 0 of "a" but found the end of the file at byte 8'],
    ['{"a":[01]}', '"01" is no JSON value, as element 0 of "a" at byte 6'],
    ['{"a":nul,', '"nul" is no JSON value, as the value of "a" at byte 5'],
    ['{"a\\x":1}', 'malformed string in a key of the top-level object at byte 1'],
    ['{"a\nb":1}', 'malformed string in a key of the top-level object at byte 1'],
  ])('%j', async (text, message) => {
    for (const plan of ['elements', 'value', 'skip'] as const) {
      for (const chunkSizes of EVERY_SPLIT) {
        const reading = read(text, { plan: () => (text.includes('[') ? 'elements' : plan), chunkSizes });
        const offset = Number(/\d+$/.exec(message)?.[0]);
        await expect(reading).rejects.toMatchObject({ name: 'JsonSyntaxError', message, offset });
      }
    }
  });

  it('a bare word among what is skipped', async () => {
    await expect(read('{"a":yes}', { plan: () => 'skip' })).rejects.toThrow('"yes" is no JSON value');
    await expect(read('{"a":[yes]}', { wants: () => false })).rejects.toThrow('"yes" is no JSON value');
  });

  it('an element or a value above the limit, in one chunk or many', async () => {
    for (const chunkSizes of EVERY_SPLIT) {
      const limits = { maxBytes: 10 };
      await expect(read('{"a":["12345678"]}', { limits, chunkSizes })).resolves.toMatchObject({ shape: 'object' });
      await expect(read('{"a":[1,"123456789"]}', { limits, chunkSizes })).rejects.toThrow(
        'element 1 of "a" is larger than 10 bytes, the most one value may have; it starts at byte 8',
      );
      await expect(read('{"a":{"b":"12345"}}', { limits, chunkSizes })).rejects.toThrow(JsonSyntaxError);
    }
  });

  it('a value without end, at the limit', async () => {
    for (const text of [`{"a":"${'x'.repeat(100)}`, `{"a":[[${'1,'.repeat(50)}`, `[${'1'.repeat(100)}`]) {
      const reading = read(text, { limits: { maxBytes: 10 }, chunkSizes: [7] });
      await expect(reading).rejects.toThrow('is larger than 10 bytes');
    }
  });

  it('brackets without end', async () => {
    async function* source() {
      yield Buffer.from('{"a":');
      for (let turn = 0; turn < 17; turn++) yield Buffer.alloc(1 << 20, '[');
    }
    const unused = (): never => {
      throw new Error('nothing is wanted');
    };
    const handler = { plan: () => 'skip' as const, wants: unused, element: unused, value: unused };
    await expect(readJsonElements(source(), handler)).rejects.toThrow(
      'more than 16777216 open brackets inside the value of "a" at byte 16777221',
    );
  });
});

describe('laws', () => {
  /** Strings rich in what a scanner can stumble over. */
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '/',
        '\n',
        '\t',
        '\0',
        '\u2028',
        'é',
        '語',
        '\u{1f422}',
        '\ud800',
      ),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
    maxLength: 12,
  });
  const key = fc.oneof(text, fc.constantFrom('resourceType', 'a', 'configurationItems'));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.oneof(
        text,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const type = fc.constantFrom('A', 'AWS::EC2::VPC', 'é"\\');
  const item = fc
    .tuple(fc.dictionary(key, value, { maxKeys: 4 }), type, fc.dictionary(key, value, { maxKeys: 4 }))
    .map(([before, resourceType, after]) => Object.assign({ ...before, resourceType }, after, { resourceType }));
  const list = fc.array(fc.oneof(item, value), { maxLength: 6 });
  const top = fc.oneof(list, fc.dictionary(key, fc.oneof(list, value), { maxKeys: 5 }));
  const written = fc
    .tuple(top, fc.constantFrom('', ' ', '\t', '    '), fc.boolean(), fc.constantFrom('', ' ', '\r\n'))
    .map(([document, indent, ascii, around]) => {
      const plain = JSON.stringify(document, null, indent);
      const escape = (each: string): string => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
      return around + (ascii ? plain.replace(/[T\u007f-\uffff]/g, escape) : plain) + around;
    });
  const chunkSizes = fc.oneof(
    fc.constant([1]),
    fc.constant([]),
    fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
  );

  const typeOf = (each: unknown): unknown => {
    const own =
      typeof each === 'object' && each !== null && !Array.isArray(each) && Object.hasOwn(each, 'resourceType');
    const found = own ? (each as Record<string, unknown>)['resourceType'] : null;
    return typeof found === 'string' ? found : null;
  };

  /** The same answer from `JSON.parse` of the whole. */
  function expected(document: unknown, { plan, wants }: Pick<Asked, 'plan' | 'wants'>): Handed[] {
    const elements = (name: string | null, all: readonly unknown[]): Handed[] =>
      all.flatMap((each, index): Handed[] =>
        wants(name, typeOf(each) as string | null) ? [['element', name, index, each]] : [],
      );
    if (Array.isArray(document)) return elements(null, document);
    return Object.entries(document as object).flatMap(([name, member]: [string, unknown]): Handed[] => {
      const how = plan(name);
      if (how === 'skip') return [];
      return how === 'elements' && Array.isArray(member) ? elements(name, member) : [['value', name, member]];
    });
  }

  it('what is handed out is what JSON.parse of the whole gives, wherever the chunks end', async () => {
    const plans = fc.func(fc.constantFrom<MemberPlan>('elements', 'elements', 'value', 'skip'));
    const wanted = fc.func(fc.boolean());
    await fc.assert(
      fc.asyncProperty(written, chunkSizes, plans, wanted, async (json, sizes, plan, wants) => {
        const document: unknown = JSON.parse(Buffer.from(json).toString());
        const { shape, handed } = await read(json, { plan, wants, chunkSizes: sizes });
        expect(shape).toBe(Array.isArray(document) ? 'array' : 'object');
        expect(handed).toEqual(expected(document, { plan, wants }));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('a text cut anywhere is refused', async () => {
    await fc.assert(
      fc.asyncProperty(written, fc.constantFrom<MemberPlan>('elements', 'skip', 'value'), async (json, plan) => {
        const whole = Buffer.from(json.trim());
        for (let length = 0; length < Math.min(whole.length, 250); length++) {
          const cut = read(whole.subarray(0, length), { plan: () => plan, wants: () => length % 2 === 0 });
          const isRefused = await cut.then(
            () => false,
            (error: unknown) => error instanceof JsonSyntaxError,
          );
          if (!isRefused) throw new Error(`taken after ${length} bytes`);
        }
      }),
      { numRuns: Math.ceil(propertyRuns() / 6) },
    );
  });

  it('a damaged text is taken exactly when JSON.parse takes it, if all that is handed out is parsed', async () => {
    const damage = fc.constantFrom(
      '',
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      'e',
      't',
      ' ',
      '\n',
      '\u0001',
    );
    await fc.assert(
      fc.asyncProperty(written, fc.nat(), fc.nat(2), damage, chunkSizes, async (json, at, removed, added, sizes) => {
        const start = at % json.length;
        const damaged = Buffer.from(json.slice(0, start) + added + json.slice(start + removed)).toString();
        const isTaken = await read(damaged, { chunkSizes: sizes }).then(
          () => true,
          (error: unknown) => {
            if (error instanceof JsonSyntaxError && error.message.startsWith('a second')) return null;
            expect(error instanceof JsonSyntaxError || error instanceof SyntaxError).toBe(true);
            return false;
          },
        );
        fc.pre(isTaken !== null);
        expect(isTaken).toBe(isDocument(damaged));
      }),
      { numRuns: 2 * propertyRuns() },
    );
  });

  function isDocument(json: string): boolean {
    try {
      const document: unknown = JSON.parse(json);
      return typeof document === 'object' && document !== null;
    } catch {
      return false;
    }
  }
});
