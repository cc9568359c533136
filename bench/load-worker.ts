import { subscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';

/** What one load took, in milliseconds from before the first `require`. */
export interface Load {
  readonly loadedMs: number;
  /** Until the first request was on its way. */
  readonly firstCallMs: number;
}

/** What to load: the function and an event for it, or packages of the SDK. */
export type Loaded =
  | { readonly bundle: string; readonly event: unknown; readonly invokedFunctionArn: string }
  | { readonly packages: readonly string[] };

const load = createRequire(__filename);

type Handler = (event: unknown, context: object) => Promise<void>;

interface Client {
  readonly send: (command: object) => Promise<unknown>;
}
type SdkPackage = Readonly<Record<string, new (input: object) => object>>;

/** Loads the function, or the SDK clients that it loads and nothing else, and makes the first call. */
function measure(what: Loaded): void {
  const start = performance.now();
  let loadedMs = 0;
  subscribe('http.client.request.start', () => {
    const result: Load = { loadedMs, firstCallMs: performance.now() - start };
    process.send?.(result, () => process.exit());
  });
  if ('bundle' in what) {
    const { bundle, event, invokedFunctionArn } = what;
    const { handler } = load(bundle) as { readonly handler: Handler };
    loadedMs = performance.now() - start;
    void handler(event, { awsRequestId: 'b', invokedFunctionArn, getRemainingTimeInMillis: () => 10_000 });
    return;
  }
  const packages = what.packages.map((name) => load(name) as SdkPackage);
  loadedMs = performance.now() - start;
  // The function makes every client for its first call too.
  const clients = packages.map((each) => {
    const [, Client] = Object.entries(each).find(([name]) => /^[A-Z]\w*Client$/.test(name)) ?? [];
    return Client === undefined ? null : (new Client({}) as Client);
  });
  for (const [index, { DescribeLoadBalancersCommand }] of packages.entries()) {
    if (DescribeLoadBalancersCommand !== undefined) void clients[index]?.send(new DescribeLoadBalancersCommand({}));
  }
}

measure(JSON.parse(process.argv[2] ?? '') as Loaded);
