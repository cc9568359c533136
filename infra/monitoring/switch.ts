import { CfnCondition, Fn, Token, type CfnResource, type ICfnConditionExpression, type IResolvable } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Whether something exists: known when the template is written, or decided by a condition when it is deployed. */
export type Switch = boolean | CfnCondition;

/** A setting that may be left out: a text, or a parameter of the template with the condition that it is set. */
export type OptionalText = string | { readonly value: string; readonly isSet: CfnCondition };

/** The text of a setting, and whether there is one. */
export const optional = (setting: OptionalText | undefined): { readonly value: string; readonly on: Switch } =>
  setting === undefined
    ? { value: '', on: false }
    : typeof setting === 'string'
      ? { value: setting, on: true }
      : { value: setting.value, on: setting.isSet };

/** On when a setting holds this text. */
export const whenIs = (scope: Construct, id: string, value: string, wanted: string): Switch =>
  Token.isUnresolved(value)
    ? new CfnCondition(scope, id, { expression: Fn.conditionEquals(value, wanted) })
    : value === wanted;

/** On when every one of them is. */
export const allOf = (scope: Construct, id: string, parts: readonly Switch[]): Switch =>
  joined(scope, id, parts, { absorbing: false, join: (...conditions) => Fn.conditionAnd(...conditions) });

/** On when one of them is. */
export const anyOf = (scope: Construct, id: string, parts: readonly Switch[]): Switch =>
  joined(scope, id, parts, { absorbing: true, join: (...conditions) => Fn.conditionOr(...conditions) });

function joined(
  scope: Construct,
  id: string,
  parts: readonly Switch[],
  how: {
    readonly absorbing: boolean;
    readonly join: (...conditions: ICfnConditionExpression[]) => CfnCondition['expression'];
  },
): Switch {
  if (parts.includes(how.absorbing)) return how.absorbing;
  const open = [...new Set(parts.filter((part) => typeof part !== 'boolean'))];
  const [first] = open;
  if (first === undefined) return !how.absorbing;
  return open.length === 1 ? first : new CfnCondition(scope, id, { expression: how.join(...open) as never });
}

/** Makes resources that exist only while the switch is on; nothing is made for one that is off. */
export function make<Made extends CfnResource>(on: Switch, create: () => Made): Made | null {
  if (on === false) return null;
  const made = create();
  if (on !== true) made.cfnOptions.condition = on;
  return made;
}

/** The value for a list that holds it only while the switch is on. */
export const listed = <Value>(on: Switch, value: Value): readonly (Value | IResolvable)[] =>
  on === false ? [] : [on === true ? value : Fn.conditionIf(on.logicalId, value, { Ref: 'AWS::NoValue' })];
