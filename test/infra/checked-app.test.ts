import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { makeApp } from '../../infra/build-app.js';
import { checkOnSynth } from '../../infra/checked-app.js';
import { builtFunctionCode } from '../../infra/function-code.js';
import { selfContained } from '../../infra/stacks/synthesizer.js';
import { lambdaTrust } from '../../infra/iam/trust.js';

const outdir = mkdtempSync(join(tmpdir(), 'origin-guard-checked-'));
afterAll(() => {
  rmSync(outdir, { recursive: true });
});

const stackOf = (name: string) => {
  const app = makeApp(join(outdir, name));
  checkOnSynth(app);
  return { app, stack: new Stack(app, name, { synthesizer: selfContained() }) };
};

/** What synth says, which prints its findings itself. */
function synthOf({ app }: ReturnType<typeof stackOf>): string {
  const silent = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const quiet = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  try {
    app.synth();
    return 'it is taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    silent.mockRestore();
    quiet.mockRestore();
  }
}

it('a policy with an action that nobody gave a reason for stops synth', () => {
  const made = stackOf('Wide');
  new CfnRole(made.stack, 'Role', {
    assumeRolePolicyDocument: lambdaTrust(),
    policies: [
      {
        policyName: 'wide',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::x' }],
        },
      },
    ],
  });
  expect(synthOf(made)).toMatch(/AwsSolutions-IAM5\[Action::s3:\*\]|Validation failed/);
});

it('what the schemas of CloudFormation do not allow stops synth', () => {
  const made = stackOf('Broken');
  new CfnRole(made.stack, 'Role', { assumeRolePolicyDocument: lambdaTrust(), maxSessionDuration: 1 });
  expect(synthOf(made)).toMatch(/MaxSessionDuration|Validation failed/);
});

it('a stack that is fine passes, and leaves a template without anything of the CDK', () => {
  const made = stackOf('Fine');
  new CfnRole(made.stack, 'Role', { assumeRolePolicyDocument: lambdaTrust() });
  new CfnOutput(made.stack, 'Out', { value: 'x' });
  expect(synthOf(made)).toBe('it is taken');
  expect(readdirSync(join(outdir, 'Fine')).filter((file) => file.endsWith('.template.json'))).toEqual([
    'Fine.template.json',
  ]);
});

it('a self-contained stack refuses assets', () => {
  expect(() => selfContained().addFileAsset({ sourceHash: 'x', fileName: 'x' })).toThrow(/[Aa]sset/);
});

it('code that was not built is named', () => {
  expect(() => builtFunctionCode('no-such-function')).toThrow(
    /^E1004: .*no-such-function\.js does not exist; run npm run build first$/,
  );
});
