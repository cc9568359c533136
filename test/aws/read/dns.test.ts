import { dnsResolver, type DnsOptions } from '../../../aws/read/dns.js';
import {
  failing,
  startDnsServer,
  type DnsName,
  type DnsServer,
  type DnsServerOptions,
} from '../../support/dns-server.js';

const NAME = 'www.example.com';
const ELB = 'web-1234567890.us-east-1.elb.amazonaws.com';
const V4 = '203.0.113.9';
const V6 = '2001:db8:0:0:0:0:0:1';
const V6_SHORT = '2001:db8::1';

const running: DnsServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function serve(
  names: Readonly<Record<string, DnsName>>,
  how: Omit<DnsServerOptions, 'names'> = {},
  options: Partial<DnsOptions> = {},
) {
  const server = await startDnsServer({ names, ...how });
  running.push(server);
  const resolver = dnsResolver({ servers: [server.address], timeoutMs: 500, tries: 2, ...options });
  return { server, resolver };
}

const answered = (names: readonly string[], addresses: readonly string[], failure: string | null = null) => ({
  kind: 'answered',
  names,
  addresses,
  failure,
});

const CHAIN = {
  [NAME]: { CNAME: 'a.example.com' },
  'a.example.com': { CNAME: 'b.example.com' },
  'b.example.com': { A: [V4], AAAA: [V6] },
};

describe.each(['whole', 'one-hop'] as const)('a server that returns the %s of a chain', (chain) => {
  test.each<readonly [string, Readonly<Record<string, DnsName>>, unknown]>([
    [
      'addresses of both families',
      { [NAME]: { A: [V4, '203.0.113.10'], AAAA: [V6] } },
      answered([], [V6_SHORT, '203.0.113.10', V4].sort()),
    ],
    ['one family only', { [NAME]: { AAAA: [V6] } }, answered([], [V6_SHORT])],
    [
      'every hop of a chain, and the addresses at its end',
      CHAIN,
      answered(['a.example.com', 'b.example.com'], [V4, V6_SHORT].sort()),
    ],
    ['a target that does not exist', { [NAME]: { CNAME: 'gone.example.com' } }, answered(['gone.example.com'], [])],
    [
      'a chain in a circle',
      { [NAME]: { CNAME: 'a.example.com' }, 'a.example.com': { CNAME: NAME } },
      answered(['a.example.com'], []),
    ],
    ['a name that is its own CNAME', { [NAME]: { CNAME: NAME } }, answered([], [])],
    ['a name without addresses', { [NAME]: {} }, answered([], [])],
    ['a name that does not exist', {}, { kind: 'no-such-name' }],
  ])('%s', async (_name, names, expected) => {
    const { resolver } = await serve(names, { chain });
    expect(await resolver.resolve(NAME)).toEqual(expected);
  });

  test('a name of Elastic Load Balancing ends the chain and is never looked up, nor do its addresses count', async () => {
    const { resolver, server } = await serve(
      { [NAME]: { CNAME: `dualstack.${ELB}` }, [`dualstack.${ELB}`]: { A: [V4] } },
      { chain },
    );
    expect(await resolver.resolve(NAME)).toEqual(answered([ELB], []));
    expect(server.asked.filter((question) => question.includes('elb.amazonaws.com'))).toEqual([]);
  });
});

test('capitals and final dots do not matter, in the question, the answer and its names', async () => {
  const { resolver } = await serve(CHAIN, { capitals: true });
  expect(await resolver.resolve('WWW.Example.COM.')).toEqual(
    answered(['a.example.com', 'b.example.com'], [V4, V6_SHORT].sort()),
  );
});

