import {
  AutomationDocument,
  AwsApiStep,
  AwsService,
  BranchStep,
  Choice,
  DataType,
  Input,
  NumberVariable,
  OnFailure,
  OperationEvaluator,
  ResponseCode,
  Simulation,
  StepRef,
  StringVariable,
  BooleanVariable,
  type AutomationStep,
  type IObserver,
} from '@cdklabs/cdk-ssm-documents';
import { App, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';
import type { Payload } from './doors.js';
import { runDocument } from './interpreter.js';

// The simulation of cdk-ssm-documents was written by others from the same documentation. Where both can run a document
// they must agree; it knows neither our functions' outputs nor isCritical, and fills neither lists nor booleans in.

interface ApiStep {
  readonly kind: 'api';
  readonly name: string;
  readonly params: Payload;
  readonly next: string | null;
  readonly onFailure: string;
  readonly isEnd: boolean;
  readonly attempts: number;
}
interface BranchOf {
  readonly kind: 'branch';
  readonly name: string;
  readonly choices: readonly {
    readonly variable: string;
    readonly operator: string;
    readonly constant: unknown;
    readonly to: string;
  }[];
  readonly fallback: string | null;
}
type Step = ApiStep | BranchOf;

/** What every call answers; the first step declares all of it as outputs. */
const ANSWER = {
  text: 'EDIT',
  other: 'split',
  count: 3,
  yes: true,
  list: ['sgr-1', 'sgr-2'],
  deep: { items: [{ id: 'x' }] },
};
const OUTPUTS = [
  ['text', '$.text', 'String'],
  ['count', '$.count', 'Integer'],
  ['yes', '$.yes', 'Boolean'],
  ['list', '$.list', 'StringList'],
  ['id', '$.deep.items[0].id', 'String'],
] as const;

const reference = (steps: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...steps), fc.constantFrom('text', 'count', 'id'))
    .map(([step, output]) => `{{ ${step}.${output} }}`);

/** Steps S0 to Sn that only go forward; the last one is an end. */
const anySteps: fc.Arbitrary<readonly Step[]> = fc.integer({ min: 3, max: 9 }).chain((count) => {
  const names = Array.from({ length: count }, (_, at) => `Step${String(at)}`);
  return fc.tuple(
    ...names.map((name, at) => (at === 0 ? firstStep : at === count - 1 ? lastStep(names) : anyStep(names, at, name))),
  );
});

const plain = {
  kind: 'api',
  params: { Given: '{{ Given }}' },
  next: null,
  onFailure: 'Abort',
  isEnd: false,
  attempts: 1,
} as const;
const firstStep: fc.Arbitrary<Step> = fc.constant({ ...plain, name: 'Step0' });
const lastStep = (names: readonly string[]): fc.Arbitrary<Step> =>
  fc.constant({ ...plain, name: names.at(-1)!, isEnd: true });

function anyStep(names: readonly string[], at: number, name: string): fc.Arbitrary<Step> {
  const later = fc.constantFrom(...names.slice(at + 1));
  // Rarely a step that may not have run: both must then refuse to go on.
  const earlier = fc.oneof(
    { weight: 9, arbitrary: fc.constant(['Step0']) },
    { weight: 1, arbitrary: fc.constant(names.slice(0, at)) },
  );
  const value = fc.oneof(fc.constantFrom<unknown>(7, 'fixed', '{{ Given }}'), earlier.chain(reference));
  const text = earlier.chain(reference).map((inner) => `a ${inner.replace('count', 'text')} and {{ Given }}`);
  const params = fc.record({
    Value: value,
    Deep: fc.record({ Items: fc.array(fc.oneof(value, text), { maxLength: 2 }) }),
  });
  const api = fc.record({
    kind: fc.constant('api' as const),
    name: fc.constant(name),
    params,
    next: fc.option(later),
    onFailure: fc.oneof(
      fc.constantFrom('Abort', 'Continue'),
      later.map((target) => `step:${target}`),
    ),
    isEnd: fc.constantFrom(false, false, false, false, true),
    attempts: fc.constantFrom(1, 1, 2, 3),
  });
  const branch = fc.record({
    kind: fc.constant('branch' as const),
    name: fc.constant(name),
    choices: fc.array(
      fc.tuple(condition, later).map(([holds, to]) => ({ ...holds, to })),
      { minLength: 1, maxLength: 3 },
    ),
    fallback: fc.option(later),
  });
  return fc.oneof({ weight: 3, arbitrary: api }, { weight: 2, arbitrary: branch });
}

