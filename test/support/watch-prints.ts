import { format } from 'node:util';
import { seen } from './planted-secrets.js';

// What the code under test prints into the process of the tests is searched as well; jest runs this before each file.

for (const name of ['debug', 'error', 'info', 'log', 'warn'] as const) {
  const print = console[name].bind(console);
  console[name] = (...args: readonly unknown[]) => print(seen(format(...args), `console.${name}`));
}

for (const [name, stream] of [
  ['stdout', process.stdout],
  ['stderr', process.stderr],
] as const) {
  const { write } = stream;
  stream.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    seen(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'), `process.${name}`);
    return Reflect.apply(write, stream, [chunk, ...rest]) as boolean;
  };
  // The stream is jest's own too, which prints the titles of tests.
  afterAll(() => {
    stream.write = write;
  });
}
