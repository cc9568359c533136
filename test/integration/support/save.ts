import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { given } from './article-environment.js';
import { cliEnv, type Caller, type Clients } from './caller.js';
import { runCommand } from './command.js';
import { REPOSITORY } from './scan.js';
import type { World } from './world.js';

const MARKED = /<!-- begin: save -->\s*```\w*\n([\s\S]*?)```\s*<!-- end: save -->/;

/** The commands by which the README tells its reader to save an account, as they stand there. */
function saveBlock(): string {
  const block = MARKED.exec(readFileSync(join(REPOSITORY, 'README.md'), 'utf8'))?.[1];
  if (block === undefined) throw new Error('README.md has no code between <!-- begin: save --> and <!-- end: save -->');
  return block;
}

/** Does what the README says, with the real AWS CLI: the test's folder gets a folder `saved`. */
export async function saveByReadme({ moto, folder }: World, caller: Caller): Promise<void> {
  await rm(join(folder, 'saved'), { recursive: true, force: true });
  const env = cliEnv(moto, caller, folder);
  const { code, stderr } = await runCommand('bash', ['-e', '-c', saveBlock()], { cwd: folder, env });
  if (code !== 0) throw new Error(`the README's commands ended with ${String(code)}: ${stderr}`);
}

/** Saves what the README saves, as the SDK answers it. */
export async function saveBySdk({ ec2, elbv2, cloudfront }: Clients, folder: string): Promise<void> {
  const balancers = await elbv2.send(new DescribeLoadBalancersCommand());
  const arns = given(balancers.LoadBalancers).map(({ LoadBalancerArn }) => given(LoadBalancerArn));
  await writeFiles(folder, {
    'groups.json': await ec2.send(new DescribeSecurityGroupsCommand()),
    'rules.json': await ec2.send(new DescribeSecurityGroupRulesCommand()),
    'prefix-lists.json': await ec2.send(new DescribeManagedPrefixListsCommand()),
    'balancers.json': balancers,
    ...(arns.length > 0 && { 'tags.json': await elbv2.send(new DescribeTagsCommand({ ResourceArns: arns })) }),
    'distributions.json': await cloudfront.send(new ListDistributionsCommand()),
  });
}

/** Saves the entries of a prefix list under a name that says whose they are. */
export async function saveEntries({ ec2 }: Clients, folder: string, prefixListId: string): Promise<void> {
  const entries = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: prefixListId }));
  await writeFiles(folder, { [`${prefixListId}.json`]: entries });
}

/** Writes files into a folder: a text as it is, anything else as JSON. */
export async function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, value] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
}
