import { Command } from 'commander';
import { OriginGuardError } from '../../core/errors.js';
import type { Judgement } from '../../core/judgement.js';
import { renderExplanation, renderExplanationJson } from '../../report/explain-text.js';
import { toEvaluation } from '../../report/scan-result.js';
import { loadBalancerName } from '../../report/text.js';
import { exitCodeOf } from '../exit-codes.js';
import { judgeInput, withInput, type InputOptions } from '../input.js';
import { styleFor, type Io } from '../io.js';
import { withOutput, writeResult, type OutputOptions } from '../output.js';

/** `explain`: why a verdict, step by step. */
export function explainCommand(io: Io, exit: (code: number) => void): Command {
  const command = new Command('explain')
    .description('say why a resource got its verdict, step by step')
    .argument(
      '<id>',
      'a security group id; or a load balancer (ARN or name) or a distribution id, for everything on its paths',
    );
  return withOutput(withInput(command))
    .addHelpText('after', '\nExample:\n  origin-guard explain sg-0482d99e7921588bc --from examples/article-before\n')
    .action(async (id: string, options: InputOptions & OutputOptions) => {
      const { judgements, blindSpots } = await judgeInput(options, io);
      const asked = judgements.filter((judgement) => concerns(judgement, id));
      if (asked.length === 0) throw notThere(id, judgements);
      const text =
        options.format === 'json'
          ? renderExplanationJson(asked, toEvaluation)
          : renderExplanation(asked, styleFor(io, options));
      await writeResult([text], options, io);
      exit(exitCodeOf(asked, blindSpots));
    });
}

const concerns = ({ resourceId, paths }: Judgement, id: string): boolean =>
  resourceId === id ||
  loadBalancerName(resourceId) === id ||
  paths.some(
    ({ loadBalancerArn, distributionId }) =>
      loadBalancerArn === id || loadBalancerName(loadBalancerArn) === id || distributionId === id,
  );

function notThere(id: string, judgements: readonly Judgement[]): OriginGuardError {
  const some = judgements.slice(0, 5).map(({ resourceId }) => resourceId);
  const known =
    some.length === 0
      ? 'the input holds no resource to judge'
      : `the input holds ${some.join(', ')}${judgements.length > some.length ? ', ...' : ''}`;
  return new OriginGuardError('E1008', `${id} is no resource of the input and on no path; ${known}`);
}
