import { Command } from 'commander';
import { OriginGuardError } from '../../core/errors.js';
import { REMEDIES } from '../../remediation/registry.js';
import { renderRules, renderRulesJson, type ListedRule } from '../../report/rules-text.js';
import { RULES, type RegisteredRule } from '../../rules/registry.js';
import { styleFor, type Io } from '../io.js';
import { withOutput, writeResult, type OutputOptions } from '../output.js';

/** `rules`: what is judged, and with which parameters. */
export function rulesCommand(io: Io, exit: (code: number) => void): Command {
  return withOutput(new Command('rules').description('list the rules and their parameters'))
    .addHelpText('after', '\nExample:\n  origin-guard rules\n')
    .action(async (options: OutputOptions) => {
      const listed = RULES.map(toListed);
      const text = options.format === 'json' ? renderRulesJson(listed) : renderRules(listed, styleFor(io, options));
      await writeResult([text], options, io);
      exit(0);
    });
}

/** A rule with its remedy, as listings and pages show it. */
export function toListed({ meta, params }: RegisteredRule): ListedRule {
  const remedy = REMEDIES[meta.id];
  if (remedy === undefined)
    throw new OriginGuardError('E9001', `rule ${meta.id} has no remedy in remediation/registry.ts`);
  return { meta, params, remedy: `${remedy.kind}. ${remedy.why}` };
}
