import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import { ERRORS } from '../../core/errors.js';
import { copyOf, node, read, removeTempFolders, ROOT } from './support.js';

// Each case starts programs; on a busy machine they take a while.
jest.setTimeout(60_000);
afterAll(removeTempFolders);

const COPIED = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'LICENSE', 'docs', 'examples'];
const CODE = ['rules', 'test/rules', 'package.json', '.prettierrc.json'];

const script = join(ROOT, 'dist/scripts/docs.js');
const check = (folder: string) => node([script, '--check'], folder);

/** A copy of everything that the check looks at, in which something may be broken. */
const project = (): string => copyOf([...COPIED, ...CODE]);

it('finds nothing wrong with the pages of the project', () => {
  expect(check(ROOT)).toMatchObject({ code: 0, stderr: '' });
});

it('names every stale file, and writing makes them fresh', () => {
  const folder = project();
  appendFileSync(join(folder, 'docs/errors.md'), 'edited by hand\n');
  rmSync(join(folder, 'docs/schemas/scan-result-v1.json'));
  const page = join(folder, 'docs/rules/alb-sg-cloudfront-only.md');
  writeFileSync(page, readFileSync(page, 'utf8').replace('`world-ipv4`', '`world`'));
  const { code, stderr } = check(folder);
  expect(code).toBe(1);
  for (const name of ['errors.md', 'schemas/scan-result-v1.json', 'rules/alb-sg-cloudfront-only.md'])
    expect(stderr).toContain(`docs/${name} is stale; run npm run docs`);
  expect(node([script], folder).code).toBe(0);
  expect(check(folder)).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(page, 'utf8')).toBe(read('docs/rules/alb-sg-cloudfront-only.md'));
});

it('gives a page without a head its head, above what somebody wrote', () => {
  const folder = project();
  const name = 'docs/rules/alb-sg-cloudfront-only.md';
  writeFileSync(join(folder, name), read(name).slice(read(name).indexOf('## Why')));
  expect(node([script], folder)).toMatchObject({ code: 0, stdout: `docs: wrote ${name}\n` });
  expect(readFileSync(join(folder, name), 'utf8')).toBe(read(name));
});

it('names dead links, headings that are gone, and records that no index lists', () => {
  const folder = project();
  writeFileSync(
    join(folder, 'docs/adr/0099-new.md'),
    '# 0099\n\n[a](../gone.md) [b](../input.md#gone) [c](https://example.com/x) `[d](gone.md)`\n\n```md\n[e](gone.md)\n```\n',
  );
  const { code, stderr } = check(folder);
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    'docs: docs/adr/0099-new.md: the link ../gone.md leads to nothing',
    'docs: docs/adr/0099-new.md: the link ../input.md#gone names no heading of that page',
    'docs: docs/adr/README.md does not list 0099-new.md',
  ]);
});

it('names a rule without its folder or test, and a folder or page without its rule', () => {
  const folder = project();
  cpSync(join(folder, 'rules/alb-sg-cloudfront-only'), join(folder, 'rules/other-rule'), { recursive: true });
  writeFileSync(join(folder, 'docs/rules/third-rule.md'), '# Third\n');
  rmSync(join(folder, 'rules/alb-sg-cloudfront-only'), { recursive: true });
  rmSync(join(folder, 'test/rules'), { recursive: true });
  mkdirSync(join(folder, 'test/rules'));
  const { code, stderr } = check(folder);
  expect(code).toBe(1);
  expect(stderr).toContain('rule alb-sg-cloudfront-only has no folder rules/alb-sg-cloudfront-only/');
  expect(stderr).toContain('rule alb-sg-cloudfront-only has no test');
  expect(stderr).toContain('rules/other-rule/ is not registered in rules/registry.ts');
  expect(stderr).toContain('docs/rules/third-rule.md is the page of no registered rule');
});

it('publishes a schema that a result of the command line satisfies, and a wrong one does not', () => {
  const schema = JSON.parse(read('docs/schemas/scan-result-v1.json')) as Record<string, unknown>;
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: expect.stringContaining('scan-result'),
    title: expect.any(String),
  });
  const isResult = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  const { stdout } = node(['bin/origin-guard', 'scan', '--from', 'examples/organization', '--format', 'json']);
  const result = JSON.parse(stdout) as Record<string, unknown>;
  expect([isResult(result), isResult.errors]).toEqual([true, null]);
  expect(isResult({ ...result, schemaVersion: '2' })).toBe(false);
});

it('lists every error code', () => {
  for (const code of Object.keys(ERRORS)) expect(read('docs/errors.md')).toContain(`| \`${code}\` |`);
});

it('names every dependency with its version in the record of dependencies', () => {
  const manifest = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const record = read('docs/adr/0004-dependencies.md');
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
    expect(record).toContain(`${name.replace(/^@aws-sdk\/client-(?!securityhub).*/, '@aws-sdk/client-*')} ${version}`);
});
