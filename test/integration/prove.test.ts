import {
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { openAccounts } from '../../aws/accounts.js';
import { startBudget } from '../../aws/budget.js';
import { CallCounter } from '../../aws/middleware/count-calls.js';
import { liveSandbox } from '../../aws/prove/sandbox.js';
import { toProvingSession } from '../../aws/prove/session.js';
import { known } from '../../core/fact.js';
import { Region } from '../../core/ids.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../../core/model/prefix-list.js';
import type { Sandbox } from '../../core/proving.js';
import { command } from '../../prove/command.js';
import { LEDGER, fakeDoors, type FakeDoors } from '../prove/doors.js';
import { EMPTY, RUN_ID } from '../prove/fake-sandbox.js';
import { clientsFor, DEFAULT_ACCOUNT, defaultCaller } from './support/caller.js';
import { startMoto, type MotoServer } from './support/moto-server.js';

const KEYS = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const before = Object.fromEntries(KEYS.map((key) => [key, process.env[key]]));

let moto: MotoServer;
beforeAll(async () => {
  moto = await startMoto();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
  });
});
afterAll(async () => {
  for (const key of KEYS) {
    const value = before[key];
    if (value === undefined) Reflect.deleteProperty(process.env, key);
    else process.env[key] = value;
  }
  await moto.stop();
});
afterEach(() => moto.reset());

const budgets: ReturnType<typeof startBudget>[] = [];
afterEach(() => {
  for (const budget of budgets.splice(0)) budget.end();
});

async function sandboxOfMoto(): Promise<Sandbox> {
  const budget = startBudget(60_000);
  budgets.push(budget);
  const counter = new CallCounter();
  const [session] = await openAccounts({ roleArns: [], regions: [Region.parse('us-east-1')], budget, counter });
  return liveSandbox(toProvingSession(session, counter));
}

/** CloudFront's IPv4 list; moto has no other. */
async function listOfMoto(): Promise<string> {
  const { ec2 } = clientsFor(moto, defaultCaller);
  const { PrefixLists = [] } = await ec2.send(new DescribeManagedPrefixListsCommand({}));
  return PrefixLists.find(({ PrefixListName }) => PrefixListName === CLOUDFRONT_PREFIX_LIST_NAMES.ipv4)!.PrefixListId!;
}

/** The command with moto as its account, but for the survey: moto cannot tell whether it administers an organization. */
async function doorsTo(more: Partial<Sandbox> = {}): Promise<FakeDoors> {
  const sandbox = await sandboxOfMoto();
  const prefixLists = known({ ipv4: await listOfMoto(), ipv6: null });
  const doors = fakeDoors();
  doors.typed = DEFAULT_ACCOUNT;
  const open = doors.open;
  return Object.assign(doors, {
    open: async (...where: Parameters<typeof open>) => ({
      ...(await open(...where)),
      sandbox: { ...sandbox, survey: async () => ({ ...EMPTY, prefixLists }), ...more },
    }),
  });
}

const left = async () => {
  const { ec2 } = clientsFor(moto, defaultCaller);
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return [Vpcs.map(({ CidrBlock }) => CidrBlock), SecurityGroups.map(({ GroupName }) => GroupName)];
};

it('nothing is made in an account that cannot be surveyed', async () => {
  const empty = await left();
  const sandbox = await sandboxOfMoto();
  const doors = fakeDoors();
  const open = doors.open;
  const ran = command(['--region', 'us-east-1', '--only', 'U11'], {
    ...doors,
    open: async (...where: Parameters<typeof open>) => ({ ...(await open(...where)), sandbox }),
  });
  await expect(ran).rejects.toMatchObject({
    code: 'E2006',
    detail: expect.stringContaining('whether it administers an organization') as string,
  });
  expect(await left()).toEqual(empty);
});

it('groups are made, filled to their quota, counted, and removed with their network', async () => {
  const empty = await left();
  const doors = await doorsTo();
  expect(await command(['--region', 'us-east-1', '--only', 'U11'], doors)).toBe(0);
  // moto gives a group 60 rules in all, and a list no weight: nothing that AWS documents, and so no answer.
  expect(doors.printed()).toContain(
    '| not answered | the IPv4 list takes 0 of the IPv4 room and 0 of the IPv6 room; ' +
      'a group takes 1 of the IPv4 room and 0 of the IPv6 room; an empty group has room for 60 IPv4 and 0 IPv6 rules |',
  );
  expect(await left()).toEqual(empty);
});

it('a run that was cut off is removed from its ledger', async () => {
  const empty = await left();
  const doors = await doorsTo({
    admit: async () => Promise.reject(new TypeError('cut off')),
    deleteStack: async () => Promise.reject(new TypeError('cut off')),
  });
  await expect(command(['--region', 'us-east-1', '--only', 'U11'], doors)).rejects.toThrow('cut off');
  expect(await left()).not.toEqual(empty);
  const again = await doorsTo();
  again.files.set(LEDGER, doors.read(LEDGER));
  expect(await command(['--clean-up', LEDGER], again)).toBe(0);
  expect(again.warned()).toBe(
    `removing origin-guard-prove-${RUN_ID}-u11-main\neverything that this run made is gone\n`,
  );
  expect(await left()).toEqual(empty);
});
