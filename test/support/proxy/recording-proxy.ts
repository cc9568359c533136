import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { calledOperation, type CalledOperation, type RawRequest } from './called-operation.js';
import { seen } from '../planted-secrets.js';
import { isBeforeAws, refusal, send, type Fault, type WholeAnswer } from './faults.js';

/** One request that came through, in the order of arrival. */
export interface Recorded extends CalledOperation {
  readonly order: number;
  readonly userAgent: string;
  readonly body: string;
  /** The status that was sent; `null` while there is none, and for a connection that was broken off. */
  readonly status: number | null;
  readonly fault: Fault['kind'] | null;
}

/** Where a fault strikes. */
export interface Strike {
  readonly fault: Fault;
  /** @default - every operation counts */
  readonly operation?: string;
  /** @default - every Region counts */
  readonly region?: string;
  /** Which of the calls that count, the first being 1; attempts of one call count each. @default 1 */
  readonly call?: number;
  /** Whether the calls after it suffer too. */
  readonly times: 'once' | 'always';
}

/** A request with what it asks, and the way to whoever is behind the proxy. */
export interface Passing extends RawRequest {
  readonly called: CalledOperation;
  /** Asks the server behind; another request of the same caller where one is given. */
  readonly forward: (other?: Partial<RawRequest>) => Promise<WholeAnswer>;
}

/** Answers in place of the server behind, or leaves it to it. */
export type StandIn = (passing: Passing) => Promise<WholeAnswer | null> | WholeAnswer | null;

export interface RecordingProxy {
  readonly url: string;
  /** Everything since the last `forget`. */
  readonly recorded: () => readonly Recorded[];
  /** Lets a fault strike; several may be set, and the first that applies does. */
  readonly strike: (strike: Strike) => void;
  /** Whether every fault that was set did strike. */
  readonly allStruck: () => boolean;
  /** Forgets what was recorded and the faults; what stands in keeps its own memory. */
  readonly forget: () => void;
  readonly stop: () => Promise<void>;
}

export interface ProxyOptions {
  /** The address of the server behind: `http://127.0.0.1:5000`. */
  readonly behind: string;
  /** Asked in this order before the server behind is. */
  readonly standIns?: readonly StandIn[];
  /** Told of every call, before anything answers it. */
  readonly watch?: (called: CalledOperation, raw: RawRequest) => void;
}

/** The calls by which the functions and the runbooks tell somebody something; moto's own set-up sends secrets by others. */
const REPORTS: ReadonlySet<string> = new Set([
  'BatchImportFindings',
  'BatchUpdateFindings',
  'PutEvaluations',
  'PutExternalEvaluation',
  'PutMetricData',
  'PutObject',
  'PutParameter',
]);

interface Armed extends Strike {
  seen: number;
  struck: boolean;
}

/** Starts a proxy on a loopback port of its own: `AWS_ENDPOINT_URL` leads the SDK to it. */
export async function startProxy({ behind, standIns = [], watch }: ProxyOptions): Promise<RecordingProxy> {
  const agent = new Agent({ keepAlive: true });
  const records: { -readonly [K in keyof Recorded]: Recorded[K] }[] = [];
  const armed: Armed[] = [];
  const sockets = new Set<Socket>();

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await readRequest(incoming);
    const called = calledOperation(raw);
    if (REPORTS.has(called.operation)) seen(raw.body, called.operation);
    watch?.(called, raw);
    const fault = pick(armed, called);
    const record = {
      ...called,
      order: records.length + 1,
      userAgent: incoming.headers['user-agent'] ?? '',
      body: raw.body,
      status: null as number | null,
      fault: fault?.kind ?? null,
    };
    records.push(record);
    if (fault?.kind === 'reset') incoming.socket.resetAndDestroy();
    if (fault !== null && isBeforeAws(fault)) return;
    const passing: Passing = { ...raw, called, forward: (other) => forward(behind, agent, { ...raw, ...other }) };
    const whole =
      (fault && refusal(fault, called)) ?? (await firstAnswer(standIns, passing)) ?? (await passing.forward());
    if (fault?.kind === 'slow') await delay(fault.milliseconds, undefined, { ref: false });
    if (response.destroyed) return;
    if (fault?.kind !== 'reset-in-body' && fault?.kind !== 'cut-short-of-length') record.status = whole.status;
    send(response, whole, fault);
  };

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      response.writeHead(599, { 'content-type': 'text/plain' });
      response.end(`the test's proxy failed: ${String(error)}`);
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    recorded: () => records,
    strike: (strike) => armed.push({ ...strike, seen: 0, struck: false }),
    allStruck: () => armed.every(({ struck }) => struck),
    forget: () => {
      records.length = 0;
      armed.length = 0;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await closed;
    },
  };
}

/** The fault of the next call of an operation. */
function pick(armed: readonly Armed[], { operation, region }: CalledOperation): Fault | null {
  let found: Armed | null = null;
  for (const strike of armed) {
    if (strike.operation !== undefined && strike.operation !== operation) continue;
    if (strike.region !== undefined && strike.region !== region) continue;
    strike.seen += 1;
    const first = strike.call ?? 1;
    const applies = strike.times === 'once' ? strike.seen === first : strike.seen >= first;
    if (applies && found === null) found = strike;
  }
  if (found === null) return null;
  found.struck = true;
  return found.fault;
}

async function firstAnswer(standIns: readonly StandIn[], passing: Passing): Promise<WholeAnswer | null> {
  for (const standIn of standIns) {
    const whole = await standIn(passing);
    if (whole !== null) return whole;
  }
  return null;
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** What belongs to one connection, or is stated anew for the next. */
const OF_ONE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect'];

const without = <T>(headers: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

async function forward(
  behind: string,
  agent: Agent,
  { method, path, headers, body }: RawRequest,
): Promise<WholeAnswer> {
  const sent = { ...without(headers, OF_ONE_CONNECTION), 'content-length': String(Buffer.byteLength(body)) };
  const outgoing = request(`${behind}${path}`, { method, agent, headers: sent });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const received = without(incoming.headers as Record<string, string>, OF_ONE_CONNECTION);
  return { status: incoming.statusCode ?? 599, headers: received, body: Buffer.concat(chunks) };
}
