import * as fc from 'fast-check';
import { savedFiles, worlds } from '../snapshot/world.js';
import { propertyRuns } from '../support/property-runs.js';
import { compliantFiles, filesWith, OPEN, scan, type Files } from '../support/saved-files.js';

jest.setTimeout(120_000);

type Place = readonly (string | number)[];

/** Every place of a value inside a JSON document, the document itself left out. */
function placesOf(value: unknown, at: Place = []): readonly Place[] {
  if (value === null || typeof value !== 'object') return [at];
  const inner = Array.isArray(value) ? value.map((each, index) => [index, each] as const) : Object.entries(value);
  return [...(at.length > 0 ? [at] : []), ...inner.flatMap(([key, each]) => placesOf(each, [...at, key]))];
}

/** The document with another value at one place. */
function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? replaced(each, rest, by) : (each as unknown)));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}

const others = fc.constantFrom<unknown>(null, true, -1, 7.5, '', 'words', [], [null], [[]], {}, { a: 1 });

/** One value of one file replaced by one of another type. */
const damaged = (files: Files) =>
  fc
    .constantFrom(...Object.keys(files).filter((name) => placesOf(files[name]).length > 0))
    .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...placesOf(files[name])), others))
    .map(([name, place, by]) => ({ name, files: { ...files, [name]: replaced(files[name], place, by) } }));

const anyDamage = worlds.map(savedFiles).chain(damaged);

test('a value of another type is judged or refused in one line, and is never our own fault', async () => {
  await fc.assert(
    fc.asyncProperty(anyDamage, async ({ name, files }) => {
      const ran = await scan(files);
      expect([0, 1, 2, 3]).toContain(ran.code);
      if (ran.code !== 2) return;
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toMatch(/^origin-guard: E1\d{3}: [^\n]+\n$/);
      expect(ran.stderr).toContain(name);
    }),
    { numRuns: propertyRuns(200) },
  );
});

test('a text that is cut short is always refused', async () => {
  const files = compliantFiles();
  const cut = fc
    .constantFrom(...Object.keys(files))
    .chain((name) => fc.tuple(fc.constant(name), fc.nat({ max: JSON.stringify(files[name]).length - 1 })));
  await fc.assert(
    fc.asyncProperty(cut, async ([name, length]) => {
      const ran = await scan({ ...files, [name]: JSON.stringify(files[name]).slice(0, length) });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain(name);
    }),
    { numRuns: propertyRuns(60) },
  );
});

const typeName = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

/** What the verdict does not need, and what AWS itself leaves out where there is none. */
const MAY_BE_ABSENT =
  /^(?:Description|OwnerId|Tags|VpcId|.*Ranges|.*Pairs|PrefixListIds|IpPermissions|.*ToPort|.*FromPort|Ip.*Egress)$/;
const IS_LABEL = /^(?:LoadBalancerName|GroupName|PrefixListName|SecurityGroupArn|PrefixListArn|ARN|Scheme|Type|Id)$/;

test('what no longer says who is admitted, or through what, is never taken for a pass', async () => {
  const open = filesWith([OPEN]);
  const needed = Object.keys(open)
    .filter((name) => name !== 'tags.json' && name !== 'prefix-lists.json')
    .flatMap((name) => placesOf(open[name]).map((place) => [name, place] as const))
    .filter(([, place]) => !place.some((key) => MAY_BE_ABSENT.test(String(key)) || IS_LABEL.test(String(key))))
    .flatMap(([name, place]) =>
      [null, true, -1, 'words', [], {}]
        .filter((by) => typeName(by) !== typeName(valueAt(open[name], place)))
        .map((by) => [name, place, by] as const),
    );
  expect(needed.length).toBeGreaterThan(50);
  for (const [name, place, by] of needed) {
    const ran = await scan({ ...open, [name]: replaced(open[name], place, by) });
    expect([name, place, by, ran.code]).not.toEqual([name, place, by, 0]);
  }
});
