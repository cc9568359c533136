import { OriginGuardError } from '../../../core/errors.js';
import type { Evaluation, EvaluationReporter } from '../../../core/reporting.js';
import { reportAll, toBatches } from '../../../rules/config/batch.js';

const evaluation = (resourceId: string, resourceType = 'AWS::EC2::SecurityGroup'): Evaluation => ({
  resourceType,
  resourceId,
  compliance: 'COMPLIANT',
  annotation: 'fine',
  orderingTimestamp: '2026-07-01T12:00:00Z',
});

const evaluations = (count: number): readonly Evaluation[] =>
  Array.from({ length: count }, (_, at) => evaluation(`sg-${String(at)}`));

/** Takes batches; the ones with these numbers fail, and results of these resources are refused. */
function fakeReporter({
  failing = [],
  refused = [],
}: { failing?: readonly number[]; refused?: readonly string[] } = {}) {
  const batches: (readonly Evaluation[])[] = [];
  const tokens = new Set<string>();
  const reporter: EvaluationReporter = {
    reportEvaluations: async (batch, token) => {
      batches.push(batch);
      tokens.add(token);
      if (failing.includes(batches.length))
        throw new OriginGuardError('E2001', `batch ${String(batches.length)} failed`);
      return batch.filter(({ resourceId }) => refused.includes(resourceId));
    },
  };
  return { reporter, batches, tokens };
}

it.each([
  [0, []],
  [1, [1]],
  [99, [99]],
  [100, [100]],
  [101, [100, 1]],
  [250, [100, 100, 50]],
])('%d evaluations: batches of %j, in order', async (count, sizes) => {
  const { reporter, batches, tokens } = fakeReporter();
  await reportAll(reporter, evaluations(count), 'a token');
  expect(batches.map(({ length }) => length)).toEqual(sizes);
  expect(batches.flat()).toEqual(evaluations(count));
  expect([...tokens]).toEqual(count === 0 ? [] : ['a token']);
});

it('two results for one resource are our own fault, and none is sent', async () => {
  const { reporter, batches } = fakeReporter();
  const twice = [...evaluations(150), evaluation('sg-3')];
  await expect(reportAll(reporter, twice, 'a token')).rejects.toMatchObject({
    code: 'E9001',
    detail: 'two results for AWS::EC2::SecurityGroup sg-3',
  });
  expect(batches).toEqual([]);
});

it('one id of two types is two resources', () => {
  expect(toBatches([evaluation('same'), evaluation('same', 'AWS::EC2::VPC')])).toHaveLength(1);
});

it('refused results are counted when all were sent, with the first of them', async () => {
  const { reporter, batches } = fakeReporter({ refused: ['sg-120', 'sg-7', 'sg-249'] });
  await expect(reportAll(reporter, evaluations(250), 'a token')).rejects.toMatchObject({
    code: 'E2002',
    detail: 'AWS Config refused 3 of 250 results, the first of AWS::EC2::SecurityGroup sg-7',
  });
  expect(batches).toHaveLength(3);
});

it('a batch that fails does not keep the others back, and its own failure is raised', async () => {
  const { reporter, batches } = fakeReporter({ failing: [1, 3], refused: ['sg-120'] });
  await expect(reportAll(reporter, evaluations(250), 'a token')).rejects.toMatchObject({
    code: 'E2001',
    detail: 'batch 1 failed',
  });
  expect(batches).toHaveLength(3);
});
