import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, never>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

/** A template as it would be deployed, and what the CDK's own checks and cdk-nag have against it. */
export interface Synthesized {
  readonly template: {
    readonly Parameters?: Readonly<Record<string, unknown>>;
    readonly Conditions?: Readonly<Record<string, unknown>>;
    readonly Resources?: Readonly<Record<string, Resource>>;
    readonly Outputs?: Readonly<
      Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
    >;
  };
  readonly text: string;
  /** Each as the id of the rule, the construct and the words. */
  readonly objections: readonly string[];
  readonly ofType: (type: string) => readonly Resource[];
}

interface Report {
  readonly pluginReports?: readonly {
    readonly violations?: readonly {
      readonly ruleName?: string;
      readonly description?: string;
      readonly violatingConstructs?: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Synthesizes one stack, with every check that there is. */
export function synth(
  build: (stack: Stack) => void,
  env: { readonly region?: string; readonly account?: string } = {},
): Synthesized {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Tried', { env });
  build(stack);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let thrown: Error | null = null;
  try {
    app.synth();
  } catch (error) {
    thrown = error as Error;
  }
  const text = read(app.outdir, 'Tried.template.json');
  if (text === null) throw thrown ?? new Error('nothing was synthesized');
  const template = JSON.parse(text) as Synthesized['template'];
  const report = JSON.parse(read(app.outdir, 'validation-report.json') ?? '{}') as Report;
  const objections = (report.pluginReports ?? []).flatMap(({ violations = [] }) =>
    violations.map(
      ({ ruleName, description, violatingConstructs }) =>
        `${String(ruleName)} at ${String(violatingConstructs?.[0]?.constructPath)}: ${String(description)}`,
    ),
  );
  if (thrown !== null && objections.length === 0) throw thrown;
  return {
    template,
    text,
    objections,
    ofType: (type) => Object.values(template.Resources ?? {}).filter(({ Type }) => Type === type),
  };
}

function read(folder: string, file: string): string | null {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return null;
  }
}

/** Every action that a policy anywhere in a template allows. */
export function actionsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(actionsIn);
  if (value === null || typeof value !== 'object') return [];
  const { Effect, Action } = value as { readonly Effect?: string; readonly Action?: string | readonly string[] };
  const own = Effect === 'Allow' && Action !== undefined ? [Action].flat() : [];
  return [...own, ...Object.values(value).flatMap(actionsIn)];
}