const condition = fc.oneof(
  fc.record({
    variable: fc.constantFrom('Step0.text', 'Given'),
    operator: fc.constantFrom('StringEquals', 'EqualsIgnoreCase', 'StartsWith', 'EndsWith', 'Contains'),
    constant: fc.constantFrom<unknown>('EDIT', 'edit', 'ED', 'given', 'none'),
  }),
  fc.record({
    variable: fc.constant('Step0.count'),
    operator: fc.constantFrom(
      'NumericEquals',
      'NumericGreater',
      'NumericLesser',
      'NumericGreaterOrEquals',
      'NumericLesserOrEquals',
    ),
    constant: fc.constantFrom<unknown>(2, 3, 4),
  }),
  fc.record({
    variable: fc.constant('Step0.yes'),
    operator: fc.constant('BooleanEquals'),
    constant: fc.constantFrom<unknown>(true, false),
  }),
);

/** The document as it is rendered to Systems Manager. */
const toDocument = (steps: readonly Step[]): Payload => ({
  schemaVersion: '0.3',
  parameters: { Given: { type: 'String', default: 'given' } },
  mainSteps: steps.map((step) =>
    step.kind === 'branch'
      ? {
          name: step.name,
          action: 'aws:branch',
          inputs: {
            Choices: step.choices.map(({ variable, operator, constant, to }) => ({
              NextStep: to,
              Variable: `{{ ${variable} }}`,
              [operator]: constant,
            })),
            ...(step.fallback === null ? {} : { Default: step.fallback }),
          },
        }
      : {
          name: step.name,
          action: 'aws:executeAwsApi',
          inputs: { Service: 'ec2', Api: step.name, ...step.params },
          outputs: OUTPUTS.map(([Name, Selector, Type]) => ({ Name, Selector, Type })),
          ...(step.next === null ? {} : { nextStep: step.next }),
          // The simulation goes on after a failed end, which AWS does not.
          onFailure: step.isEnd ? 'Abort' : step.onFailure,
          isCritical: step.onFailure === 'Abort' || step.isEnd,
          isEnd: step.isEnd,
          maxAttempts: step.attempts,
        },
  ),
});

function toConstruct(stack: Stack, step: Step, outputObserver: IObserver): AutomationStep {
  if (step.kind === 'branch')
    return new BranchStep(stack, step.name, {
      choices: step.choices.map(
        ({ variable, operator, constant, to }) =>
          new Choice({
            variable: variableOf(variable),
            operation: OperationEvaluator.STRING_TO_OPERATION[operator]!,
            constant,
            jumpToStepName: to,
          }),
      ),
      ...(step.fallback === null ? {} : { defaultStepName: step.fallback }),
    });
  return new AwsApiStep(stack, step.name, {
    service: AwsService.EC2,
    pascalCaseApi: step.name,
    apiParams: step.params,
    outputs: OUTPUTS.map(([name, selector, type]) => ({
      name,
      selector,
      outputType: DataType.fromDataType(type).dataTypeEnum,
    })),
    ...(step.next === null ? {} : { explicitNextStep: StepRef.fromName(step.next) }),
    onFailure: onFailureOf(step),
    isEnd: step.isEnd,
    maxAttempts: step.attempts,
    outputObserver,
  });
}

const variableOf = (name: string) =>
  name.endsWith('count')
    ? NumberVariable.of(name)
    : name.endsWith('yes')
      ? BooleanVariable.of(name)
      : StringVariable.of(name);

function onFailureOf({ isEnd, onFailure }: ApiStep): OnFailure {
  if (isEnd || onFailure === 'Abort') return OnFailure.abort();
  return onFailure === 'Continue' ? OnFailure.continue() : OnFailure.invokeStepByName(onFailure.slice('step:'.length));
}

