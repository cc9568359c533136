import { App } from 'aws-cdk-lib';
import type { FunctionCode } from './function-code.js';
import type { Settings } from './settings.js';
import { MemberStack } from './stacks/member-stack.js';
import { OrganizationStack } from './stacks/organization-stack.js';
import { PackStack } from './stacks/pack-stack.js';

export interface BuiltStacks {
  readonly app: App;
  readonly member: MemberStack;
  readonly pack: PackStack;
  readonly organization: OrganizationStack;
}

/** An app whose output holds nothing of the machine or the version that made it. */
export const makeApp = (outdir?: string): App =>
  new App({
    ...(outdir === undefined ? {} : { outdir }),
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    postCliContext: {
      'aws:cdk:enable-path-metadata': false,
      'aws:cdk:enable-asset-metadata': false,
      // What breaks CloudFormation's own schemas stops synth.
      '@aws-cdk/core:validateAgainstDefaultRules': true,
    },
  });

/** Adds every stack to the app; whoever deploys names those that are wanted. */
export function buildApp(
  app: App,
  { settings, code }: { readonly settings: Settings; readonly code: FunctionCode },
): BuiltStacks {
  const member = new MemberStack(app, { settings, code });
  const pack = new PackStack(app, settings);
  pack.addStackDependency(member, 'the pack imports what the member stack exports');
  const organization = new OrganizationStack(app, settings);
  return { app, member, pack, organization };
}