describe('a lookup that fails', () => {
  test.each([
    ['SERVFAIL', 'ESERVFAIL'],
    ['REFUSED', 'EREFUSED'],
    ['NOTIMP', 'ENOTIMP'],
    ['silence', 'ETIMEOUT'],
  ] as const)('%s is a failure that names the name and the code', async (how, code) => {
    const { resolver } = await serve({ [NAME]: failing(how) }, {}, { timeoutMs: 60 });
    expect(await resolver.resolve(NAME)).toEqual(answered([], [], `the lookup of ${NAME} failed (${code})`));
  });

  test('a server that is not there is a failure', async () => {
    const { server } = await serve({});
    await running.pop()?.close();
    const resolver = dnsResolver({ servers: [server.address], timeoutMs: 60, tries: 1 });
    expect(await resolver.resolve(NAME)).toEqual(
      answered([], [], expect.stringMatching(/^the lookup of www\.example\.com failed \(E[A-Z]+\)$/) as never),
    );
  });

  test.each<readonly [string, DnsName, readonly string[]]>([
    ['of IPv6 addresses', { A: [V4], fails: { AAAA: 'SERVFAIL' } }, [V4]],
    ['of IPv4 addresses', { AAAA: [V6], fails: { A: 'SERVFAIL' } }, [V6_SHORT]],
    ['of the CNAME', { A: [V4], fails: { CNAME: 'SERVFAIL' } }, [V4]],
    ['beside a family that has none', { fails: { A: 'SERVFAIL' } }, []],
  ])('%s leaves what the other questions found, and the failure', async (_name, known, addresses) => {
    const { resolver } = await serve({ [NAME]: known });
    expect(await resolver.resolve(NAME)).toEqual(answered([], addresses, `the lookup of ${NAME} failed (ESERVFAIL)`));
  });

  test('at the end of a chain names the end, and keeps the names before it', async () => {
    const { resolver } = await serve({
      [NAME]: { CNAME: 'a.example.com' },
      'a.example.com': failing('REFUSED'),
    });
    expect(await resolver.resolve(NAME)).toEqual(
      answered(['a.example.com'], [], 'the lookup of a.example.com failed (EREFUSED)'),
    );
  });

  test('a family that says the name does not exist, while another one fails, proves nothing', async () => {
    const { resolver } = await serve({ [NAME]: { fails: { CNAME: 'NXDOMAIN', A: 'NXDOMAIN', AAAA: 'SERVFAIL' } } });
    expect(await resolver.resolve(NAME)).toEqual(answered([], [], `the lookup of ${NAME} failed (ESERVFAIL)`));
  });

  test('no question takes longer than its time, whatever the servers do', async () => {
    const { resolver } = await serve({ [NAME]: failing('silence') }, {}, { timeoutMs: 50, tries: 3 });
    const start = performance.now();
    await resolver.resolve(NAME);
    expect(performance.now() - start).toBeLessThan(50 * 2 ** 3 + 200);
  });
});

test.each(['a..example.com', `${'x'.repeat(64)}.example.com`, 'two words.example.com'])(
  'a name that breaks the rules of DNS exists nowhere: %s',
  async (name) => {
    const { resolver, server } = await serve({});
    expect(await resolver.resolve(name)).toEqual({ kind: 'no-such-name' });
    expect(server.asked).toEqual([]);
  },
);

describe('answers are kept', () => {
  test('each name is asked for once, and by each type', async () => {
    const { resolver, server } = await serve({ ...CHAIN, 'other.example.com': { CNAME: 'a.example.com' } });
    const first = await Promise.all([
      resolver.resolve(NAME),
      resolver.resolve(NAME),
      resolver.resolve('other.example.com'),
    ]);
    expect(await resolver.resolve(NAME)).toEqual(first[0]);
    expect([...server.asked].sort()).toEqual(
      [NAME, 'a.example.com', 'b.example.com', 'other.example.com']
        .flatMap((name) => ['A', 'AAAA', 'CNAME'].map((type) => `${type} ${name}`))
        .sort(),
    );
  });

  test('failures are kept too', async () => {
    const { resolver, server } = await serve(
      { [NAME]: { fails: { CNAME: 'NXDOMAIN', A: 'REFUSED', AAAA: 'NXDOMAIN' } } },
      {},
      { tries: 1 },
    );
    const first = await resolver.resolve(NAME);
    const questions = server.asked.length;
    expect(await resolver.resolve(NAME)).toEqual(first);
    expect(server.asked).toHaveLength(questions);
  });

  test('no more than eight names are looked up at a time', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${String(index)}.example.com`);
    const silent = Object.fromEntries(names.map((name) => [name, failing('silence')]));
    const { resolver, server } = await serve(silent, {}, { timeoutMs: 400, tries: 1 });
    const all = Promise.all(names.map((name) => resolver.resolve(name)));
    await new Promise((done) => setTimeout(done, 200));
    expect(new Set(server.asked.map((question) => question.split(' ')[1])).size).toBe(8);
    await all;
    expect(new Set(server.asked.map((question) => question.split(' ')[1])).size).toBe(20);
  });
});

describe('when the time runs out', () => {
  const silent = { [NAME]: failing('silence') } as const;

  test('lookups under way and later ones end with E2005', async () => {
    const over = new AbortController();
    const { resolver } = await serve(silent, {}, { timeoutMs: 60_000, signal: over.signal });
    const looking = resolver.resolve(NAME);
    setTimeout(() => {
      over.abort();
    }, 50);
    await expect(looking).rejects.toMatchObject({ code: 'E2005', message: expect.stringContaining(NAME) as string });
    await expect(resolver.resolve('other.example.com')).rejects.toMatchObject({ code: 'E2005' });
  });
});
