import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Calls } from './call-floor.js';

/** Stands between the function and moto, counts what comes through, and stands in for what moto lacks of AWS Config. */
export interface RememberingProxy {
  readonly url: string;
  /** The calls since the last time, by operation. */
  readonly takeCalls: () => Calls;
  /** How many results AWS Config holds, and how many findings were imported. */
  readonly held: () => { readonly results: number; readonly findings: number };
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

interface Asked {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Starts a proxy in front of moto.
 *
 * @remarks Descriptions and lists are asked of moto once and then answered from memory: no measurement waits for
 * Python, which would otherwise take turns with it on a small machine.
 */
export async function startProxy(behind: string): Promise<RememberingProxy> {
  const agent = new Agent({ keepAlive: true });
  const answers = new Map<string, Answer>();
  const results = new Map<string, HeldResult>();
  const findings = new Set<string>();
  let calls = new Map<string, number>();

  const answerTo = async (asked: Asked): Promise<Answer> => {
    const { operation, method, path, body } = asked;
    if (operation === 'PutEvaluations') return putEvaluations(results, body);
    if (operation === 'GetComplianceDetailsByConfigRule') return complianceDetails(results, body);
    if (operation === 'BatchImportFindings') {
      for (const { Id } of (JSON.parse(body.toString()) as { Findings: { Id: string }[] }).Findings) findings.add(Id);
    }
    if (!/^(?:Describe|List)/.test(operation)) return forward(behind, agent, asked);
    const key = `${method} ${path} ${body.toString()}`;
    const answer = answers.get(key) ?? (await forward(behind, agent, asked));
    if (answer.status < 300) answers.set(key, answer);
    return answer;
  };

  const server = createServer((incoming, response) => {
    void (async () => {
      const asked = await readAsked(incoming);
      calls.set(asked.operation, (calls.get(asked.operation) ?? 0) + 1);
      const { status, type, body } = await answerTo(asked);
      response.writeHead(status, { 'content-type': type, 'content-length': String(body.length) }).end(body);
    })().catch((error: unknown) => {
      response.writeHead(599).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    takeCalls: () => {
      const taken = Object.fromEntries([...calls].sort(([a], [b]) => (a < b ? -1 : 1)));
      calls = new Map();
      return taken;
    },
    held: () => ({ results: results.size, findings: findings.size }),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

interface HeldResult {
  readonly ComplianceResourceType: string;
  readonly ComplianceResourceId: string;
  readonly ComplianceType: string;
  readonly OrderingTimestamp: number;
}

function putEvaluations(held: Map<string, HeldResult>, body: Buffer): Answer {
  const { Evaluations } = JSON.parse(body.toString()) as { readonly Evaluations: readonly HeldResult[] };
  for (const result of Evaluations) {
    if (result.ComplianceType === 'NOT_APPLICABLE') held.delete(result.ComplianceResourceId);
    else held.set(result.ComplianceResourceId, result);
  }
  return json({ FailedEvaluations: [] });
}

function complianceDetails(held: ReadonlyMap<string, HeldResult>, body: Buffer): Answer {
  const {
    ConfigRuleName,
    Limit = 10,
    NextToken = '0',
  } = JSON.parse(body.toString()) as {
    readonly ConfigRuleName: string;
    readonly Limit?: number;
    readonly NextToken?: string;
  };
  const from = Number(NextToken);
  const page = [...held.values()].slice(from, from + Limit);
  return json({
    EvaluationResults: page.map((result) => ({
      EvaluationResultIdentifier: {
        EvaluationResultQualifier: {
          ConfigRuleName,
          ResourceType: result.ComplianceResourceType,
          ResourceId: result.ComplianceResourceId,
        },
        OrderingTimestamp: result.OrderingTimestamp,
      },
      ComplianceType: result.ComplianceType,
      ResultRecordedTime: result.OrderingTimestamp,
    })),
    ...(from + Limit < held.size && { NextToken: String(from + Limit) }),
  });
}

const json = (body: object): Answer => ({
  status: 200,
  type: 'application/x-amz-json-1.1',
  body: Buffer.from(JSON.stringify(body)),
});

/** The REST operations that the function calls; the others name theirs in a header or in their form. */
const BY_PATH: Readonly<Record<string, string>> = {
  'GET /2020-05-31/distribution': 'ListDistributions',
  'POST /findings': 'GetFindings',
  'POST /findings/import': 'BatchImportFindings',
};

async function readAsked(incoming: IncomingMessage): Promise<Asked> {
  const body = await bytesOf(incoming);
  const { method = 'GET', url: path = '/', headers } = incoming;
  const target = headers['x-amz-target'];
  const [bare = ''] = path.split('?');
  const named =
    typeof target === 'string'
      ? target.split('.').at(-1)
      : (new URLSearchParams(body.toString()).get('Action') ?? BY_PATH[`${method} ${bare.replace(/(?<=.)\/$/, '')}`]);
  return { operation: named ?? `${method} ${bare}`, method, path, headers, body };
}

async function forward(behind: string, agent: Agent, { method, path, headers, body }: Asked): Promise<Answer> {
  const outgoing = request(`${behind}${path}`, { method, agent, headers: { ...headers, connection: 'keep-alive' } });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return {
    status: incoming.statusCode ?? 599,
    type: incoming.headers['content-type'] ?? '',
    body: await bytesOf(incoming),
  };
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
