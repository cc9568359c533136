import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of a new rule, by path; all compile, and the test fails until somebody writes it. */
export function scaffold(id: string): Readonly<Record<string, string>> {
  const Name = id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const name = `${Name.charAt(0).toLowerCase()}${Name.slice(1)}`;
  return {
    [`rules/${id}/facts.ts`]: factsFile(Name),
    [`rules/${id}/rule.ts`]: ruleFile(id, name, Name),
    [`docs/rules/${id}.md`]: pageFile(),
    [`test/rules/${id}.test.ts`]: testFile(id, name),
  };
}

const factsFile = (Name: string): string => `import type { Fact } from '../../core/fact.js';
import type { Scope } from '../../core/ids.js';
import type { Path } from '../../core/path.js';
import type { Ports } from '../../core/ports.js';

/** Everything the rule may know about one resource; plain data, read at one time. */
export interface ${Name}Facts {
  readonly resourceId: string;
  readonly name: string | null;
  readonly scope: Scope;
  readonly paths: readonly Path[];
  /** What the verdict hangs on. Not having seen it is a gap, never a default. */
  readonly evidence: Fact<boolean>;
}

/** Reads what the rule needs to judge every resource there is. */
export function gather${Name}Facts(_ports: Ports): Promise<readonly ${Name}Facts[]> {
  return Promise.resolve([]);
}
`;

const ruleFile = (
  id: string,
  name: string,
  Name: string,
): string => `import type { ParamSet } from '../../core/params.js';
import { defineRule, type Finding } from '../../core/rule.js';
import { verdictFrom } from '../../core/verdict.js';
import type { ${Name}Facts } from './facts.js';

const REASONS = {
  'not-written-yet': { severity: 'medium', means: 'The rule says what is wrong here, in one sentence.' },
} as const;

export const ${name} = defineRule<${Name}Facts, Finding<keyof typeof REASONS>>()({
  meta: {
    id: '${id}',
    title: 'What holds when the rule passes',
    description: 'What must be so, and of which resource.',
    resourceType: 'AWS::EC2::SecurityGroup',
    severity: 'medium',
    pass: 'what a compliant verdict means',
    reasons: REASONS,
    requirements: [],
    guide: 'https://docs.aws.amazon.com/',
  },
  params: {} satisfies ParamSet,
  decide: ({ evidence }) => {
    if (!evidence.known) return verdictFrom([], [evidence.gap]);
    return verdictFrom(evidence.value ? [] : [{ reason: 'not-written-yet' as const }], []);
  },
  describe: ({ reason }) => REASONS[reason].means,
  advise: () => [],
  explain: ({ evidence }) => [
    evidence.known
      ? { outcome: evidence.value ? 'allowed' : 'refused', text: 'the evidence was seen' }
      : { outcome: 'unknown', text: evidence.gap.detail },
  ],
});
`;

const pageFile = (): string => `
## Why

Say what goes wrong without the rule, and for whom.

## Compliant

Show one example, and let a test judge it.

## Non-compliant

Show one example for each reason, and let a test judge it.

## What is indeterminate

Say which evidence the verdict hangs on, and what is said when it was not seen.

## What remediation does

Say what is changed, in which order, and what is refused.

## When not to use it

Say who is better off without the rule.
`;

const testFile = (id: string, name: string): string => `import { ${name} } from '../../rules/${id}/rule.js';

describe(${name}.meta.id, () => {
  for (const verdict of ['compliant', 'non-compliant', 'not-applicable', 'indeterminate']) {
    it(\`\${verdict}: say here what it takes\`, () => {
      throw new Error(\`this test is not written: show a \${verdict} case, or waive it in words\`);
    });
  }
});
`;

const nextSteps = (id: string): string => `
Next:
  1. write rules/${id}/facts.ts and rules/${id}/rule.ts: gather facts, then decide from them alone
  2. write test/rules/${id}.test.ts: every verdict, every reason, a gap for every fact
  3. register the rule in rules/registry.ts, and its remedy in remediation/registry.ts
  4. write the body of docs/rules/${id}.md, then render its head: npm run build && npm run docs
  5. name the rule in the CHANGELOG: a new finding on an unchanged account is a breaking change
  6. npm run format && npm run check
`;

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/** Writes the files of a new rule below a root; answers with what was written, or why nothing was. */
export function newRule(
  root: string,
  id: string | undefined,
): { readonly written: readonly string[] } | { readonly refused: string } {
  if (id === undefined) return { refused: 'no id given; use npm run new:rule -- my-rule-id' };
  if (!KEBAB_CASE.test(id))
    return { refused: `"${id}" is no rule id; use kebab-case of two words or more, such as alb-sg-cloudfront-only` };
  const files = Object.entries(scaffold(id));
  const present = [`rules/${id}`, ...files.map(([path]) => path)].find((path) => existsSync(join(root, path)));
  if (present !== undefined) return { refused: `${present} exists already; choose another id` };
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { written: files.map(([path]) => path) };
}

function run([id]: readonly string[]): number {
  const outcome = newRule(process.cwd(), id);
  if ('refused' in outcome) {
    process.stderr.write(`new:rule: ${outcome.refused}\n`);
    return 2;
  }
  for (const path of outcome.written) process.stdout.write(`wrote ${path}\n`);
  process.stdout.write(nextSteps(id ?? ''));
  return 0;
}

if (require.main === module) process.exitCode = run(process.argv.slice(2));
