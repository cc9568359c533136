import type { Reply, Sandbox } from '../core/proving.js';
import type { RoomObservation } from './observations.js';
import type { Family } from './question.js';
import { waitFor, type Patience, type World } from './world.js';

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const LIMIT = 'RulesPerSecurityGroupLimitExceeded';

/** The most rules that are added. A quota of more would leave a network interface fewer than the five groups of AWS's default. */
const MOST = 256;
const AT_ONCE = 64;
/** A rule may show a little after it was added. */
const SHOWN: Patience = { every: 5, atMost: 60 };

/** The block of one address that belongs to a number; set aside for documentation. Source: https://www.rfc-editor.org/rfc/rfc5737 and https://www.rfc-editor.org/rfc/rfc3849 */
const blockOf = (family: Family, at: number): string =>
  family === 'ipv6' ? `2001:db8::${(at + 1).toString(16)}/128` : `192.0.2.${String(at)}/32`;

/** Adds rules to a group, fewer and fewer at a time, until AWS refuses even one more; then counts what is there. */
export async function fillGroup(
  sandbox: Sandbox,
  world: World,
  group: string,
  family: Family,
): Promise<RoomObservation> {
  let added = 0;
  let size = AT_ONCE;
  let stoppedBy = 'limit';
  while (size > 0) {
    if (added + size > MOST) {
      stoppedBy = 'cap';
      break;
    }
    const reply = await admitNext(sandbox, group, family, added, size);
    if (reply.ok) added += size;
    else if (reply.code === LIMIT) size = Math.floor(size / 2);
    else {
      stoppedBy = reply.code;
      break;
    }
  }
  let present = 0;
  await waitFor(world, SHOWN, async () => {
    present = (await sandbox.rulesOf(group)).filter(({ source }) => isBlockOf(family, source)).length;
    return present === added ? present : null;
  });
  return { kind: 'room', added, present, stoppedBy };
}

const isBlockOf = (family: Family, source: string): boolean =>
  source.includes('/') && source.includes(':') === (family === 'ipv6');

const admitNext = (
  sandbox: Sandbox,
  group: string,
  family: Family,
  from: number,
  count: number,
): Promise<Reply<null>> =>
  sandbox.admit(
    group,
    Array.from({ length: count }, (_, at) => blockOf(family, from + at)),
  );
