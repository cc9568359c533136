import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { clientSettings, equip, type Clients } from '../../../aws/clients.js';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { requireWholeAnswers } from '../../../aws/middleware/whole-answers.js';
import { REGION } from '../../support/builders.js';
import { CREDENTIALS } from './session.js';

/** One answer of the server, or what it does in place of one. */
export type Reply = (response: ServerResponse) => void;

/** Answers with this body and the length that it has. */
export const whole =
  (body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };

/** Announces more than it sends, and hangs up. */
export const shorterThanAnnounced =
  (body: string): Reply =>
  (response) => {
    response.writeHead(200, { 'content-length': String(Buffer.byteLength(body) + 100) });
    response.write(body, () => response.socket?.destroy());
  };

/** Sends in chunks, and hangs up before the last one. */
export const chunksWithoutEnd =
  (body: string): Reply =>
  (response) => {
    response.writeHead(200);
    response.write(body, () => response.socket?.destroy());
  };

/** Sends in chunks, and then nothing more. */
export const stalled =
  (body: string): Reply =>
  (response) => {
    response.writeHead(200);
    response.write(body);
  };

export const reset: Reply = (response) => {
  response.socket?.destroy();
};

export interface LocalAws {
  readonly clients: Clients;
  readonly counter: CallCounter;
  readonly requests: readonly IncomingMessage[];
  /** The answers to give from now on, in turn; the last one to every further request. */
  readonly answer: (...replies: readonly Reply[]) => void;
  readonly close: () => Promise<void>;
}

/** How long an answer may pause here, in milliseconds. */
const PAUSE_MS = 100;

/** A server in the place of AWS, and clients with our settings that ask it; they try twice. */
export async function localAws(): Promise<LocalAws> {
  const requests: IncomingMessage[] = [];
  let queue: Reply[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => {
      const [reply, ...others] = queue;
      if (others.length > 0) queue = others;
      reply?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const counter = new CallCounter();
  const settings = {
    ...clientSettings({ region: REGION, credentials: CREDENTIALS }),
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    maxAttempts: 2,
  };
  const clients: Clients = {
    ec2: new EC2Client(settings),
    elbv2: new ElasticLoadBalancingV2Client(settings),
    cloudfront: new CloudFrontClient(settings),
    config: new ConfigServiceClient(settings),
    securityHub: new SecurityHubClient(settings),
  };
  const all = Object.values(clients) as readonly (EC2Client | CloudFrontClient)[];
  for (const client of all) {
    equip(client, counter);
    client.middlewareStack.use(requireWholeAnswers(PAUSE_MS) as never);
  }
  return {
    clients,
    counter,
    requests,
    answer: (...replies) => {
      queue = [...replies];
      requests.length = 0;
      counter.reset();
    },
    close: async () => {
      for (const client of all) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
