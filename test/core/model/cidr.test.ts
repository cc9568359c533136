import fc from 'fast-check';
import { classify, parseAddress, parseCidr, RangeSet, type AddressRange } from '../../../core/model/cidr.js';
import { block } from '../../support/builders.js';
import { propertyRuns } from '../../support/property-runs.js';

describe('parseCidr', () => {
  it.each([
    ['10.0.0.0/8', 4, 0x0a000000n, 0x0affffffn, true],
    ['10.1.2.3/8', 4, 0x0a000000n, 0x0affffffn, false],
    ['0.0.0.0/0', 4, 0n, 0xffffffffn, true],
    ['255.255.255.255/32', 4, 0xffffffffn, 0xffffffffn, true],
    ['198.51.100.128/25', 4, 0xc6336480n, 0xc63364ffn, true],
    ['::/0', 6, 0n, (1n << 128n) - 1n, true],
    ['::1/128', 6, 1n, 1n, true],
    ['2001:db8::/32', 6, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n, true],
    ['2001:DB8:0:0:0:0:0:1/32', 6, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n, false],
    ['::ffff:10.0.0.0/104', 6, (0xffffn << 32n) | 0x0a000000n, (0xffffn << 32n) | 0x0affffffn, true],
  ])('%s', (text, family, first, last, canonical) => {
    expect(parseCidr(text)).toEqual({ text, family, first, last, canonical });
  });

  it.each([
    ['nothing', ''],
    ['no prefix', '10.0.0.0'],
    ['an empty prefix', '10.0.0.0/'],
    ['a prefix that is too long for IPv4', '10.0.0.0/33'],
    ['a prefix that is too long for IPv6', '::/129'],
    ['a prefix with a leading zero', '10.0.0.0/08'],
    ['a negative prefix', '10.0.0.0/-1'],
    ['a prefix with a fraction', '10.0.0.0/8.0'],
    ['a netmask', '10.0.0.0/255.0.0.0'],
    ['two prefixes', '10.0.0.0/8/8'],
    ['three parts', '10.0.0/8'],
    ['five parts', '10.0.0.0.0/8'],
    ['a part above 255', '10.0.0.256/8'],
    ['an octal part', '010.0.0.0/8'],
    ['a hexadecimal address', '0x0a000000/8'],
    ['a whole number', '167772160/8'],
    ['blanks', ' 10.0.0.0/8'],
    ['a line break', '10.0.0.0/8\n'],
    ['a zone', 'fe80::1%eth0/64'],
    ['too many groups', '1:2:3:4:5:6:7:8:9/64'],
    ['two runs of zeros', '1::2::3/64'],
    ['brackets', '[::1]/128'],
    ['a name', 'example.com/24'],
    ['no address', '/24'],
  ])('no CIDR: %s', (_, text) => expect(parseCidr(text)).toBeNull());
});

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1', 4, 0x7f000001n],
    ['::', 6, 0n],
    ['2001:db8::1', 6, (0x20010db8n << 96n) | 1n],
  ])('%s', (text, family, value) => expect(parseAddress(text)).toEqual({ family, value }));

  it.each(['127.1', '0x7f000001', '2130706433', 'fe80::1%eth0', '', 'localhost', '1.2.3.4.5', ':::'])(
    'no address: %s',
    (text) => expect(parseAddress(text)).toBeNull(),
  );

  it('an address read from its own text is the same address', () => {
    const ipv4 = fc
      .ipV4()
      .map((text) => [text, text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)] as const);
    fc.assert(
      fc.property(ipv4, ([text, value]) => expect(parseAddress(text)).toEqual({ family: 4, value })),
      { numRuns: propertyRuns() },
    );
    const ipv6 = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
      .map(
        (groups) =>
          [
            groups.map((group) => group.toString(16)).join(':'),
            groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n),
          ] as const,
      );
    fc.assert(
      fc.property(ipv6, ([text, value]) => expect(parseAddress(text)).toEqual({ family: 6, value })),
      { numRuns: propertyRuns() },
    );
  });
});

/** Every block of some prefix lengths inside a small space, as text. */
function blocksOf(base: string, family: 4 | 6, lengths: readonly number[]): readonly string[] {
  const space = block(base);
  const width = family === 4 ? 32 : 128;
  return lengths.flatMap((length) => {
    const size = 1n << BigInt(width - length);
    const count = Number((space.last - space.first + 1n) / size);
    return Array.from(
      { length: count },
      (_, index) => `${textOf(space.first + BigInt(index) * size, family)}/${String(length)}`,
    );
  });
}

function textOf(value: bigint, family: 4 | 6): string {
  const [parts, bits, radix, separator] = family === 4 ? ([4, 8n, 10, '.'] as const) : ([8, 16n, 16, ':'] as const);
  return Array.from({ length: parts }, (_, index) =>
    ((value >> (bits * BigInt(parts - 1 - index))) & ((1n << bits) - 1n)).toString(radix),
  ).join(separator);
}

function* addressesOf({ first, last }: AddressRange): Generator<bigint> {
  for (let value = first; value <= last; value += 1n) yield value;
}

const SPACES = [
  { name: 'the /28 to /32 blocks of 192.0.2.0/26', all: blocksOf('192.0.2.0/26', 4, [26, 27, 28, 29, 30, 31, 32]) },
  {
    name: 'the last addresses of IPv4',
    all: blocksOf('255.255.255.224/27', 4, [27, 28, 29, 30, 31, 32]),
  },
  { name: 'the first addresses of IPv6', all: blocksOf('::/123', 6, [123, 124, 125, 126, 127, 128]) },
  { name: 'the /124 to /128 blocks of 2001:db8::/122', all: blocksOf('2001:db8::/122', 6, [122, 124, 126, 128]) },
];

