import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  ModifySecurityGroupRulesCommand,
  type EC2Client,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrefixListId, SecurityGroupId } from '../../core/ids.js';
import type { RevocableRule } from '../../core/plan.js';
import { renderPlanCommands } from '../../report/plan-commands.js';
import { fromCidr, fromGroup, open, ruleId } from '../support/builders.js';
import { fix, grant, planned } from '../support/plans.js';
import { cliEnv, clientsFor, defaultCaller } from './support/caller.js';
import { runCommand } from './support/command.js';
import { startMoto, type MotoServer } from './support/moto-server.js';

let moto: MotoServer;
let folder: string;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  await moto.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-script-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await moto.reset();
});

const idOf = (text: string | undefined): SecurityGroupId => SecurityGroupId.parse(text);

/** A group that is open to everybody in three ways, and its plan. */
async function openGroup(ec2: EC2Client) {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const made = (GroupName: string) =>
    ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId: Vpc?.VpcId }));
  const group = idOf((await made('web')).GroupId);
  const peer = idOf((await made('peer')).GroupId);
  const list = await ec2.send(
    new CreateManagedPrefixListCommand({ PrefixListName: 'edge', MaxEntries: 5, AddressFamily: 'IPv4' }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
        { IpProtocol: 'udp', FromPort: 0, ToPort: 65535, UserIdGroupPairs: [{ GroupId: peer }] },
      ],
    }),
  );
  const rules = await ingressOf(ec2, group);
  const idBy = (protocol: string) =>
    ruleId(rules.find(({ IpProtocol }) => IpProtocol === protocol)?.SecurityGroupRuleId ?? '');
  const revoke: readonly RevocableRule[] = [
    { ...open(fromCidr('0.0.0.0/0'), 'tcp', 80), ruleId: idBy('tcp') },
    { ...open(fromCidr('::/0'), '-1', null), ruleId: idBy('-1') },
    { ...open(fromGroup(peer), 'udp', 0, 65535), ruleId: idBy('udp') },
  ];
  const prefixListId = PrefixListId.parse(list.PrefixList?.PrefixListId);
  const plan = fix({ securityGroupId: group, grants: [grant(80, { prefixListId })], revoke });
  return { group, prefixListId, script: renderPlanCommands(planned(plan)), tcp: idBy('tcp') };
}

async function ingressOf(ec2: EC2Client, group: string): Promise<readonly SecurityGroupRule[]> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress !== true);
}

function runScript(script: string) {
  writeFileSync(join(folder, 'plan.sh'), script);
  return runCommand('sh', ['plan.sh'], { cwd: folder, env: cliEnv(moto, defaultCaller, folder) });
}

test('the commands of a plan, run by the AWS CLI, leave CloudFront alone', async () => {
  const { ec2 } = clientsFor(moto, defaultCaller);
  const { group, prefixListId, script } = await openGroup(ec2);
  expect(await runScript(script)).toMatchObject({ code: 0, stderr: '' });
  expect((await ingressOf(ec2, group)).map(({ PrefixListId: list }) => list)).toEqual([prefixListId]);
});

test('a rule that was changed since, under its old id, stops them before anything is removed', async () => {
  const { ec2 } = clientsFor(moto, defaultCaller);
  const { group, script, tcp } = await openGroup(ec2);
  await ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId: group,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: tcp,
          SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, CidrIpv4: '198.51.100.0/24' },
        },
      ],
    }),
  );
  const { code, stderr } = await runScript(script);
  expect([code, stderr]).toEqual([
    1,
    [
      `stopped: rule ${tcp}, which is to be removed`,
      `  expected: ${tcp} tcp 80 80 0.0.0.0/0`,
      `  found:    ${tcp} tcp 8443 8443 198.51.100.0/24`,
      'nothing was revoked; make a new plan',
      '',
    ].join('\n'),
  ]);
  expect(await ingressOf(ec2, group)).toHaveLength(4);
});
