import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { checkSize, FUNCTIONS, functionCode, LIMIT, MEMBER_FUNCTIONS } from '../../scripts/bundle.js';

const root = join(__dirname, '..', '..');

/** What the sources of the functions are, and what turns them into a bundle. */
const SOURCES = ['core', 'rules', 'remediation', 'report', 'wire', 'aws', 'snapshot', 'functions'];
const OTHERS = ['package.json', 'tsconfig.json'];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the code of a function', () => {
  it.each(FUNCTIONS)('%s exports a handler and takes nothing but the SDK and Node.js from outside', async (name) => {
    const code = await functionCode(name);
    const outside = [...code.matchAll(/require\("([^"]+)"\)/g)].map(([, specifier]) => specifier ?? '');
    expect(outside.filter((specifier) => !/^(?:@aws-sdk\/[\w-]+|node:[\w/]+)$/.test(specifier))).toEqual([]);
    const module = { exports: {} };
    compileFunction(code, ['module', 'require'])(module, require);
    expect(Object.keys(module.exports)).toEqual(['handler']);
  });

  it.each(FUNCTIONS)('%s is ASCII, so that its length is its bytes', async (name) => {
    const code = await functionCode(name);
    expect(Buffer.byteLength(code)).toBe(code.length);
    expect(code).toMatch(/^[\x00-\x7f]+$/);
  });

  it('is the same, byte for byte, whatever the folder is called in which the project lies', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'a name with spaces, and long enough to matter-'));
    try {
      for (const each of [...SOURCES, ...OTHERS, 'dist/scripts/bundle.js']) {
        cpSync(join(root, each), join(folder, each), { recursive: true });
      }
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      const print = `require(${JSON.stringify(join(folder, 'dist/scripts/bundle.js'))}).functionCode(process.argv[1]).then((code) => process.stdout.write(code))`;
      for (const name of FUNCTIONS) {
        const { stdout, stderr } = spawnSync(process.execPath, ['-e', print, name], {
          cwd: tmpdir(),
          encoding: 'utf8',
        });
        expect(stderr).toBe('');
        expect(sha256(stdout)).toBe(sha256(await functionCode(name)));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the size of the functions of the member template', () => {
  it('is below the limit', async () => {
    const sizes = await Promise.all(MEMBER_FUNCTIONS.map(async (name) => (await functionCode(name)).length));
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(LIMIT);
  });

  it('stops the build when it reaches the limit, with both numbers', () => {
    expect(() => {
      checkSize(new Map([['config-rule', LIMIT - 2] as const, ['plan-remediation', 1] as const]));
    }).not.toThrow();
    expect(() => {
      checkSize(new Map([['config-rule', LIMIT - 1] as const, ['plan-remediation', 1] as const]));
    }).toThrow(
      'config-rule and plan-remediation take 400000 bytes together; allowed: fewer than 400000 (docs/adr/0008-inline-function-code.md)',
    );
  });
});
