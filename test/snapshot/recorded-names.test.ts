import { Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { startBudget } from '../../aws/budget.js';
import { makeClients } from '../../aws/clients.js';
import { CallCounter } from '../../aws/middleware/count-calls.js';
import { liveNames } from '../../aws/read/live-names.js';
import { keepResolutions, recordingResolver, toResolution } from '../../aws/read/recording-resolver.js';
import type { Session } from '../../aws/session.js';
import { lookupFailed, UNKNOWN, type Lead } from '../../core/follow-names.js';
import { AccountId, Region } from '../../core/ids.js';
import type { NameAnswer } from '../../core/ports.js';
import { savedNames } from '../../snapshot/saved-names.js';
import { RecordSetItem, ResolutionItem, type Resolution } from '../../wire/names.js';
import { lowerFirstKeys } from '../../wire/shared.js';
import { alias, answerAsRoute53, cname, delegation, record } from '../support/fake-route53.js';
import { propertyRuns } from '../support/property-runs.js';

/** What comes back when it has been written and read. */
const reread = (resolutions: readonly Resolution[]): ResolutionItem[] =>
  (JSON.parse(JSON.stringify(resolutions)) as readonly unknown[]).map((each) => ResolutionItem.parse(each));

const LABEL = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const NAME = fc
  .tuple(LABEL, fc.constantFrom('example.com', 'example.net', 'us-east-1.elb.amazonaws.com'))
  .map((parts) => parts.join('.'));
const sorted = <T extends string>(texts: fc.Arbitrary<T>) =>
  fc.uniqueArray(texts, { maxLength: 4 }).map((all) => all.sort());

const answers: fc.Arbitrary<NameAnswer> = fc.oneof(
  fc.constant<NameAnswer>({ kind: 'no-such-name' }),
  fc.record({ kind: fc.constant('unanswered' as const), why: fc.string() }),
  fc.record({
    kind: fc.constant('answered' as const),
    names: sorted(NAME),
    addresses: sorted(fc.oneof(fc.ipV4(), fc.ipV6())),
    failure: fc.oneof(
      fc.constant(null),
      fc.string(),
      NAME.map((name) => lookupFailed(name, 'ETIMEOUT')),
    ),
  }),
);

test('every answer is read back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (answer) => {
      const resolutions = reread([toResolution('www.example.org', answer)]);
      expect(await savedNames({ recordSets: [], resolutions }).resolve('www.example.org')).toEqual(answer);
    }),
    { numRuns: propertyRuns() },
  );
});

test('each name is handed on once, in the one form of names, and the answer goes through unchanged', async () => {
  const answer: NameAnswer = { kind: 'no-such-name' };
  const kept: Resolution[] = [];
  const resolver = recordingResolver({ resolve: () => Promise.resolve(answer) }, (resolution) => {
    kept.push(resolution);
  });
  expect(await resolver.resolve('WWW.example.com.')).toBe(answer);
  await resolver.resolve('www.example.com');
  expect(kept).toEqual([{ name: 'www.example.com', status: 'no-such-name' }]);
});

test('answers are kept by name', async () => {
  const kept = keepResolutions();
  const resolver = kept.wrap({ resolve: () => Promise.resolve({ kind: 'unanswered', why: 'x' }) });
  await Promise.all(['b.example.com', 'a.example.com'].map((name) => resolver.resolve(name)));
  expect(kept.resolutions().map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com']);
});

describe('live names that were recorded', () => {
  const mock = mockClient(Route53Client);
  const budget = startBudget(600_000);
  afterAll(() => {
    budget.end();
  });

  // Few names close to one another, so that wildcards, delegations and chains meet.
  const names = [
    'example.com',
    'a.example.com',
    'b.a.example.com',
    'c.b.a.example.com',
    'd.example.com',
    'x.example.net',
  ];
  const elb = 'web-1234567890.us-east-1.elb.amazonaws.com';
  const target = fc.constantFrom(...names, elb);
  const owner = fc.constantFrom(...names, '*.example.com', '*.a.example.com', '*.b.a.example.com');
  const recordSet = fc.oneof(
    fc.tuple(owner, target).map(([name, to]) => cname(name, to)),
    fc.tuple(owner, target).map(([name, to]) => alias(name, to)),
    fc.constantFrom('a.example.com', 'b.a.example.com').map(delegation),
    owner.map((name) => record(name, 'TXT', { ResourceRecords: [{ Value: '"x"' }] })),
  );
  const zones = fc.record({
    outer: fc.array(recordSet, { maxLength: 6 }),
    inner: fc.option(fc.array(recordSet, { maxLength: 3 })),
  });
  const lead: fc.Arbitrary<Lead> = fc.oneof(
    fc.constant<Lead>({ ...UNKNOWN, status: 'no-such-name' }),
    fc.record({
      status: fc.constant('found' as const),
      names: fc.array(target, { maxLength: 1 }),
      addresses: fc.array(fc.constantFrom('203.0.113.8', '203.0.113.9'), { maxLength: 2 }),
      failures: fc.array(fc.constantFrom('one failed', 'two failed'), { maxLength: 1 }),
    }),
  );
  const dns = fc.dictionary(fc.constantFrom(...names), lead);

  test('are the same when they are read with the saved records beside them', async () => {
    await fc.assert(
      fc.asyncProperty(
        zones,
        dns,
        fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
        async ({ outer, inner }, leads, starts) => {
          const within = (apex: string) => (each: { readonly Name?: string | undefined }) =>
            each.Name?.endsWith(`${apex}.`) === true;
          mock.reset();
          answerAsRoute53(mock, [
            { id: 'Z1', name: 'example.com', records: outer.filter(within('example.com')) },
            ...(inner === null
              ? []
              : [{ id: 'Z2', name: 'a.example.com', records: inner.filter(within('a.example.com')) }]),
          ]);
          const saved: unknown[] = [];
          const region = Region.parse('us-east-1');
          const session: Session = {
            accountId: AccountId.parse('111122223333'),
            region,
            clients: makeClients({
              region,
              credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
              counter: new CallCounter(),
            }),
            budget,
            onPage: ({ page }) => {
              saved.push(...(page as { ResourceRecordSets: readonly unknown[] }).ResourceRecordSets);
            },
          };
          const lookUp = (name: string): Lead => leads[name] ?? { ...UNKNOWN, status: 'no-such-name' };
          const resolver = liveNames({
            dns: { lookUp, resolve: () => Promise.reject(new RangeError('not asked')) },
            sessions: [session],
            onDenied: () => undefined,
          });
          const kept = keepResolutions();
          const recording = kept.wrap(resolver);
          const live = await Promise.all(starts.map((name) => recording.resolve(name)));
          const recordSets = (JSON.parse(JSON.stringify(saved)) as readonly unknown[]).map((each) =>
            RecordSetItem.parse(lowerFirstKeys(each)),
          );
          const again = savedNames({ recordSets, resolutions: reread(kept.resolutions()) });
          expect(await Promise.all(starts.map((name) => again.resolve(name)))).toEqual(live);
        },
      ),
      { numRuns: propertyRuns(150) },
    );
  });
});
