import { Fn } from 'aws-cdk-lib';
import { OriginGuardError } from '../../core/errors.js';
import { compareText } from '../../core/fact.js';
import { RULES } from '../../rules/registry.js';
import { ruleTexts, type InventoryMode } from '../settings-together.js';
import type { Settings } from '../settings.js';
import type { PackRemediation } from './remediation-configuration.js';
import { PACK_LIMITS, packParameterName, renderPackText } from './render-pack.js';

/**
 * The pack as the `TemplateBody` of the resource that holds it; CloudFormation writes account, Region and partition into
 * the text. `${ManagementAccountId}` must be a parameter of the stack.
 */
export const packBody = (settings: Settings, roleAccount: PackRemediation['roleAccount']): string =>
  Fn.sub(renderPackText({ ...settings, roleAccount }));

/** The values of the pack's parameters that differ from their defaults, as the resource that holds it takes them. */
export function packInputs(
  settings: Settings,
  inventoryMode: InventoryMode,
): { readonly parameterName: string; readonly parameterValue: string }[] {
  const texts = ruleTexts(settings, inventoryMode);
  checkInputs(texts);
  const fallbacks = new Map(
    RULES.flatMap(({ params }) => Object.entries(params).map(([name, { fallback }]) => [name, fallback] as const)),
  );
  return Object.entries(texts)
    .filter(([name, value]) => fallbacks.has(name) && fallbacks.get(name) !== value)
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, parameterValue]) => ({ parameterName: packParameterName(name), parameterValue }));
}

/** AWS Config holds the parameters of a rule to a size together. */
function checkInputs(texts: Readonly<Record<string, string>>): void {
  for (const { meta, params } of RULES) {
    const inputs = Object.entries(params).map(([name, { fallback }]) => [name, texts[name] ?? fallback] as const);
    const characters = JSON.stringify(Object.fromEntries(inputs)).length;
    if (characters > PACK_LIMITS.inputCharacters) {
      throw new OriginGuardError(
        'E1014',
        `setting ruleParameters: the parameters of rule ${meta.id} take ${String(characters)} characters as JSON; allowed: ${String(PACK_LIMITS.inputCharacters)}`,
      );
    }
  }
}
