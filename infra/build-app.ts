import { App } from 'aws-cdk-lib';
import type { FunctionCode } from './function-code.js';
import { ORGANIZATION_STACK } from './names.js';
import type { MemberTemplate } from './organization/member-stack-set.js';
import type { Settings } from './settings.js';
import { MemberStack } from './stacks/member-stack.js';
import { OrganizationStack } from './stacks/organization-stack.js';
import { PackStack } from './stacks/pack-stack.js';

export interface BuiltStacks {
  readonly app: App;
  readonly member: MemberStack;
  readonly pack: PackStack;
  readonly organization: OrganizationStack;
  /** Of the governed Regions beside the home Region. */
  readonly regions: readonly OrganizationStack[];
}

export interface AppProps {
  readonly settings: Settings;
  readonly code: FunctionCode;
  /** @default - a parameter of the organization's template */
  readonly memberTemplate?: MemberTemplate;
}

/** An app whose templates hold nothing of the machine or the version that made them; `forgetFolder` is for the rest. */
export const makeApp = (outdir?: string): App =>
  new App({
    ...(outdir === undefined ? {} : { outdir }),
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    performanceReporting: false,
    postCliContext: {
      'aws:cdk:disable-creation-stack-traces': true,
      'aws:cdk:enable-path-metadata': false,
      'aws:cdk:enable-asset-metadata': false,
      // What breaks CloudFormation's own schemas stops synth.
      '@aws-cdk/core:validateAgainstDefaultRules': true,
    },
  });

/** Adds every stack to the app; whoever deploys names those that are wanted. */
export function buildApp(app: App, { settings, code, memberTemplate = { kind: 'parameter' } }: AppProps): BuiltStacks {
  const member = new MemberStack(app, { settings, code });
  const pack = new PackStack(app, settings);
  pack.addStackDependency(member, 'the pack imports what the member stack exports');
  const { homeRegion, governedRegions } = settings;
  const organization = new OrganizationStack(app, { settings, code, memberTemplate, region: homeRegion });
  const regions = governedRegions
    .filter((region) => region !== homeRegion)
    .map((region) => {
      const name = `${ORGANIZATION_STACK}-${region}`;
      const stack = new OrganizationStack(app, { settings, code, memberTemplate: null, region, name });
      stack.addStackDependency(organization, 'the pack imports what the StackSet of the home Region deploys');
      return stack;
    });
  return { app, member, pack, organization, regions };
}
