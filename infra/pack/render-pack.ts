import { OriginGuardError } from '../../core/errors.js';
import { compareText } from '../../core/fact.js';
import { REMEDIES } from '../../remediation/registry.js';
import { RULES, type RegisteredRule } from '../../rules/registry.js';
import { RULE_FUNCTION_EXPORT } from '../names.js';
import { CLOUDFRONT_REGION, MANAGED_RULE_ENTRIES } from './managed-rules.js';
import { configRule, managedRule, pascalCase, ruleName } from './pack-rules.js';
import { remediationConfiguration, type PackRemediation } from './remediation-configuration.js';
import type { Settings } from '../settings.js';

type Json = Readonly<Record<string, unknown>>;

/** What AWS Config takes. Source: API reference of PutConformancePack and PutOrganizationConformancePack. */
export const PACK_LIMITS = { bytes: 51_200, parameters: 60, ruleNameCharacters: 38, inputCharacters: 1_024 } as const;

export type PackSettings = PackRemediation & Pick<Settings, 'managedRules'>;

/** The rule that goes by the parameter `ruleId`: the pack says it for each rule, and nobody else does. */
const RULE_ID = 'ruleId';

/**
 * The conformance pack: every rule of the registry with its remedy, and AWS's own rules that were asked for. The text may
 * hold `${AWS::Partition}` and its like, for the stack that holds the pack to fill in.
 *
 * Raises `E9001` when it breaks a limit of AWS Config.
 */
export function renderPack(settings: PackSettings, rules: readonly RegisteredRule[] = RULES): Json {
  const pack = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Origin Guard: Application Load Balancers behind CloudFront can be reached only through it',
    Parameters: parametersOf(rules),
    ...(settings.managedRules.some((name) => MANAGED_RULE_ENTRIES[name].isGlobal)
      ? { Conditions: { IsCloudFrontRegion: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, CLOUDFRONT_REGION] } } }
      : {}),
    Resources: {
      ...Object.fromEntries(rules.flatMap((rule) => resourcesOf(rule, settings))),
      ...Object.fromEntries(settings.managedRules.map((name) => [pascalCase(name), managedRule(name)])),
    },
  };
  checkPack(pack, rules);
  return pack;
}

/** The text of the pack, as AWS Config counts its size. */
export const renderPackText = (settings: PackSettings): string => JSON.stringify(renderPack(settings));

/** The name of the pack's parameter for a parameter of a rule. */
export const packParameterName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** One parameter for all rules that have a parameter of this name; they must mean the same by it. */
function parametersOf(rules: readonly RegisteredRule[]): Json {
  const found = new Map<string, Json>();
  for (const { params, meta } of rules) {
    for (const [name, { summary, fallback }] of Object.entries(params)) {
      if (name === RULE_ID) continue;
      const key = packParameterName(name);
      const held = found.get(key);
      if (held !== undefined && held['Default'] !== fallback) {
        throw new OriginGuardError(
          'E9001',
          `rule ${meta.id}: parameter ${name} has another default than in the other rules`,
        );
      }
      if (held === undefined) found.set(key, { Type: 'String', Default: fallback, Description: summary });
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => compareText(a, b)));
}

function resourcesOf(rule: RegisteredRule, settings: PackSettings): readonly (readonly [string, Json])[] {
  const { id } = rule.meta;
  const logicalId = pascalCase(id);
  const inputs = Object.fromEntries(
    Object.keys(rule.params).map((name) => [name, name === RULE_ID ? id : { Ref: packParameterName(name) }]),
  );
  const remedy = REMEDIES[id];
  return [
    [logicalId, configRule(rule, inputs, { 'Fn::ImportValue': RULE_FUNCTION_EXPORT })],
    ...(remedy?.kind === 'runbook' && settings.remediation !== 'off'
      ? [
          [
            `${logicalId}Remediation`,
            { ...remediationConfiguration(rule.meta, remedy.runbooks[0], settings), DependsOn: logicalId },
          ] as const,
        ]
      : []),
  ];
}

function checkPack(
  pack: { readonly Parameters: Json; readonly Resources: Json },
  rules: readonly RegisteredRule[],
): void {
  const bytes = new TextEncoder().encode(JSON.stringify(pack)).length;
  check('bytes', bytes, PACK_LIMITS.bytes);
  check('parameters', Object.keys(pack.Parameters).length, PACK_LIMITS.parameters);
  for (const { meta, params } of rules) {
    check(`characters in the name of rule ${meta.id}`, ruleName(meta.id).length, PACK_LIMITS.ruleNameCharacters);
    const inputs = Object.fromEntries(Object.entries(params).map(([name, { fallback }]) => [name, fallback]));
    check(
      `characters in the parameters of rule ${meta.id}`,
      JSON.stringify(inputs).length,
      PACK_LIMITS.inputCharacters,
    );
  }
}

function check(what: string, is: number, most: number): void {
  if (is <= most) return;
  throw new OriginGuardError('E9001', `the conformance pack has ${String(is)} ${what}; allowed: ${String(most)}`);
}
