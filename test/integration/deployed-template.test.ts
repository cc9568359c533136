import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderPack } from '../../infra/pack/render-pack.js';
import { parseSettings } from '../../infra/settings.js';
import { awsPrefixList, buildEnvironment, CLOUDFRONT_LIST } from './support/article-environment.js';
import { changeEvent, groupItem, RULE_NAME } from './support/config-event.js';
import {
  deployMember,
  renderMember,
  UNKNOWN_TO_MOTO,
  type DeployedMember,
  type Template,
} from './support/deployed-member.js';
import { ingressOf } from './support/runbook-reads.js';
import { nextRun, startRunbookRig, type RunbookRig } from './support/runbook-rig.js';
import { startRig, type Rig } from './support/rule-rig.js';
import { useMoto } from './support/world.js';

// What is deployed is what was tested: the functions are loaded out of the template and told what CloudFormation made of
// it, the runbooks are those of the template, and both get the parameters of the pack.

const world = useMoto();
const settings = parseSettings({});
const PACK = renderPack({ ...settings, roleAccount: '${AWS::AccountId}' }) as unknown as Template & {
  readonly Parameters: Readonly<Record<string, { readonly Default: string }>>;
};

let template: Template;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-deployed-'));
  template = renderMember(folder, settings);
  rmSync(folder, { recursive: true });
});

let rig: Rig | undefined;
let runbooks: RunbookRig | undefined;
afterEach(async () => {
  await rig?.stop();
  await runbooks?.stop();
  rig = undefined;
  runbooks = undefined;
});

/** What AWS Config would hand to the function: the inputs of the rule in the pack, at their defaults. */
function inputsOf(logicalId: string): Readonly<Record<string, string>> {
  const inputs = PACK.Resources[logicalId]!.Properties['InputParameters'] as Readonly<
    Record<string, string | { readonly Ref: string }>
  >;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : PACK.Parameters[value.Ref]!.Default,
    ]),
  );
}

/** What AWS Config would hand to the runbook beside the group. */
function remediationParameters(): Readonly<Record<string, string>> {
  const parameters = PACK.Resources['AlbSgCloudfrontOnlyRemediation']!.Properties['Parameters'] as Readonly<
    Record<string, { readonly StaticValue?: { readonly Values: readonly string[] } }>
  >;
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { StaticValue }]) =>
      StaticValue === undefined || name === 'AutomationAssumeRole' ? [] : [[name, StaticValue.Values.join(',')]],
    ),
  );
}

const typesIn = ({ Resources }: Template, isWanted: (condition: unknown) => boolean): readonly string[] =>
  Object.values(Resources)
    .filter((each) => isWanted((each as { readonly Condition?: unknown }).Condition))
    .map(({ Type }) => Type)
    .filter((type) => !UNKNOWN_TO_MOTO.includes(type))
    .sort();

test('with everything switched on, all that the template names exists', async () => {
  const member = await deployMember(world, template, {
    NotificationEmail: 'network@example.com',
    CentralEventBusArn: 'arn:aws:events:us-east-1:444455556666:event-bus/origin-guard',
    FlowLogGroupName: '/vpc/flow-logs',
    DirectAttemptsAlarm: 'on',
    InventoryBucketName: 'org-inventories',
    InventoryBucketOwner: '444455556666',
  });
  expect(member.types).toEqual(typesIn(template, () => true));
  expect(member.types).toHaveLength(22);
  expect(member.exports).toEqual({
    'OriginGuard-RuleFunctionArn': 'arn:aws:lambda:us-east-1:123456789012:function:OriginGuardRule',
    'OriginGuard-PlannerFunctionArn': 'arn:aws:lambda:us-east-1:123456789012:function:OriginGuardPlanner',
  });
  expect(await member.variablesOf('OriginGuardPlanner')).toEqual({
    RULE_PARAMETERS: '{"exemptTagKey":"origin-guard:exempt","inventoryMode":"ORG"}',
    IAC_MANAGED: 'WARN',
    PORT_MERGE: 'ADJACENT',
    QUOTA_MODEL: 'both',
    INVENTORY_BUCKET: 'org-inventories',
    INVENTORY_BUCKET_OWNER: '444455556666',
    INVENTORY_MAX_AGE_HOURS: '24',
    REMEDIATION_MODE: 'manual',
    LOG_LEVEL: 'info',
  });
  process.stdout.write(
    `moto made ${String(member.types.length)} resources of the member template; skipped, since it cannot: ${UNKNOWN_TO_MOTO.join(', ')}; AWS::Config::* of the pack was not tried\n`,
  );
});

test('as it comes, nothing exists that hangs on a condition', async () => {
  const member = await deployMember(world, template);
  expect(member.types).toEqual(typesIn(template, (condition) => condition === undefined));
  expect(member.types).toEqual([
    ...Array.from({ length: 3 }, () => 'AWS::IAM::Role'),
    ...Array.from({ length: 2 }, () => 'AWS::Lambda::Function'),
    'AWS::Lambda::Permission',
    ...Array.from({ length: 2 }, () => 'AWS::Logs::LogGroup'),
    ...Array.from({ length: 2 }, () => 'AWS::SSM::Document'),
  ]);
});

test("the article's group is found, fixed and found closed by what was deployed", async () => {
  const member = await deployMember(world, template);
  rig = await startRig(world.moto, {
    parameters: inputsOf('AlbSgCloudfrontOnly'),
    bundle: member.fileOf('OriginGuardRule'),
  });
  runbooks = await startRunbookRig(world, await member.variablesOf('OriginGuardPlanner'), [], {
    documents: member.documents,
    planner: member.fileOf('OriginGuardPlanner'),
  });
  const list = await awsPrefixList(rig.clients, CLOUDFRONT_LIST);
  const environment = await buildEnvironment(rig.clients);
  const { groupId } = environment;
  await runbooks.addInterface(environment);

  expect(await judged(rig, member, groupId)).toEqual(['NON_COMPLIANT']);
  expect((await rig.findings()).map(({ Compliance }) => Compliance?.Status)).toEqual(['FAILED']);

  const executionId = nextRun();
  const run = await runbooks.fix(groupId, remediationParameters(), { executionId });
  expect(run).toMatchObject({ status: 'Success' });
  expect(await ingressOf(runbooks, groupId)).toEqual([`80 ${list} OriginGuard ${executionId}`]);

  rig.config.forget();
  expect(await judged(rig, member, groupId)).toEqual(['COMPLIANT']);
});

/** What the rule that was deployed puts for a group that changed. */
async function judged(
  { rule, clients, invoke, config }: Rig,
  member: DeployedMember,
  groupId: string,
): Promise<readonly string[]> {
  const event = changeEvent(rule, await groupItem(clients, groupId));
  const invoked = await invoke(event, { settings: await member.variablesOf('OriginGuardRule'), budgetMs: 60_000 });
  expect(invoked).toMatchObject({ ok: true, errorMessage: null });
  return config.resultsOf(RULE_NAME).map(({ compliance }) => compliance);
}
