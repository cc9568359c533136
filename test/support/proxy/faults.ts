import type { ServerResponse } from 'node:http';
import type { CalledOperation } from './called-operation.js';

/** An answer that is held in full before it is sent. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What may go wrong between a caller and AWS. */
export type Fault =
  /** AWS refuses for the rate, for want of permission, or because something of its own broke; in the service's own words. */
  | { readonly kind: 'throttled' | 'denied' | 'failed' }
  /** A front end of AWS answers 503 with a page. */
  | { readonly kind: 'unavailable' }
  /** The connection is reset before any answer: AWS never saw the request. */
  | { readonly kind: 'reset' }
  /** AWS did what was asked, and the connection is reset in the middle of the answer. */
  | { readonly kind: 'reset-in-body' }
  /**
   * AWS did what was asked; half of the answer comes, as if it were all of it. Of JSON that half ends where some object
   * does, so that its last letter shows nothing.
   */
  | { readonly kind: 'cut' }
  /** AWS did what was asked; half of the answer comes, and then the connection ends before its announced length. */
  | { readonly kind: 'cut-short-of-length' }
  /** Somebody between answers 200 with nothing, or with a page. */
  | { readonly kind: 'empty' | 'html' }
  /** AWS did what was asked and takes its time to say so. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** No answer at all. */
  | { readonly kind: 'silent' };

/** A fault that stands for an answer of its own: AWS did nothing. */
export function refusal(fault: Fault, called: CalledOperation): WholeAnswer | null {
  switch (fault.kind) {
    case 'throttled':
      return serviceError(called, THROTTLED[styleOf(called)]);
    case 'denied':
      return serviceError(called, DENIED[styleOf(called)]);
    case 'failed':
      return serviceError(called, FAILED[styleOf(called)]);
    case 'unavailable':
      return { status: 503, headers: HTML, body: page('503 Service Temporarily Unavailable') };
    case 'html':
      return { status: 200, headers: HTML, body: page('Please sign in to the network') };
    case 'empty':
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    case 'reset':
    case 'reset-in-body':
    case 'cut':
    case 'cut-short-of-length':
    case 'slow':
    case 'silent':
      return null;
  }
}

/** Whether AWS never gets to see a request with this fault. */
export const isBeforeAws = ({ kind }: Fault): boolean => kind === 'reset' || kind === 'silent';

/** Sends an answer, or what a fault leaves of it. */
export function send(response: ServerResponse, { status, headers, body }: WholeAnswer, fault: Fault | null): void {
  const half = halfOf(body);
  const announced = { ...headers, 'content-length': String(body.length) };
  switch (fault?.kind) {
    case 'reset-in-body':
      response.writeHead(status, announced);
      response.write(half, () => setTimeout(() => response.socket?.resetAndDestroy(), 20));
      return;
    case 'cut-short-of-length':
      response.writeHead(status, announced);
      response.write(half, () => response.socket?.end());
      return;
    case 'cut':
      response.writeHead(status, { ...headers, 'content-length': String(half.length) });
      response.end(half);
      return;
    case 'throttled':
    case 'denied':
    case 'failed':
    case 'unavailable':
    case 'reset':
    case 'empty':
    case 'html':
    case 'slow':
    case 'silent':
    case undefined:
      response.writeHead(status, announced);
      response.end(body);
  }
}

function halfOf(body: Buffer): Buffer {
  const middle = Math.floor(body.length / 2);
  const endOfObject = body.subarray(0, middle).lastIndexOf('}') + 1;
  const isJson = body.subarray(0, 1).toString('latin1') === '{';
  return body.subarray(0, isJson && endOfObject > 0 ? endOfObject : middle);
}

type Style = 'ec2' | 'query' | 'json' | 'rest-json';

interface ErrorWords {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the common errors of each API. */
const THROTTLED: Readonly<Record<Style, ErrorWords>> = {
  ec2: { status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' },
  query: { status: 400, code: 'Throttling', message: 'Rate exceeded' },
  json: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  'rest-json': { status: 429, code: 'TooManyRequestsException', message: 'Too Many Requests' },
};

const DENIED: Readonly<Record<Style, ErrorWords>> = {
  ec2: { status: 403, code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.' },
  query: { status: 403, code: 'AccessDenied', message: 'User is not authorized to perform this operation' },
  json: { status: 400, code: 'AccessDeniedException', message: 'User is not authorized to perform this operation' },
  'rest-json': { status: 403, code: 'AccessDeniedException', message: 'User is not authorized' },
};

const FAILED: Readonly<Record<Style, ErrorWords>> = {
  ec2: { status: 500, code: 'InternalError', message: 'An internal error has occurred' },
  query: { status: 500, code: 'InternalFailure', message: 'An internal error has occurred' },
  json: { status: 500, code: 'InternalServerException', message: 'An internal error has occurred' },
  'rest-json': { status: 500, code: 'InternalException', message: 'An internal error has occurred' },
};

function styleOf({ service }: CalledOperation): Style {
  switch (service) {
    case 'ec2':
      return 'ec2';
    case 'config':
    case 'servicequotas':
    case 'ssm':
      return 'json';
    case 'securityhub':
      return 'rest-json';
    default:
      return 'query';
  }
}

/** An error as the service writes it. */
export function serviceError(called: CalledOperation, { status, code, message }: ErrorWords): WholeAnswer {
  const id = '7a62c49f-347e-4fc4-9331-6e8eEXAMPLE';
  switch (styleOf(called)) {
    case 'ec2':
      return xml(
        status,
        `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>${id}</RequestID></Response>`,
      );
    case 'query':
      return xml(
        status,
        `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`,
      );
    case 'json':
      return json(status, { __type: code, message });
    case 'rest-json':
      return { ...json(status, { Code: code, Message: message }), headers: { ...JSON_1_1, 'x-amzn-errortype': code } };
  }
}

const HTML = { 'content-type': 'text/html' };
const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };

const page = (text: string): Buffer =>
  Buffer.from(`<html>\r\n<head><title>${text}</title></head>\r\n<body><h1>${text}</h1></body>\r\n</html>\r\n`);

const xml = (status: number, text: string): WholeAnswer => ({
  status,
  headers: { 'content-type': 'text/xml;charset=UTF-8' },
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`),
});

/** A value as the JSON services answer it. */
export const json = (status: number, value: unknown): WholeAnswer => ({
  status,
  headers: JSON_1_1,
  body: Buffer.from(JSON.stringify(value)),
});