/** One fake API for both: which attempt of which operation fails is decided beforehand. */
function fakeApi(failures: ReadonlyMap<string, number>) {
  const calls: { readonly api: string; readonly params: unknown }[] = [];
  const call = (api: string, params: unknown): Payload => {
    calls.push({ api, params });
    if (calls.filter((each) => each.api === api).length <= (failures.get(api) ?? 0)) throw new Error(`${api} failed`);
    return ANSWER;
  };
  return { call, calls };
}

interface Seen {
  readonly status: 'Success' | 'Failed';
  /** The steps that ran, without those whose failure led elsewhere: the simulation forgets them. */
  readonly steps: readonly string[];
  readonly outputs: Payload;
  readonly calls: readonly unknown[];
}

function simulate(steps: readonly Step[], failures: ReadonlyMap<string, number>): Seen {
  const stack = new Stack(new App(), 'Stack');
  const document = new AutomationDocument(stack, 'Document', {
    docInputs: [Input.ofTypeString('Given', { defaultValue: 'given' })],
  });
  const { call, calls } = fakeApi(failures);
  const outputs: Record<string, unknown> = {};
  const outputObserver = { accept: (given: Payload) => void Object.assign(outputs, given) };
  for (const step of steps) document.addStep(toConstruct(stack, step, outputObserver));
  const result = Simulation.ofAutomation(document, {
    awsInvoker: {
      invoke: ({ awsApi, awsParams }) => call(awsApi.charAt(0).toUpperCase() + awsApi.slice(1), awsParams),
    },
  }).simulate({});
  return {
    status: result.responseCode === ResponseCode.SUCCESS ? 'Success' : 'Failed',
    steps: result.executedSteps,
    outputs,
    calls,
  };
}

async function interpret(steps: readonly Step[], failures: ReadonlyMap<string, number>) {
  const { call, calls } = fakeApi(failures);
  const document = toDocument(steps);
  const result = await runDocument(
    document,
    {},
    {
      doors: { invokeLambda: () => Promise.resolve({}), callApi: async (_, api, params) => call(api, params) },
    },
  );
  const wentElsewhere = new Set(
    result.steps
      .filter(({ status }, at) => status !== 'Success' && at < result.steps.length - 1)
      .map(({ name }) => name),
  );
  const seen: Seen = {
    status: result.status === 'Success' ? 'Success' : 'Failed',
    steps: result.steps.map(({ name }) => name).filter((name) => !wentElsewhere.has(name)),
    outputs: Object.fromEntries(
      result.steps.flatMap(({ name, outputs }) =>
        Object.entries(outputs).map(([output, value]) => [`${name}.${output}`, value]),
      ),
    ),
    calls,
  };
  return { seen, unresolved: result.steps.some(({ message }) => message.startsWith('unresolved reference')) };
}

describe('the interpreter and the simulation of cdk-ssm-documents', () => {
  beforeEach(() => jest.spyOn(console, 'log').mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());

  test('agree on the steps that run, their calls, their outputs and the status', async () => {
    const reached = { Success: 0, Failed: 0, branched: 0, recovered: 0, unresolved: 0 };
    await fc.assert(
      fc.asyncProperty(
        anySteps,
        fc.dictionary(fc.constantFrom('Step1', 'Step2', 'Step3', 'Step4', 'Step5'), fc.integer({ min: 1, max: 3 })),
        async (steps, failing) => {
          const failures = new Map(Object.entries(failing));
          const { seen, unresolved } = await interpret(steps, failures);
          if (unresolved) {
            reached.unresolved += 1;
            // What AWS does is not documented; the simulation refuses to go on, as ours does when asked to be strict.
            expect(() => simulate(steps, failures)).toThrow('Not all inputs required were provided');
            return;
          }
          expect(seen).toEqual(simulate(steps, failures));
          reached[seen.status] += 1;
          if (seen.steps.some((name) => steps.some((step) => step.kind === 'branch' && step.name === name)))
            reached.branched += 1;
          if (seen.calls.length > seen.steps.length) reached.recovered += 1;
        },
      ),
      { numRuns: propertyRuns(200) },
    );
    for (const count of Object.values(reached)) expect(count).toBeGreaterThan(0);
  }, 60_000);
});
