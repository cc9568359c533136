import ipaddr from 'ipaddr.js';

/** A run of addresses of one family; both ends belong to it. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A CIDR block: the text AWS gave, and the addresses it stands for (host bits are ignored, as EC2 does). */
export interface Cidr extends AddressRange {
  readonly text: string;
  /** Whether the text names the network itself, with no host bits set. */
  readonly canonical: boolean;
}

const CIDR = /^([0-9A-Fa-f:.]+)\/(0|[1-9]\d{0,2})$/;

/** The block that a text such as `203.0.113.0/24` or `2001:db8::/32` names, or `null` when it names none. */
export function parseCidr(text: string): Cidr | null {
  const match = CIDR.exec(text);
  const address = match?.[1] === undefined ? null : parseAddress(match[1]);
  const prefix = Number(match?.[2]);
  if (address === null) return null;
  const { family, value } = address;
  if (prefix > WIDTH[family]) return null;
  const size = BLOCK_SIZES[WIDTH[family] - prefix] ?? 1n;
  const first = value - (value % size);
  return { text, family, first, last: first + size - 1n, canonical: first === value };
}

/** Bits in an address of each family. */
const WIDTH = { 4: 32, 6: 128 } as const;

/** How many addresses a block has, by the number of its host bits; a table, since this runs for every rule. */
const BLOCK_SIZES = Array.from({ length: 129 }, (_, hostBits) => 1n << BigInt(hostBits));

export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const FOUR_PARTS = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;
const COLONS = /^[0-9A-Fa-f:.]+$/;

/**
 * The address that a text names, or `null`.
 *
 * IPv4 must be four decimal parts, and IPv6 has no zone: the library also reads `127.1`, `0x7f000001` and
 * `fe80::1%eth0`, which AWS never writes.
 */
export function parseAddress(text: string): Address | null {
  const family = FOUR_PARTS.test(text) ? 4 : text.includes(':') && COLONS.test(text) ? 6 : null;
  if (family === null) return null;
  try {
    if (family === 4) return { family, value: joinParts(ipaddr.IPv4.parse(text).octets, 8) };
    return { family, value: joinParts(ipaddr.IPv6.parse(text).parts, 16) };
  } catch {
    return null;
  }
}

/** Parts of so many bits each as one integer; an IPv4 address fits a number, which is faster. */
function joinParts(parts: readonly number[], bits: 8 | 16): bigint {
  if (bits === 8) return BigInt(parts.reduce((value, part) => value * 256 + part, 0));
  return parts.reduce((value, part) => (value << 16n) | BigInt(part), 0n);
}

/** Blocks merged into disjoint runs, so that a block may be covered by several together. */
export class RangeSet {
  private constructor(private readonly runs: readonly AddressRange[]) {}

  static of(ranges: Iterable<AddressRange>): RangeSet {
    const sorted = [...ranges].sort((a, b) => a.family - b.family || compareBigint(a.first, b.first));
    const runs: AddressRange[] = [];
    for (const range of sorted) {
      const previous = runs.at(-1);
      if (previous?.family === range.family && range.first <= previous.last + 1n) {
        const last = range.last > previous.last ? range.last : previous.last;
        runs[runs.length - 1] = { ...previous, last };
      } else {
        runs.push({ family: range.family, first: range.first, last: range.last });
      }
    }
    return new RangeSet(runs);
  }

  /** Whether every address of the range is in the set. */
  covers(range: AddressRange): boolean {
    return this.runs.some((run) => run.family === range.family && run.first <= range.first && range.last <= run.last);
  }

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }
}

const compareBigint = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The blocks that are never routed on the internet: RFC 1918, RFC 6598 (shared), RFC 3927 and RFC 4291
 * (link-local), RFC 1122 and RFC 4291 (loopback), RFC 4193 (unique local).
 */
const PRIVATE_BLOCKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
] as const;

const PRIVATE = RangeSet.of(PRIVATE_BLOCKS.map((text) => parseCidr(text)).filter((cidr) => cidr !== null));

export type CidrClass = 'world-ipv4' | 'world-ipv6' | 'public-cidr' | 'private-cidr';

const WORLD_LAST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const;

/** How much of the internet a block admits. One public address makes a block public. */
export function classify(range: AddressRange): CidrClass {
  if (range.first === 0n && range.last === WORLD_LAST[range.family]) {
    return range.family === 4 ? 'world-ipv4' : 'world-ipv6';
  }
  return PRIVATE.covers(range) ? 'private-cidr' : 'public-cidr';
}