describe.each(SPACES)('RangeSet over $name', ({ all }) => {
  it('covers a block exactly when each of its addresses is in one of the blocks', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all), { maxLength: 12 }), fc.constantFrom(...all), (given, asked) => {
        const held = given.map(block);
        const range = block(asked);
        const each = [...addressesOf(range)].every((value) =>
          held.some(({ first, last }) => first <= value && value <= last),
        );
        expect(RangeSet.of(held).covers(range)).toBe(each);
      }),
      { numRuns: propertyRuns() * 3 },
    );
  });

  it('a block is covered by itself, by its halves in either order, and by nothing less', () => {
    for (const text of all) {
      const { family, first, last } = block(text);
      expect(RangeSet.of([block(text)]).covers(block(text))).toBe(true);
      if (first === last) continue;
      const middle = (first + last) / 2n;
      const halves = [
        { family, first, last: middle },
        { family, first: middle + 1n, last },
      ];
      expect(RangeSet.of(halves).covers(block(text))).toBe(true);
      expect(RangeSet.of([...halves].reverse()).covers(block(text))).toBe(true);
      for (const half of halves) expect(RangeSet.of([half]).covers(block(text))).toBe(false);
      const holed = [
        { family, first, last: last - 1n },
        { family, first: last + 1n, last: last + 1n },
      ];
      expect(RangeSet.of(holed).covers(block(text))).toBe(false);
    }
  });
});

describe('RangeSet', () => {
  it('an empty set covers nothing and says so', () => {
    expect(RangeSet.of([]).isEmpty).toBe(true);
    expect(RangeSet.of([]).covers(block('10.0.0.0/32'))).toBe(false);
    expect(RangeSet.of([block('10.0.0.0/32')]).isEmpty).toBe(false);
  });

  it('the families are apart, even where their numbers meet', () => {
    expect(RangeSet.of([block('0.0.0.0/0')]).covers(block('::/128'))).toBe(false);
    expect(RangeSet.of([block('::/0')]).covers(block('0.0.0.0/32'))).toBe(false);
    const both = RangeSet.of([block('::/0'), block('10.0.0.0/9'), block('10.128.0.0/9')]);
    expect(both.covers(block('10.0.0.0/8'))).toBe(true);
    expect(both.covers(block('2001:db8::/32'))).toBe(true);
    const touching = RangeSet.of([block('128.0.0.0/1'), block('::1:0:0/128')]);
    expect(touching.covers({ family: 4, first: 1n << 31n, last: 1n << 32n })).toBe(false);
  });

  it('a block inside another does not shorten it', () => {
    const set = RangeSet.of([block('10.0.0.0/8'), block('10.1.0.0/16')]);
    expect(set.covers(block('10.255.0.0/16'))).toBe(true);
  });
});

describe('classify', () => {
  const PRIVATE = [
    ['RFC 1918', '10.0.0.0/8'],
    ['RFC 1918', '172.16.0.0/12'],
    ['RFC 1918', '192.168.0.0/16'],
    ['RFC 6598', '100.64.0.0/10'],
    ['RFC 3927', '169.254.0.0/16'],
    ['RFC 1122', '127.0.0.0/8'],
    ['RFC 4193', 'fc00::/7'],
    ['RFC 4291', 'fe80::/10'],
    ['RFC 4291', '::1/128'],
  ] as const;

  it.each(PRIVATE)('%s: %s is private, its edges too, and the addresses beside it are public', (_, text) => {
    const { family, first, last } = block(text);
    const one = (value: bigint) => classify({ family, first: value, last: value });
    expect(classify(block(text))).toBe('private-cidr');
    expect([one(first), one(last)]).toEqual(['private-cidr', 'private-cidr']);
    expect([one(first - 1n), one(last + 1n)]).toEqual(['public-cidr', 'public-cidr']);
    expect(classify({ family, first: first - 1n, last })).toBe('public-cidr');
    expect(classify({ family, first, last: last + 1n })).toBe('public-cidr');
  });

  it.each([
    ['0.0.0.0/0', 'world-ipv4'],
    ['::/0', 'world-ipv6'],
    ['0.0.0.0/1', 'public-cidr'],
    ['128.0.0.0/1', 'public-cidr'],
    ['8000::/1', 'public-cidr'],
    ['203.0.113.0/24', 'public-cidr'],
    ['198.18.0.0/15', 'public-cidr'],
    ['224.0.0.0/4', 'public-cidr'],
    ['2001:db8::/32', 'public-cidr'],
    ['::/128', 'public-cidr'],
    ['0.0.0.0/32', 'public-cidr'],
    ['255.255.255.255/32', 'public-cidr'],
  ])('%s is %s', (text, expected) => expect(classify(block(text))).toBe(expected));

  it('a block is private exactly when each of its addresses is, near the edges of every private block', () => {
    const edges = PRIVATE.flatMap(([, text]) => {
      const { family, first, last } = block(text);
      return [first, last].map((edge) => ({ family, edge }));
    });
    const isPrivate = (family: 4 | 6, value: bigint) =>
      PRIVATE.some(([, text]) => {
        const cidr = block(text);
        return cidr.family === family && cidr.first <= value && value <= cidr.last;
      });
    fc.assert(
      fc.property(
        fc.constantFrom(...edges),
        fc.integer({ min: -20, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        ({ family, edge }, offset, length) => {
          const start = edge + BigInt(offset) < 0n ? 0n : edge + BigInt(offset);
          const range = { family, first: start, last: start + BigInt(length) };
          const each = [...addressesOf(range)].every((value) => isPrivate(family, value));
          expect(classify(range)).toBe(each ? 'private-cidr' : 'public-cidr');
        },
      ),
      { numRuns: propertyRuns() * 3 },
    );
  });
});
