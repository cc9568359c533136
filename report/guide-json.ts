import * as z from 'zod';
import { STEP_NAMES, type GuidedLoadBalancer, type Order } from '../remediation/alb-origin-authenticated/guide.js';
import { guideCommandsOf } from './guide-commands.js';
import { changeText, guideWord, renumberCommand } from './guide-words.js';

const SCHEMA_VERSION = '1';

const Commands = z.array(z.string());

const GuideStepDocument = z.strictObject({
  number: z.int(),
  name: z.enum(STEP_NAMES),
  title: z.string(),
  accountId: z.string().nullable().describe('the account in which it runs; null when the input does not say'),
  region: z.string().nullable().describe('the Region in which it runs; what is of CloudFront has none'),
  changes: z.array(z.string()).describe('what it changes, in words; empty for a step that only looks'),
  commands: Commands.describe('lines of the script of --format aws-cli, which defines the functions that they use'),
  watch: z.array(z.string()).describe('what to look at before the next step'),
  back: z.string().describe('how to step back, in words'),
  backCommands: Commands.describe('the same as lines of the script; empty where nothing can be taken back'),
});

/** The shape of `plan --format json` for a load balancer, from which `docs/schemas/guide-v1.json` is rendered. */
export const GuideDocument = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  decision: z.enum(['NOOP', 'INTRODUCE', 'REPAIR', 'ROTATE', 'REFUSE']),
  reasonCode: z.string().nullable().describe('why it is refused; COMPLIANT for NOOP; null for an order'),
  because: z.string().describe('what was found; for an order, why it goes this way'),
  nextStep: z.string().nullable().describe('what a person does next; only for REFUSE'),
  nextCommand: z.string().nullable().describe('the command that makes room, for NO_FREE_PRIORITY'),
  canRotate: z.boolean().nullable().describe('whether --rotate plans a new value; only for NOOP'),
  loadBalancerArn: z.string(),
  loadBalancerName: z.string(),
  accountId: z.string().nullable(),
  region: z.string().nullable(),
  headerName: z.string().nullable().describe('the header that tells the distribution; only for an order'),
  secretName: z.string().nullable().describe('the secret in Secrets Manager; its value is never shown'),
  senders: z.array(
    z.strictObject({
      distributionId: z.string(),
      originId: z.string(),
      changes: z.boolean().describe('whether it is given a value'),
    }),
  ),
  newRules: z.array(
    z.strictObject({
      listenerArn: z.string(),
      port: z.int().nullable(),
      priority: z.int(),
      besideRuleArn: z.string(),
      besidePriority: z.string().describe('a number, or default'),
    }),
  ),
  steps: z.array(GuideStepDocument).describe('in this order; a person looks in between'),
  alternatives: z.array(z.string()),
  risks: z.array(z.string()),
  snippets: z.array(z.strictObject({ language: z.enum(['cdk', 'terraform']), code: z.string() })),
});

type GuideDocument = z.infer<typeof GuideDocument>;

/** The guide in the form of the JSON result. No value of a header is in it. */
export function toGuideDocument(guided: GuidedLoadBalancer): GuideDocument {
  const { guide, loadBalancerArn, name, scope } = guided;
  return {
    schemaVersion: SCHEMA_VERSION,
    decision: guideWord(guide),
    reasonCode: guide.kind === 'order' ? null : guide.kind === 'refuse' ? guide.code : 'COMPLIANT',
    because: guide.because,
    nextStep: guide.kind === 'refuse' ? guide.nextStep : null,
    nextCommand:
      guide.kind === 'refuse' && guide.renumber.length > 0 ? renumberCommand(guide.renumber, scope.region) : null,
    canRotate: guide.kind === 'nothing-to-do' ? guide.canRotate : null,
    loadBalancerArn,
    loadBalancerName: name,
    accountId: scope.accountId,
    region: scope.region,
    ...(guide.kind === 'order' ? detailsOf(guide, guided) : NO_DETAILS),
  };
}

type Details = Pick<
  GuideDocument,
  'headerName' | 'secretName' | 'senders' | 'newRules' | 'steps' | 'alternatives' | 'risks' | 'snippets'
>;

const NO_DETAILS: Details = {
  headerName: null,
  secretName: null,
  senders: [],
  newRules: [],
  steps: [],
  alternatives: [],
  risks: [],
  snippets: [],
};

function detailsOf(order: Order, { scope }: GuidedLoadBalancer): Details {
  const commands = guideCommandsOf(order, scope.region ?? '');
  return {
    headerName: order.headerName,
    secretName: order.secretName,
    senders: order.senders.map(({ distributionId, originId, changes }) => ({ distributionId, originId, changes })),
    newRules: order.copies.map(({ listenerArn, port, priority, ofRuleArn, ofPriority }) => ({
      listenerArn,
      port,
      priority,
      besideRuleArn: ofRuleArn,
      besidePriority: ofPriority,
    })),
    steps: order.steps.map((step, index) => ({
      number: index + 1,
      name: step.name,
      title: step.title,
      accountId: scope.accountId,
      region: step.name === 'send' || step.name === 'wait' ? null : scope.region,
      changes: step.changes.map((change) => changeText(change, order.headerName)),
      commands: [...commands.stepOf(step)],
      watch: [...step.watch],
      back: step.back,
      backCommands: [...(commands.backOf(step) ?? [])],
    })),
    alternatives: [...order.alternatives],
    risks: [...order.risks],
    snippets: order.snippets.flatMap(({ language, code }) =>
      language === 'cdk' || language === 'terraform' ? [{ language, code }] : [],
    ),
  };
}

export const renderGuideJson = (guided: GuidedLoadBalancer): string =>
  `${JSON.stringify(toGuideDocument(guided), null, 2)}\n`;
