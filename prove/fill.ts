import type { Reply, Sandbox } from '../core/proving.js';
import type { RoomObservation } from './observations.js';
import type { Family } from './question.js';

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const LIMIT = 'RulesPerSecurityGroupLimitExceeded';

/** The most rules that are added; as many as there are addresses for documentation, in round numbers. */
const MOST = 700;
const AT_ONCE = 64;

/** The ranges that are set aside for documentation. Source: https://www.rfc-editor.org/rfc/rfc5737 */
const RANGES = ['192.0.2', '198.51.100', '203.0.113'] as const;
const IN_A_RANGE = 256;

/** The block of one address that belongs to a number; every number below `MOST` has its own. */
function blockOf(family: Family, at: number): string {
  if (family === 'ipv6') return `2001:db8::${(at + 1).toString(16)}/128`;
  return `${RANGES[Math.floor(at / IN_A_RANGE)] ?? ''}.${String(at % IN_A_RANGE)}/32`;
}

/** Adds rules to a group, fewer and fewer at a time, until AWS refuses even one more; then counts what is there. */
export async function fillGroup(sandbox: Sandbox, group: string, family: Family): Promise<RoomObservation> {
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
  const rules = await sandbox.rulesOf(group);
  const isOfFamily = ({ source }: { readonly source: string }): boolean =>
    source.includes('/') && source.includes(':') === (family === 'ipv6');
  return { kind: 'room', added, present: rules.filter(isOfFamily).length, stoppedBy };
}

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
