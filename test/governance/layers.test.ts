import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Linted {
  readonly path: string;
  readonly messages: readonly string[];
}

const root = join(__dirname, '..', '..');

/** Lints with the layer table only, outside jest, whose sandbox has no ES modules. */
function lint(texts?: readonly { readonly path: string; readonly text: string }[]): readonly Linted[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'eslint', 'check-layers.mjs')], {
    input: texts === undefined ? '' : JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`check-layers.mjs failed: ${stderr}`);
  return JSON.parse(stdout) as Linted[];
}

const use = (specifier: string) => `import { thing } from '${specifier}';`;

type Case = readonly [path: string, text: string];

const passes: readonly Case[] = [
  ['core/verdict.ts', use('./fact.js')],
  ['core/model/cidr.ts', use('ipaddr.js')],
  ['core/model/distribution.ts', use('../fact.js')],
  ['core/ids.ts', use('zod')],
  ['core/clock.ts', 'export const at = (iso: string) => new Date(iso);'],
  ['rules/alb/rule.ts', use('../../core/rule.js')],
  ['rules/config/handler.ts', use('./event.js')],
  ['rules/registry.ts', use('./alb/rule.js')],
  ['remediation/alb/plan.ts', use('../../rules/alb/facts.js')],
  ['remediation/answer.ts', use('../core/plan.js')],
  ['prove/documents.ts', use('../remediation/runbook/render.js')],
  ['prove/questions/quota.ts', use('../../core/proving.js')],
  ['scripts/prove.ts', use('../prove/command.js')],
  ['report/table.ts', use('../remediation/registry.js')],
  ['report/table.ts', use('cli-table3')],
  ['report/table.ts', use('picocolors')],
  ['aws/read/groups.ts', use('../../core/ports.js')],
  ['aws/read/groups.ts', use('../report/evaluations.js')],
  ['aws/read/groups.ts', use('@aws-sdk/client-ec2')],
  ['aws/read/dns.ts', use('node:dns/promises')],
  ['snapshot/load.ts', use('../core/ports.js')],
  ['snapshot/load.ts', use('node:fs')],
  ['functions/config-rule.ts', use('../aws/clients.js')],
  ['functions/config-rule.ts', use('../rules/registry.js')],
  ['cli/main.ts', use('../report/table.js')],
  ['cli/commands/scan.ts', use('../../snapshot/load.js')],
  ['cli/commands/scan.ts', "export const later = () => import('../../aws/clients.js');"],
  ['cli/main.ts', use('commander')],
  ['infra/render.ts', use('../rules/registry.js')],
  ['infra/stacks/member.ts', use('../../remediation/alb/runbook.js')],
  ['infra/stacks/member.ts', "import { iamActions as groups } from '../../aws/read/groups.js';"],
  ['infra/stacks/member.ts', use('aws-cdk-lib/aws-config')],
  ['infra/checked-app.ts', use('cdk-nag')],
  ['infra/iam/policy.ts', "import { EXEMPT_UNTIL_TAG } from '../../rules/alb/exemption.js';"],
  ['scripts/docs.ts', use('../rules/registry.js')],
  ['bench/main.ts', use('@aws-sdk/client-ec2')],
  ['test/anything.ts', use('@aws-sdk/client-ec2')],
];

