import type { DeserializeHandlerOutput, Pluggable } from '@aws-sdk/types';

/** An answer that was cut short, or is no answer of AWS at all. */
export class BrokenAnswerError extends Error {
  override readonly name = 'BrokenAnswerError';
  /** Read by the SDK's retry strategy: the same question may be answered whole the next time. */
  readonly $retryable = { throttling: false };
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  body: unknown;
}

/**
 * Lets only whole answers through to the SDK's parsers, and asks again for the others.
 *
 * `pauseMs` is how long an answer may pause between two of its parts.
 *
 * @remarks The parsers take an empty body, or a page of somebody's proxy, for an answer without items; "nothing there"
 * would then stand for "not seen". What only the parser can tell, such as JSON that was cut behind a `}`, is broken
 * too. A document that was cut and closed again at the same depth cannot be told from a whole one.
 */
export const requireWholeAnswers = (pauseMs: number): Pluggable<object, object> => ({
  applyToStack: (stack) => {
    /** The attempts whose answer is whole, so that what fails next is the parser. */
    const parsing = new WeakSet<object>();
    stack.add(
      (next, context) => async (args) => {
        const output: DeserializeHandlerOutput<object> = await next(args);
        const answer = output.response as Answer | undefined;
        if (answer === undefined) return output;
        const body = await collect(answer.body, pauseMs);
        answer.body = body;
        if (answer.statusCode < 300) {
          check(body, answer);
          parsing.add(context);
        }
        return output;
      },
      { step: 'deserialize', priority: 'low', name: 'originGuardWholeAnswers', override: true },
    );
    stack.add(
      (next, context) => async (args) => {
        parsing.delete(context);
        try {
          return await next(args);
        } catch (error) {
          throw parsing.has(context) ? new BrokenAnswerError('an answer that does not parse', { cause: error }) : error;
        }
      },
      { step: 'deserialize', priority: 'high', name: 'originGuardParsedAnswers', override: true },
    );
  },
});

/** How much of the beginning and of the end is looked at: answers are megabytes, and every one comes through here. */
const EDGE_BYTES = 1024;

function check(body: Uint8Array, { headers }: Answer): void {
  const head = textOf(body.subarray(0, EDGE_BYTES)).trimStart();
  const tail = textOf(body.subarray(-EDGE_BYTES)).trimEnd();
  if (head === '') {
    // Some operations answer without a body; none that we call does.
    throw new BrokenAnswerError(`an empty answer (content-length ${headers['content-length'] ?? 'not given'})`);
  }
  if (head.startsWith('{')) {
    if (!tail.endsWith('}')) throw new BrokenAnswerError('a JSON answer without its end');
    return;
  }
  const root = /^(?:<\?xml[^>]*\?>)?\s*<([A-Za-z][\w.:-]*)/.exec(head)?.[1];
  if (root === undefined || /^html$/i.test(root)) throw new BrokenAnswerError('an answer that is neither XML nor JSON');
  if (!tail.endsWith(`</${root}>`)) {
    throw new BrokenAnswerError(`an XML answer without the end of <${root}>`);
  }
}

const decoder = new TextDecoder();
const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

async function collect(body: unknown, pauseMs: number): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  const stream = body as AsyncIterable<Uint8Array> & { readonly destroy: (error: Error) => unknown };
  const timer = setTimeout(() => {
    // Ends the loop below with this error, and frees the connection.
    stream.destroy(new BrokenAnswerError(`an answer that paused for more than ${String(pauseMs)} ms`));
  }, pauseMs);
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
      timer.refresh();
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw error instanceof BrokenAnswerError
      ? error
      : new BrokenAnswerError('an answer that broke off', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
