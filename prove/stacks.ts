import type { Sandbox } from '../core/proving.js';
import type { Line } from './ledger.js';
import { quote } from './quote.js';
import { waitFor, type Patience, type World } from './world.js';

export interface StackWork {
  readonly sandbox: Sandbox;
  readonly world: World;
  /** Puts a line on the disk, and only then goes on. */
  readonly record: (line: Line) => void;
}

const MAKING: Patience = { every: 10, atMost: 15 * 60 };
const REMOVING: Patience = { every: 10, atMost: 15 * 60 };
/** A stack shows late when the request for it was under way as the run was interrupted. */
const SHOWN: Patience = { every: 5, atMost: 15 };

/** What became of a stack that was asked for. */
export type Made =
  | { readonly kind: 'made'; readonly outputs: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Makes a stack and waits for it. The ledger has it before AWS does. */
export async function makeStack(
  { sandbox, world, record }: StackWork,
  order: { readonly name: string; readonly template: string; readonly run: string },
): Promise<Made> {
  record({ event: 'making', stack: order.name });
  const reply = await sandbox.createStack(order);
  if (!reply.ok) return { kind: 'failed', reason: `${reply.code}: ${reply.message}` };
  const made = await waitFor(world, MAKING, async () => {
    const state = await sandbox.stack(order.name);
    return state === null || state.status.endsWith('_IN_PROGRESS') ? null : state;
  });
  if (made === null) return { kind: 'failed', reason: `the stack was not made within ${minutes(MAKING)}` };
  if (made.status === 'CREATE_COMPLETE') return { kind: 'made', outputs: made.outputs };
  return { kind: 'failed', reason: (await sandbox.firstFailure(order.name)) ?? `the stack is ${made.status}` };
}

const minutes = ({ atMost }: Patience): string => `${String(atMost / 60)} minutes`;

/** A stack that is still there, and how a person removes it. */
export interface LeftBehind {
  readonly stack: string;
  readonly why: string;
  /** The commands that finish by hand; empty where only a person can tell what to do. */
  readonly commands: readonly string[];
}

/** The commands by which a person removes a stack. */
export const byHand = (region: string, stack: string): readonly string[] => [
  `aws cloudformation delete-stack --region ${region} --stack-name ${stack}`,
  `aws cloudformation wait stack-delete-complete --region ${region} --stack-name ${stack}`,
];

/** Removes a stack of a run and waits until it is gone; `null` when it is. May be called any number of times. */
export async function removeStack(
  { sandbox, world, record }: StackWork,
  stack: string,
  run: string,
): Promise<LeftBehind | null> {
  const { region } = sandbox;
  const commands = byHand(region, stack);
  const before = await waitFor(world, SHOWN, () => sandbox.stack(stack));
  if (before === null) return gone(record, stack);
  // A stack that somebody else made under this name is not ours to remove.
  if (before.run !== run)
    return { stack, why: `it does not carry the tag of run ${run}, so it was left alone`, commands: [] };
  const reply = await sandbox.deleteStack(stack);
  if (!reply.ok) return { stack, why: `${reply.code}: ${quote(reply.message)}`, commands };
  // A state that was read too soon may be the one of an attempt before.
  await world.sleep(REMOVING.every * 1000);
  const after = await waitFor(world, REMOVING, async () => {
    const state = await sandbox.stack(stack);
    if (state === null) return 'gone';
    return state.status === 'DELETE_FAILED' ? 'failed' : null;
  });
  if (after === 'gone') return gone(record, stack);
  const why = after === null ? `it was not gone within ${minutes(REMOVING)}` : await whyKept(sandbox, stack);
  return { stack, why, commands };
}

const whyKept = async (sandbox: Sandbox, stack: string): Promise<string> =>
  `DELETE_FAILED: ${quote((await sandbox.firstFailure(stack)) ?? 'no reason given')}`;

function gone(record: StackWork['record'], stack: string): null {
  record({ event: 'gone', stack });
  return null;
}
