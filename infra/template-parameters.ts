import { Aws, CfnCondition, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';

/** A parameter that may be left empty. */
export interface OptionalParameter {
  readonly value: string;
  readonly isSet: CfnCondition;
  /** The value, or nothing at all where it is empty. */
  readonly orNothing: string;
}

/** What a parameter that may be left empty takes. */
export interface OptionalForm {
  readonly says: string;
  /** The whole value, without the anchors. */
  readonly pattern: string;
}

export type ParameterProps = NonNullable<ConstructorParameters<typeof CfnParameter>[2]>;

/** Adds parameters to the template of one stack; the id of each is the name of its setting, capitalized. */
export class TemplateParameters {
  readonly #optional = new Map<string, OptionalParameter>();

  constructor(readonly stack: Stack) {}

  /** A parameter; without a default whoever deploys has to give it. */
  add(setting: string, { type = 'String', ...rest }: ParameterProps): CfnParameter {
    return new CfnParameter(this.stack, parameterId(setting), { type, ...rest });
  }

  /** A parameter that may be left empty, with the condition that it is not; the same one for the same setting. */
  optional(setting: string, held: string | undefined, { says, pattern }: OptionalForm): OptionalParameter {
    const before = this.#optional.get(setting);
    if (before !== undefined) return before;
    const value = this.add(setting, {
      default: held ?? '',
      allowedPattern: `^(${pattern})?$`,
      description: `${says} Empty for none.`,
    }).valueAsString;
    const isSet = new CfnCondition(this.stack, `Has${parameterId(setting)}`, {
      expression: Fn.conditionNot(Fn.conditionEquals(value, '')),
    });
    const made = { value, isSet, orNothing: Fn.conditionIf(isSet.logicalId, value, Aws.NO_VALUE).toString() };
    this.#optional.set(setting, made);
    return made;
  }
}

/** The name of a template's parameter for a setting. */
export const parameterId = (setting: string): string => setting.charAt(0).toUpperCase() + setting.slice(1);
