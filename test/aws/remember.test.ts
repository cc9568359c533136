import * as fc from 'fast-check';
import { remember, type Remembered } from '../../aws/remember.js';
import { propertyRuns } from '../support/property-runs.js';

interface Read {
  readonly sinceMs: number;
  readonly succeed: (value: string) => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** A value that takes as long to read as the test wants it to. */
function slowly(forMs = 100): { clock: { ms: number }; reads: Read[]; remembered: Remembered<string> } {
  const clock = { ms: 1_000 };
  const reads: Read[] = [];
  const options = { forMs, now: () => clock.ms, isWorthKeeping: (value: string) => value !== 'gap' };
  const remembered = remember(options, () => {
    let settle: { resolve: (value: string) => void; reject: (error: Error) => void } | undefined;
    const reading = new Promise<string>((resolve, reject) => {
      settle = { resolve, reject };
    });
    reads.push({
      sinceMs: clock.ms,
      succeed: async (value) => {
        settle?.resolve(value);
        await reading;
      },
      fail: async () => {
        settle?.reject(new Error('throttled'));
        await reading.catch(() => undefined);
      },
    });
    return reading;
  });
  return { clock, reads, remembered };
}

describe('get', () => {
  test('reads once, and gives the value until it is too old', async () => {
    const { clock, reads, remembered } = slowly();
    const first = remembered.get();
    await reads[0]?.succeed('a');
    await expect(first).resolves.toBe('a');
    clock.ms += 99;
    await expect(remembered.get()).resolves.toBe('a');
    expect(reads).toHaveLength(1);
    clock.ms += 1;
    const second = remembered.get();
    await reads[1]?.succeed('b');
    await expect(second).resolves.toBe('b');
  });

  test('counts the age from the beginning of the read', async () => {
    const { clock, reads, remembered } = slowly();
    void remembered.get();
    clock.ms += 60;
    await reads[0]?.succeed('a');
    clock.ms += 40;
    void remembered.get();
    expect(reads).toHaveLength(2);
  });

  test('reads again when the clock was set back', async () => {
    const { clock, reads, remembered } = slowly();
    void remembered.get();
    await reads[0]?.succeed('a');
    clock.ms -= 1;
    void remembered.get();
    expect(reads).toHaveLength(2);
  });

  test('shares a read that is under way', async () => {
    const { reads, remembered } = slowly();
    const all = [remembered.get(), remembered.get(), remembered.get()];
    await reads[0]?.succeed('a');
    await expect(Promise.all(all)).resolves.toEqual(['a', 'a', 'a']);
    expect(reads).toHaveLength(1);
  });

  test('gives a failure to all who share it, and keeps it for nobody', async () => {
    const { reads, remembered } = slowly();
    const all = Promise.allSettled([remembered.get(), remembered.get()]);
    await reads[0]?.fail();
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = remembered.get();
    await reads[1]?.succeed('a');
    await expect(next).resolves.toBe('a');
  });

  test('gives a value that is not worth keeping once', async () => {
    const { reads, remembered } = slowly();
    const first = remembered.get();
    await reads[0]?.succeed('gap');
    await expect(first).resolves.toBe('gap');
    void remembered.get();
    expect(reads).toHaveLength(2);
  });

  test('keeps nothing when nothing may be kept', async () => {
    const { reads, remembered } = slowly(0);
    void remembered.get();
    await reads[0]?.succeed('a');
    void remembered.get();
    expect(reads).toHaveLength(2);
  });

  test('rejects when the read cannot even begin', async () => {
    const remembered = remember({ forMs: 1, now: () => 0, isWorthKeeping: () => true }, () => {
      throw new RangeError('no invocation');
    });
    await expect(remembered.get()).rejects.toThrow('no invocation');
    await expect(remembered.refresh()).rejects.toThrow('no invocation');
  });
});

describe('refresh', () => {
  test('reads again, and its value is the one that is kept', async () => {
    const { reads, remembered } = slowly();
    void remembered.get();
    await reads[0]?.succeed('a');
    const fresh = remembered.refresh();
    await reads[1]?.succeed('b');
    await expect(fresh).resolves.toBe('b');
    await expect(remembered.get()).resolves.toBe('b');
    expect(reads).toHaveLength(2);
  });

  test('shares a refresh that is under way, and so does get', async () => {
    const { reads, remembered } = slowly();
    const all = [remembered.refresh(), remembered.refresh(), remembered.get()];
    await reads[0]?.succeed('a');
    await expect(Promise.all(all)).resolves.toEqual(['a', 'a', 'a']);
    expect(reads).toHaveLength(1);
  });

  test('does not share a read that began before, whose value is not kept either', async () => {
    const { reads, remembered } = slowly();
    const before = remembered.get();
    const fresh = remembered.refresh();
    await reads[1]?.succeed('new');
    await reads[0]?.succeed('old');
    await expect(before).resolves.toBe('old');
    await expect(fresh).resolves.toBe('new');
    await expect(remembered.get()).resolves.toBe('new');
  });

  test('that fails leaves nothing kept', async () => {
    const { reads, remembered } = slowly();
    void remembered.get();
    await reads[0]?.succeed('a');
    const fresh = remembered.refresh();
    const failed = expect(fresh).rejects.toThrow('throttled');
    await reads[1]?.fail();
    await failed;
    void remembered.get();
    expect(reads).toHaveLength(3);
  });
});

describe('whatever is asked, and whenever reads end', () => {
  const step = fc.oneof(
    fc.constant({ kind: 'get' } as const),
    fc.constant({ kind: 'refresh' } as const),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: -20, max: 150 }) }),
    fc.record({
      kind: fc.constant('end' as const),
      read: fc.nat(20),
      how: fc.constantFrom('value' as const, 'gap' as const, 'failure' as const),
    }),
  );

  test('no value is given that is older than asked for, and no failure twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, reads, remembered } = slowly();
        const ended = new Set<number>();
        const end = async (at: number, how: 'value' | 'gap' | 'failure'): Promise<void> => {
          if (at >= reads.length || ended.has(at)) return;
          ended.add(at);
          if (how === 'failure') await reads[at]?.fail();
          else await reads[at]?.succeed(how === 'gap' ? 'gap' : String(at));
        };
        const asked: Promise<void>[] = [];
        for (const each of steps) {
          if (each.kind === 'wait') clock.ms += each.ms;
          else if (each.kind === 'end') await end(each.read, each.how);
          else {
            const begun = reads.length;
            const endedBefore = new Set(ended);
            const askedAtMs = clock.ms;
            asked.push(
              remembered[each.kind]().then(
                (value) => {
                  if (value === 'gap') return;
                  const from = Number(value);
                  const age = askedAtMs - (reads[from]?.sinceMs ?? NaN);
                  // A read that was still under way is shared however long it takes.
                  if (from < begun && endedBefore.has(from)) expect(age >= 0 && age < 100).toBe(true);
                  if (each.kind === 'refresh') expect(endedBefore.has(from)).toBe(false);
                },
                () => undefined,
              ),
            );
          }
        }
        for (const at of reads.keys()) await end(at, 'value');
        await Promise.all(asked);
        expect(reads.length).toBeLessThanOrEqual(asked.length);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

it('says whether a value is kept, as long as it is young', async () => {
  const { clock, reads, remembered } = slowly(100);
  expect(remembered.isKept()).toBe(false);
  const reading = remembered.get();
  expect(remembered.isKept()).toBe(false);
  await reads[0]?.succeed('value');
  await reading;
  expect(remembered.isKept()).toBe(true);
  clock.ms += 100;
  expect(remembered.isKept()).toBe(false);
});
