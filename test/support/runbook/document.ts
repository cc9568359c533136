import * as z from 'zod';

/** Actions of Systems Manager Automation that the interpreter knows. */
export const ACTIONS = [
  'aws:invokeLambdaFunction',
  'aws:executeAwsApi',
  'aws:branch',
  'aws:approve',
  'aws:executeScript',
  'aws:sleep',
  'aws:executeAutomation',
] as const;

export const OUTPUT_TYPES = ['String', 'Integer', 'Boolean', 'StringList', 'StringMap', 'MapList'] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

const target = z.string().regex(/^(?:Abort|Continue|step:\w+)$/);

const Step = z.strictObject({
  name: z.string().regex(/^\w{3,128}$/),
  description: z.string().optional(),
  action: z.enum(ACTIONS),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z
    .array(z.strictObject({ Name: z.string(), Selector: z.string().startsWith('$'), Type: z.enum(OUTPUT_TYPES) }))
    .default([]),
  nextStep: z.string().optional(),
  isEnd: z.boolean().default(false),
  isCritical: z.boolean().optional(),
  onFailure: target.default('Abort'),
  onCancel: target.default('Abort'),
  maxAttempts: z.int().min(1).default(1),
  timeoutSeconds: z.int().min(1).optional(),
});

const Parameter = z.strictObject({
  type: z.string(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  allowedValues: z.array(z.unknown()).optional(),
  allowedPattern: z.string().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
});

const Document = z.strictObject({
  schemaVersion: z.literal('0.3'),
  description: z.string().optional(),
  assumeRole: z.string().optional(),
  parameters: z.record(z.string(), Parameter).default({}),
  mainSteps: z.array(Step).min(1),
  outputs: z.array(z.string()).default([]),
});

export type SsmStep = z.output<typeof Step>;
export type SsmParameter = z.output<typeof Parameter>;
export type SsmDocument = z.output<typeof Document>;

/** Raised for a document that the interpreter cannot run as AWS would; never for what a run may meet. */
export class UnsupportedDocument extends Error {
  override readonly name = 'UnsupportedDocument';
}

/**
 * To these a cancelled step cannot go.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 */
const NOT_ON_CANCEL: readonly string[] = ['aws:approve', 'aws:sleep'];

const PARSED = new WeakSet<object>();

const isParsed = (value: unknown): value is SsmDocument =>
  typeof value === 'object' && value !== null && PARSED.has(value);

/**
 * Reads a rendered runbook; raises `UnsupportedDocument` when a step, a property or a target is not known.
 *
 * What it returned it returns again, so that thousands of runs can share one parsed document.
 */
export function parseDocument(rendered: unknown): SsmDocument {
  if (isParsed(rendered)) return rendered;
  const parsed = Document.safeParse(rendered);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UnsupportedDocument(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
  }
  const document = parsed.data;
  const byName = new Map(document.mainSteps.map((step) => [step.name, step]));
  if (byName.size !== document.mainSteps.length) throw new UnsupportedDocument('two steps have the same name');
  for (const step of document.mainSteps) {
    for (const name of targetsOf(step)) {
      if (!byName.has(name)) throw new UnsupportedDocument(`step ${step.name} goes to ${name}, which is no step`);
    }
    const onCancel = stepIn(step.onCancel);
    const action = onCancel === null ? '' : (byName.get(onCancel)?.action ?? '');
    if (step.onCancel === 'Continue' || NOT_ON_CANCEL.includes(action))
      throw new UnsupportedDocument(`step ${step.name} cannot go to ${step.onCancel} when it is cancelled`);
  }
  PARSED.add(document);
  return document;
}

/** The step of `step:NAME`, or `null`. */
export const stepIn = (text: string): string | null => (text.startsWith('step:') ? text.slice('step:'.length) : null);

function targetsOf({ action, inputs, nextStep, onFailure, onCancel }: SsmStep): readonly string[] {
  const choices = action === 'aws:branch' ? (inputs['Choices'] as readonly { readonly NextStep: string }[]) : [];
  const fallback = action === 'aws:branch' ? inputs['Default'] : undefined;
  return [...choices.map(({ NextStep }) => NextStep), fallback, nextStep, stepIn(onFailure), stepIn(onCancel)].filter(
    (name): name is string => typeof name === 'string',
  );
}
