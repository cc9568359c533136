import type { CfnParameter, Stack } from 'aws-cdk-lib';
import type { Settings } from '../settings.js';
import { sharedParameters, type SharedParameters } from '../shared-parameters.js';
import { TemplateParameters } from '../template-parameters.js';

/** What whoever deploys the organization's template has to say where the settings do not. */
export interface OrganizationParameters extends SharedParameters {
  readonly managementAccountId: string;
}

/** What is asked for in the home Region only. */
export interface HomeParameters {
  readonly organizationId: string;
  readonly organizationTargets: readonly [string, ...string[]];
  readonly notificationEmail: string;
}

/** A parameter that has to be given: its default is the setting, and without one there is none. */
function needed(
  parameters: TemplateParameters,
  setting: string,
  {
    held,
    pattern,
    description,
    type,
  }: {
    readonly held: string | undefined;
    readonly pattern: string;
    readonly description: string;
    readonly type?: 'CommaDelimitedList';
  },
): CfnParameter {
  return parameters.add(setting, {
    ...(type === undefined ? {} : { type }),
    ...(held === undefined ? {} : { default: held }),
    allowedPattern: `^${pattern}$`,
    description,
  });
}

/** Adds the parameters of the organization's template in every Region. */
export function organizationParameters(stack: Stack, settings: Settings): OrganizationParameters {
  const made = new TemplateParameters(stack);
  return {
    ...sharedParameters(made, settings),
    managementAccountId: needed(made, 'managementAccountId', {
      held: settings.managementAccountId,
      pattern: '\\d{12}',
      description:
        'The management account of the organization: StackSets do not reach it, and AWS Config replaces its id in the role of the fixer by that of each member.',
    }).valueAsString,
  };
}

/** Adds those of the home Region. */
export function homeParameters(stack: Stack, settings: Settings): HomeParameters {
  const made = new TemplateParameters(stack);
  const targets = settings.organizationTargets;
  const list = needed(made, 'organizationTargets', {
    type: 'CommaDelimitedList',
    held: targets.length === 0 ? undefined : targets.join(','),
    pattern: '(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})',
    description:
      'The root, or organizational units, whose accounts get the member stack; with commas between. The pack goes into every account that is not excluded.',
  }).valueAsList;
  return {
    organizationId: needed(made, 'organizationId', {
      held: settings.organizationId,
      pattern: 'o-[a-z0-9]{10,32}',
      description: 'The organization: only its accounts reach the central bus and the inventory.',
    }).valueAsString,
    // CloudFormation makes the list; there is one text in it until then.
    organizationTargets: list as unknown as readonly [string, ...string[]],
    notificationEmail: needed(made, 'notificationEmail', {
      held: settings.notificationEmail,
      pattern: '[^\\s@]+@[^\\s@]+',
      description: 'Who is told of the whole organization, by e-mail.',
    }).valueAsString,
  };
}
