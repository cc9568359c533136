import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, makeApp } from '../infra/build-app.js';
import { addTemplate, checkOnSynth } from '../infra/checked-app.js';
import { builtFunctionCode } from '../infra/function-code.js';
import { writeMemberTemplate } from '../infra/member-template.js';
import type { MemberTemplate } from '../infra/organization/member-stack-set.js';
import { renderPackText } from '../infra/pack/render-pack.js';
import { parseSettings, type Settings } from '../infra/settings.js';
import { exitCodeWithout, prepareVenv } from './integration.js';

const ROOT = join(__dirname, '..', '..');

/** What CloudFormation writes into the text of the pack before AWS Config sees it. */
const FILLED_IN: Readonly<Record<string, string>> = {
  '${AWS::Partition}': 'aws',
  '${AWS::AccountId}': '111122223333',
  '${AWS::Region}': 'us-east-1',
};

/** The settings under which templates are checked: as they come, and with everything that can be switched on. */
export const VARIANTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  default: {},
  // No key for the logs: it is of one Region, and there are two.
  full: {
    organizationId: 'o-abcd123456',
    managementAccountId: '111122223333',
    excludedAccounts: ['444455556666'],
    governedRegions: ['us-east-1', 'eu-west-1'],
    remediation: 'approved',
    approvers: ['arn:aws:iam::111122223333:role/Approver'],
    approvalTopicName: 'AutomationApprovals',
    approvalTopicAccountId: '777788889999',
    allowSplit: true,
    allowSwap: true,
    organizationTargets: ['r-abcd'],
    managementAccountHasMember: true,
    inventoryBucketName: 'origin-guard-inventory-777788889999',
    inventoryBucketOwner: '777788889999',
    inventoryBucketRegion: 'us-east-1',
    notificationEmail: 'firewall@example.com',
    topicKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/9999aaaa-22bb-33cc-44dd-555555eeeeee',
    noticedChanges: ['sg-0123456789abcdef0'],
    flowLogGroupName: '/vpc/flow-logs',
    listenerPorts: [80, 443, 8443],
    loadBalancerAddresses: ['10.0.1.*', '10.0.2.*'],
    directAttemptsAlarm: 'on',
    sharesMetrics: true,
    centralEventBusArn: 'arn:aws:events:us-east-1:777788889999:event-bus/origin-guard',
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    managedRules: [
      'cloudfront-associated-with-waf',
      'cloudfront-viewer-policy-https',
      'alb-http-to-https-redirection-check',
      'vpc-sg-open-only-to-authorized-ports',
    ],
  },
};

/** Synthesizes every stack and the pack into a folder with all checks of the CDK; the files, or an error. */
export function synthesizeChecked(folder: string, settings: Settings): readonly string[] {
  const packFile = join(folder, 'conformance-pack.json');
  const text = renderPackText({ ...settings, roleAccount: '${AWS::AccountId}' });
  writeFileSync(
    packFile,
    text.replaceAll(/\$\{[^}]+\}/g, (name) => FILLED_IN[name] ?? name),
  );
  const outdir = join(folder, 'cdk.out');
  const app = makeApp(outdir);
  checkOnSynth(app);
  addTemplate(app, 'ConformancePack', packFile);
  const code = builtFunctionCode;
  // As `cdk deploy` has it: a file, once anything is known of an organization.
  const path = writeMemberTemplate(join(folder, 'member'), { settings, code });
  const memberTemplate: MemberTemplate =
    settings.organizationId === undefined ? { kind: 'parameter' } : { kind: 'file', path };
  const { member, pack, organization, regions } = buildApp(app, { settings, code, memberTemplate });
  app.synth();
  return [packFile, ...[member, pack, organization, ...regions].map(({ templateFile }) => join(outdir, templateFile))];
}

/** Lints templates; what is wrong with them, or an empty text. */
function lint(cfnLint: string, files: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(
    cfnLint,
    ['--regions', 'us-east-1', '--non-zero-exit-code', 'informational', '--format', 'parseable', '--', ...files],
    { encoding: 'utf8' },
  );
  if (error !== undefined) return error.message;
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** Checks every template with every checker; answers with the exit code. */
function main(): number {
  const venv = prepareVenv(ROOT, process.env);
  let isGood = true;
  for (const [name, given] of Object.entries(VARIANTS)) {
    const folder = mkdtempSync(join(tmpdir(), 'origin-guard-check-'));
    try {
      const files = synthesizeChecked(folder, parseSettings({ 'origin-guard': given }));
      console.log(
        `${name}: cdk-nag and the schemas of CloudFormation found nothing in ${String(files.length)} templates`,
      );
      if (!venv.ready) continue;
      const found = lint(join(venv.path, 'bin', 'cfn-lint'), files);
      console.log(found === '' ? `${name}: cfn-lint found nothing` : `${name}: cfn-lint found\n${found}`);
      isGood &&= found === '';
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      isGood = false;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (!venv.ready) {
    const code = exitCodeWithout(process.env);
    console.error(`cfn-lint ${code === 0 ? 'skipped' : 'cannot run, which fails in CI'}: ${venv.why}`);
    return isGood ? code : 1;
  }
  return isGood ? 0 : 1;
}

if (require.main === module) process.exitCode = main();