const rejected: readonly Case[] = [
  ['core/verdict.ts', use('../rules/registry.js')],
  ['core/model/distribution.ts', use('../../snapshot/load.js')],
  ['core/verdict.ts', "export * from '../rules/registry.js';"],
  ['core/verdict.ts', "export type Late = import('../rules/registry.js').Rule;"],
  ['core/verdict.ts', "export const late = () => import('./fact.js');"],
  ['core/verdict.ts', use('ipaddr.js')],
  ['core/verdict.ts', use('zodiac')],
  ['core/verdict.ts', use('node:fs')],
  ['core/verdict.ts', use('fs')],
  ['core/verdict.ts', use('./../rules/registry.js')],
  ['core/model/cidr.ts', use('../model/../../rules/registry.js')],
  ['core/model/cidr.ts', use('node:net')],
  ['core/verdict.ts', 'export const home = process.env;'],
  ['core/verdict.ts', 'export const now = Date.now();'],
  ['core/verdict.ts', 'export const now = new Date();'],
  ['core/verdict.ts', 'export const luck = Math.random();'],
  ['core/verdict.ts', "/* eslint-disable */ import { thing } from '../cli/main.js';"],
  ['rules/alb/rule.ts', use('../../remediation/alb/plan.js')],
  ['rules/registry.ts', use('../report/table.js')],
  ['rules/alb/rule.ts', use('node:crypto')],
  ['remediation/alb/plan.ts', use('../../report/table.js')],
  ['remediation/answer.ts', use('../aws/clients.js')],
  ['remediation/answer.ts', 'export const now = Date.now();'],
  ['prove/run.ts', use('../aws/prove/sandbox.js')],
  ['prove/run.ts', use('@aws-sdk/client-ec2')],
  ['prove/run.ts', use('node:fs')],
  ['prove/world.ts', 'export const now = Date.now();'],
  ['functions/config-rule.ts', use('../prove/run.js')],
  ['aws/prove/sandbox.ts', use('../../prove/run.js')],
  ['report/table.ts', use('../cli/main.js')],
  ['report/table.ts', use('../snapshot/load.js')],
  ['report/table.ts', use('commander')],
  ['report/table.ts', 'export const wide = process.stdout.columns;'],
  ['aws/read/groups.ts', use('../../rules/registry.js')],
  ['aws/clients.ts', use('../report/table.js')],
  ['aws/clients.ts', use('../snapshot/load.js')],
  ['snapshot/load.ts', use('../rules/registry.js')],
  ['snapshot/load.ts', use('../aws/clients.js')],
  ['snapshot/load.ts', use('@aws-sdk/client-ec2')],
  ['functions/config-rule.ts', use('../cli/main.js')],
  ['functions/config-rule.ts', use('@aws-sdk/client-ec2')],
  ['functions/config-rule.ts', 'export const pick = (a: boolean) => { if (a) return 1; return 2; };'],
  ['cli/main.ts', use('../functions/config-rule.js')],
  ['cli/main.ts', use('../infra/render.js')],
  ['cli/commands/scan.ts', use('@aws-sdk/client-ec2')],
  ['cli/commands/scan.ts', "export const later = () => import('@aws-sdk/client-ec2');"],
  ['cli/commands/scan.ts', 'export const later = (name: string) => import(name);'],
  ['cli/main.ts', "export const fs = require('node:fs');"],
  ['cli/main.ts', use('../test/support/facts.js')],
  ['infra/render.ts', use('../rules/alb/rule.js')],
  ['infra/render.ts', use('../remediation/alb/plan.js')],
  ['infra/render.ts', "import { securityGroupReader } from '../aws/read/groups.js';"],
  ['infra/render.ts', "import * as groups from '../aws/read/groups.js';"],
  ['infra/render.ts', use('@aws-sdk/client-ec2')],
  ['infra/iam/policy.ts', "import { exemption } from '../../rules/alb/exemption.js';"],
  ['infra/member/functions.ts', use('../../functions/config-rule.js')],
  ['infra/app.ts', use('../scripts/bundle.js')],
  ['scripts/docs.ts', use('../test/support/facts.js')],
  ['scripts/docs.ts', use('@aws-sdk/client-ec2')],
  ['bench/main.ts', use('../scripts/docs.js')],
  ['core/a/b/c/d/e/f/deep.ts', 'export const deep = true;'],
];

describe('the layers', () => {
  let results: readonly Linted[] = [];
  let realTree: readonly Linted[] = [];

  beforeAll(() => {
    results = lint([...passes, ...rejected].map(([path, text]) => ({ path, text })));
    realTree = lint();
  }, 120_000);

  it.each(passes.map(([path, text], index) => ({ path, text, index })))('$path may hold: $text', ({ index }) => {
    expect(results[index]?.messages).toEqual([]);
  });

  it.each(rejected.map(([path, text], index) => ({ path, text, index: passes.length + index })))(
    '$path may not hold: $text',
    ({ index }) => {
      expect(results[index]?.messages).not.toEqual([]);
      expect(results[index]?.messages.join()).not.toMatch(/parsing error/i);
    },
  );

  it('hold in the real tree, whatever a comment says', () => {
    expect(realTree.length).toBeGreaterThan(0);
    expect(realTree.filter(({ messages }) => messages.length > 0)).toEqual([]);
  });

  it('cover every folder that holds TypeScript', () => {
    const covered = new Set(realTree.map(({ path }) => path));
    const ignored = /^(?:node_modules|dist|coverage|reports|test|examples|docs|cdk\.out|\..*)$/;
    const sources = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !ignored.test(entry.name))
      .flatMap((entry) =>
        readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' }).map((path) =>
          join(entry.name, path),
        ),
      )
      .filter((path) => path.endsWith('.ts'));
    expect(sources.filter((path) => !covered.has(path))).toEqual([]);
  });
});
