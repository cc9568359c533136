import { Command } from 'commander';
import { renderScanJson } from '../../report/scan-result.js';
import { renderScanTable } from '../../report/scan-table.js';
import { exitCodeOf } from '../exit-codes.js';
import { inputText, judgeInput, withInput, type InputOptions } from '../input.js';
import { styleFor, type Io } from '../io.js';
import { withOutput, writeResult, type OutputOptions } from '../output.js';

/** `scan`: judges everything in the input. */
export function scanCommand(io: Io, exit: (code: number) => void): Command {
  const command = new Command('scan').description('judge every resource in the input');
  return withOutput(withInput(command))
    .addHelpText('after', '\nExample:\n  origin-guard scan --from examples/article-before\n')
    .action(async (options: InputOptions & OutputOptions) => {
      const { judgements, unresolvedOrigins, blindSpots } = await judgeInput(options, io);
      const pieces =
        options.format === 'json'
          ? renderScanJson(judgements, unresolvedOrigins)
          : [renderScanTable(judgements, unresolvedOrigins, styleFor(io, options), inputText(options))];
      await writeResult(pieces, options, io);
      exit(exitCodeOf(judgements, blindSpots));
    });
}
