import { doubt, no, yes, type Answer } from '../answer.js';
import type { RoomObservation, Seen } from '../observations.js';
import type { Family, Question, Step } from '../question.js';
import { groupWith, NETWORK, output, ref, type Json, type Setting } from '../template.js';

/** What is in each group before it is filled. Nothing, for the one with which the others are compared. */
const FIRST_RULES: Readonly<Record<string, (setting: Setting) => Json | null>> = {
  Empty: () => null,
  ListIpv4: ({ lists }) => (lists.ipv4 === null ? null : fromList(lists.ipv4)),
  ListIpv6: ({ lists }) => (lists.ipv6 === null ? null : fromList(lists.ipv6)),
  FromGroup: () => ({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    SourceSecurityGroupId: { 'Fn::GetAtt': ['Empty', 'GroupId'] },
  }),
};

const fromList = (id: string): Json => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourcePrefixListId: id });

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

const fill = (group: string): readonly Step[] =>
  FAMILIES.map((family) => ({
    kind: 'room',
    saves: `${group} ${family}`,
    says: `fills the group ${group} with ${WORDS[family]} rules until AWS refuses one`,
    group: `main.${group}`,
    family,
  }));

const WORDS = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

export const quotaFamilies: Question = {
  id: 'U11',
  asks: 'Does a rule with a prefix list or a group as its source count in one address family only?',
  needs: ['ipv4-list'],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: "four groups that nothing uses: an empty one, one with each of CloudFront's lists, one with a group as source",
      template: (setting) => ({
        Resources: {
          Network: NETWORK,
          ...Object.fromEntries(
            Object.entries(FIRST_RULES).map(([name, first]) => {
              const rule = first(setting);
              return [name, groupWith(rule === null ? [] : [rule])];
            }),
          ),
        },
        Outputs: {
          ...Object.fromEntries(Object.keys(FIRST_RULES).map((name) => [name, output(ref(name))])),
          HasIpv6List: output(setting.lists.ipv6 === null ? 'no' : 'yes'),
        },
      }),
    },
    ...Object.keys(FIRST_RULES).flatMap(fill),
  ],
  open: null,
  fallback: 'counted in both families (`QUOTA_MODEL` = `both`)',
  estimate: { automationSteps: 0, evaluations: 0, configItems: 80 },
  answer: (seen) => {
    const rooms = Object.keys(FIRST_RULES).flatMap((group) =>
      FAMILIES.map((family) => ({ group, family, room: seen.of('room', `${group} ${family}`) })),
    );
    const odd = rooms.find(({ room }) => room.stoppedBy !== 'limit' || room.present !== room.added);
    if (odd !== undefined) return doubt(whatIsOdd(odd));
    return judge(seen);
  },
};

const whatIsOdd = ({
  group,
  family,
  room,
}: {
  readonly group: string;
  readonly family: Family;
  readonly room: RoomObservation;
}): string =>
  room.stoppedBy === 'limit'
    ? `${String(room.added)} ${WORDS[family]} rules were added to the group ${group}, and ${String(room.present)} are there`
    : `filling the group ${group} with ${WORDS[family]} rules ended with ${room.stoppedBy}, not with the quota`;

/** In which families something counts: its own, both, or in no way that we know. */
type Counts = 'own' | 'both' | 'odd';

function judge(seen: Seen): Answer {
  const taken = (group: string, family: Family): number =>
    seen.of('room', `Empty ${family}`).added - seen.of('room', `${group} ${family}`).added;
  const countsOf = (group: string, own: Family, other: Family): Counts => {
    const [here, there] = [taken(group, own), taken(group, other)];
    return here <= 0 ? 'odd' : there === 0 ? 'own' : there === here ? 'both' : 'odd';
  };
  const counted: readonly (readonly [what: string, group: string, counts: Counts])[] = [
    ['the IPv4 list', 'ListIpv4', countsOf('ListIpv4', 'ipv4', 'ipv6')],
    ...(seen.output('main.HasIpv6List') === 'yes'
      ? ([['the IPv6 list', 'ListIpv6', countsOf('ListIpv6', 'ipv6', 'ipv4')]] as const)
      : []),
    // A group belongs to no family: alone in either one is an answer, in the first as in the second.
    [
      'a group',
      'FromGroup',
      countsOf('FromGroup', 'ipv4', 'ipv6') === 'odd'
        ? countsOf('FromGroup', 'ipv6', 'ipv4')
        : countsOf('FromGroup', 'ipv4', 'ipv6'),
    ],
  ];
  const numbers = counted
    .map(
      ([what, group]) =>
        `${what} takes ${String(taken(group, 'ipv4'))} of the IPv4 room and ${String(taken(group, 'ipv6'))} of the IPv6 room`,
    )
    .join('; ');
  const room = `an empty group has room for ${String(seen.of('room', 'Empty ipv4').added)} IPv4 and ${String(seen.of('room', 'Empty ipv6').added)} IPv6 rules`;
  const says = `${numbers}; ${room}`;
  const kinds = counted.map(([, , counts]) => counts);
  if (kinds.includes('odd')) return doubt(says);
  const lists = counted.filter(([, group]) => group !== 'FromGroup');
  // `QUOTA_MODEL` is about lists; how a group counts is told beside it.
  if (lists.every(([, , counts]) => counts === 'own')) return yes(`lists in their own only: ${says}`);
  return lists.every(([, , counts]) => counts === 'both') ? no(`lists in both: ${says}`) : doubt(says);
}
