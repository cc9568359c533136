import type { ParamSet } from '../core/params.js';
import type { RuleMeta } from '../core/rule.js';
import { hanging, type Style } from './text.js';

/** What a listing says of one rule. */
export interface ListedRule {
  readonly meta: RuleMeta;
  readonly params: ParamSet;
  readonly remedy: string;
}

const WIDTH = 80;

/** The rules with their parameters, for a terminal of 80 columns. */
export function renderRules(rules: readonly ListedRule[], style: Style): string {
  return `${rules.map((rule) => renderRule(rule, style)).join('\n\n')}\n`;
}

function renderRule({ meta, params, remedy }: ListedRule, style: Style): string {
  return [
    `${style.bold(meta.id)}  ${style.dim(`${meta.severity}, judges ${meta.resourceType}`)}`,
    hanging('  ', 2, meta.description, WIDTH),
    hanging('  ', 2, `Remedy: ${remedy}`, WIDTH),
    '',
    style.bold('  Parameters (--param name=value)'),
    ...Object.entries(params).flatMap(([name, { summary, allowed, fallback }]) => [
      `  ${style.cyan(name)} ${style.dim(`= ${fallback}`)}`,
      hanging('      ', 6, `${summary} Allowed: ${allowed}.`, WIDTH),
    ]),
  ].join('\n');
}

/** The same as JSON text. */
export function renderRulesJson(rules: readonly ListedRule[]): string {
  const listed = rules.map(({ meta, params, remedy }) => ({
    ...meta,
    remedy,
    parameters: Object.entries(params).map(([name, { summary, allowed, fallback }]) => ({
      name,
      summary,
      allowed,
      default: fallback,
    })),
  }));
  return `${JSON.stringify({ schemaVersion: '1', rules: listed }, null, 2)}\n`;
}
