import { stripVTControlCharacters } from 'node:util';
import { RULES } from '../../rules/registry.js';
import { run } from '../support/saved-files.js';

test('the table names every rule with every parameter, its default and what is allowed', async () => {
  const { code, stdout, stderr } = await run(['rules']);
  expect([code, stderr]).toEqual([0, '']);
  const text = stdout.replaceAll(/\s+/g, ' ');
  for (const { meta, params } of RULES) {
    expect(text).toContain(`${meta.id} ${meta.severity}, judges ${meta.resourceType}`);
    for (const [name, { fallback, allowed }] of Object.entries(params)) {
      expect(text).toContain(`${name} = ${fallback}`);
      expect(text).toContain(`Allowed: ${allowed}.`);
    }
  }
});

test('JSON holds the same', async () => {
  const listed = JSON.parse((await run(['rules', '--format', 'json'])).stdout) as unknown;
  expect(listed).toEqual({
    schemaVersion: '1',
    rules: RULES.map(({ meta, params }) => ({
      ...meta,
      remedy: expect.any(String),
      parameters: Object.entries(params).map(([name, { summary, allowed, fallback }]) => ({
        name,
        summary,
        allowed,
        default: fallback,
      })),
    })),
  });
});

test('no line is wider than 80 columns', async () => {
  for (const world of [{}, { tty: true }]) {
    const { stdout } = await run(['rules'], world);
    const lines = stripVTControlCharacters(stdout).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});
