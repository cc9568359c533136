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
 * @remarks The parsers take an empty body, a cut XML document or a page of somebody's proxy for an answer without
 * items; "nothing there" would then stand for "not seen".
 */
export const requireWholeAnswers = (timeoutMs: number): Pluggable<object, object> => ({
  applyToStack: (stack) => {
    stack.add(
      (next) => async (args) => {
        const output: DeserializeHandlerOutput<object> = await next(args);
        const answer = output.response as Answer | undefined;
        if (answer === undefined) return output;
        const body = await withinTime(collect(answer.body), timeoutMs);
        if (answer.statusCode < 300) check(new TextDecoder().decode(body).trim(), answer);
        answer.body = body;
        return output;
      },
      { step: 'deserialize', priority: 'low', name: 'originGuardWholeAnswers', override: true },
    );
  },
});

function check(text: string, { headers }: Answer): void {
  const length = headers['content-length'];
  if (text === '') {
    // Some operations answer without a body; none that we call does.
    throw new BrokenAnswerError(`an empty answer (content-length ${length ?? 'not given'})`);
  }
  if (text.startsWith('{')) {
    if (!text.endsWith('}')) throw new BrokenAnswerError('a JSON answer without its end');
    return;
  }
  const root = /^(?:<\?xml[^>]*\?>)?\s*<([A-Za-z][\w.:-]*)/.exec(text)?.[1];
  if (root === undefined || /^html$/i.test(root)) throw new BrokenAnswerError('an answer that is neither XML nor JSON');
  const closed = text.endsWith(`</${root}>`) || new RegExp(`<${root}(?:\\s[^<>]*)?/>$`).test(text);
  if (!closed) throw new BrokenAnswerError(`an XML answer without the end of <${root}>`);
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function withinTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BrokenAnswerError(`an answer that did not end within ${String(timeoutMs)} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
