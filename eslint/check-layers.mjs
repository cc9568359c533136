/**
 * Lints with the layer table alone: no type information, and no comment can switch it off.
 *
 * Standard input holds a JSON array of `{ path, text }`, or nothing for the real tree; standard output gets a JSON
 * array of `{ path, messages }`.
 */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { LAYERS, layerConfigs } from './layers.mjs';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const eslint = new ESLint({
  cwd,
  allowInlineConfig: false,
  errorOnUnmatchedPattern: false,
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, ...layerConfigs()],
});

const input = await text(process.stdin);
const results =
  input.trim() === ''
    ? await eslint.lintFiles(Object.keys(LAYERS).map((layer) => `${layer}/**/*.ts`))
    : (await Promise.all(JSON.parse(input).map((each) => eslint.lintText(each.text, { filePath: each.path })))).flat();

process.stdout.write(
  JSON.stringify(
    results.map(({ filePath, messages }) => ({
      path: relative(cwd, filePath),
      messages: messages.map(({ line, message }) => `${line}: ${message}`),
    })),
  ),
);
