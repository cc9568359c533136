import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const;
type Type = keyof typeof TYPES;
type Refusal = Exclude<keyof typeof RCODES, 'NOERROR'> | 'silence';

/** What is known of one name. A type that is absent is NODATA; a name that is absent is NXDOMAIN. */
export interface DnsName {
  readonly CNAME?: string;
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  /** Questions that get another answer, or none. */
  readonly fails?: Readonly<Partial<Record<Type, Refusal>>>;
}

/** A name of which every question fails alike. */
export const failing = (how: Refusal): DnsName => ({ fails: { CNAME: how, A: how, AAAA: how } });

export interface DnsServerOptions {
  readonly names: Readonly<Record<string, DnsName>>;
  /** Whether the answer goes on to the end of a chain, as resolvers do, or stops at the first CNAME. */
  readonly chain?: 'whole' | 'one-hop';
  /** Whether the question and the names come back in capitals. */
  readonly capitals?: boolean;
}

export interface DnsServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Every question, as `TYPE name`, in the order of arrival; an attempt more is a question more. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a DNS server over UDP on this machine. */
export async function startDnsServer({
  names,
  chain = 'whole',
  capitals = false,
}: DnsServerOptions): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (message, { address, port }) => {
    const { name, type, end } = readQuestion(message);
    asked.push(`${type ?? '?'} ${name}`);
    const reply = type === undefined ? { rcode: 'NOTIMP' as const, records: [] } : answer(names, name, type, chain);
    if (reply === 'silence') return;
    const spell = (text: string): string => (capitals ? text.toUpperCase() : text);
    const header = Buffer.alloc(12);
    message.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | RCODES[reply.rcode], 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(reply.records.length, 6);
    const question = Buffer.concat([encodeName(spell(name)), message.subarray(end - 4, end)]);
    const records = reply.records.map(({ owner, type: kind, data }) =>
      encodeRecord(spell(owner), kind, kind === 'CNAME' ? encodeName(spell(data)) : encodeAddress(data)),
    );
    socket.send(Buffer.concat([header, question, ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${String(socket.address().port)}`,
    asked,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

interface Answer {
  readonly rcode: keyof typeof RCODES;
  readonly records: readonly { readonly owner: string; readonly type: Type; readonly data: string }[];
}

function answer(
  names: DnsServerOptions['names'],
  asked: string,
  type: Type,
  chain: 'whole' | 'one-hop',
): Answer | 'silence' {
  const records: Answer['records'][number][] = [];
  const met = new Set<string>();
  for (let owner = asked.toLowerCase(); !met.has(owner);) {
    met.add(owner);
    const known = names[owner];
    if (known === undefined) return { rcode: 'NXDOMAIN', records };
    const failure = known.fails?.[type];
    if (failure !== undefined) return failure === 'silence' ? failure : { rcode: failure, records: [] };
    const target = known.CNAME;
    if (target === undefined) {
      const values = type === 'CNAME' ? [] : (known[type] ?? []);
      records.push(...values.map((data) => ({ owner, type, data })));
      break;
    }
    records.push({ owner, type: 'CNAME', data: target });
    // A question for the CNAME itself is never followed: RFC 1034, section 3.6.2.
    if (type === 'CNAME' || chain === 'one-hop') break;
    owner = target.toLowerCase();
  }
  return { rcode: 'NOERROR', records };
}

function readQuestion(message: Buffer): {
  readonly name: string;
  readonly type: Type | undefined;
  readonly end: number;
} {
  const labels: string[] = [];
  let at = 12;
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const code = message.readUInt16BE(at + 1);
  const type = (Object.keys(TYPES) as Type[]).find((each) => TYPES[each] === code);
  return { name: labels.join('.'), type, end: at + 5 };
}

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from(String.fromCharCode(label.length) + label, 'latin1')),
    Buffer.from([0]),
  ]);

function encodeRecord(owner: string, type: Type, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(TYPES[type], 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(owner), head, data]);
}

/** An IPv4 address, or an IPv6 address with all its eight groups. */
const encodeAddress = (text: string): Buffer =>
  text.includes(':')
    ? Buffer.from(text.split(':').flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]))
    : Buffer.from(text.split('.').map(Number));
