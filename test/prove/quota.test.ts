import { accepted, type SeenRule } from '../../core/proving.js';
import { fillGroup } from '../../prove/fill.js';
import { QUESTIONS } from '../../prove/registry.js';
import { askAll } from '../../prove/run.js';
import { EMPTY, FakeSandbox, fakeWorld, refusal, ruleAt, RUN_ID } from './fake-sandbox.js';

type Room = Readonly<Record<'ipv4' | 'ipv6', number>>;

const familyOf = (block: string): keyof Room => (block.includes(':') ? 'ipv6' : 'ipv4');

/** Groups that hold so many rules of each family and refuse one more. */
function groups(roomOf: (group: string) => Room): FakeSandbox['does'] {
  const rules = new Map<string, SeenRule[]>();
  return {
    admit: async (group, blocks) => {
      const held = rules.get(group) ?? [];
      const all = [...held, ...blocks.map((block) => ruleAt(block))];
      const over = (['ipv4', 'ipv6'] as const).some(
        (family) => all.filter(({ source }) => familyOf(source) === family).length > roomOf(group)[family],
      );
      if (over) return refusal('RulesPerSecurityGroupLimitExceeded');
      rules.set(group, all);
      return accepted(null);
    },
    rulesOf: async (group) => [...(rules.get(group) ?? []), ruleAt('pl-3b927c52')],
  };
}

async function ask(does: FakeSandbox['does'], survey = EMPTY): Promise<string> {
  const [answered] = await askAll(
    { sandbox: new FakeSandbox(does), world: fakeWorld(), record: () => undefined },
    { questions: QUESTIONS.filter(({ id }) => id === 'U11'), survey, run: RUN_ID, isOver: () => false },
  );
  return `${answered?.answer.kind ?? '?'}: ${answered?.answer.says ?? ''}`;
}

const room = (ipv4: number, ipv6: number): Room => ({ ipv4, ipv6 });
const of =
  (rooms: Readonly<Record<string, Room>>) =>
  (group: string): Room =>
    rooms[group] ?? room(60, 60);

it('yes: lists count in their own family only', async () => {
  const does = groups(of({ ListIpv4: room(5, 60), ListIpv6: room(60, 15), FromGroup: room(59, 59) }));
  expect(await ask(does)).toBe(
    'yes: lists in their own only: the IPv4 list takes 55 of the IPv4 room and 0 of the IPv6 room; ' +
      'the IPv6 list takes 0 of the IPv4 room and 45 of the IPv6 room; ' +
      'a group takes 1 of the IPv4 room and 1 of the IPv6 room; ' +
      'an empty group has room for 60 IPv4 and 60 IPv6 rules',
  );
});

it('no: lists count in both families', async () => {
  const does = groups(of({ ListIpv4: room(5, 5), ListIpv6: room(5, 5), FromGroup: room(59, 60) }));
  expect(await ask(does)).toMatch(
    /^no: lists in both: the IPv4 list takes 55 of the IPv4 room and 55 of the IPv6 room/,
  );
});

it('yes: in a Region without the IPv6 list, the IPv4 list alone tells', async () => {
  const survey = { ...EMPTY, prefixLists: { known: true, value: { ipv4: 'pl-3b927c52', ipv6: null } } as const };
  const answer = await ask(groups(of({ ListIpv4: room(5, 60), FromGroup: room(59, 59) })), survey);
  expect(answer).toMatch(/^yes: /);
  expect(answer).not.toContain('the IPv6 list');
});

it.each<[string, FakeSandbox['does']]>([
  [
    'the two lists count in two ways',
    groups(of({ ListIpv4: room(5, 60), ListIpv6: room(5, 5), FromGroup: room(59, 59) })),
  ],
  [
    'a list takes another amount of each family',
    groups(of({ ListIpv4: room(5, 30), ListIpv6: room(60, 5), FromGroup: room(59, 59) })),
  ],
  ['a list takes nothing', groups(of({ FromGroup: room(59, 59) }))],
  ['a group as source takes nothing', groups(of({ ListIpv4: room(5, 60), ListIpv6: room(60, 5) }))],
  ['another refusal ends the filling', { admit: async () => refusal('UnauthorizedOperation') }],
  ['there is no end to it', { admit: async () => accepted(null) }],
  ['not all that was added is there', { ...groups(of({})), rulesOf: async () => [] }],
])('not answered: %s', async (_, does) => {
  expect(await ask(does)).toMatch(/^not-answered: /);
});

it.each([0, 1, 5, 59, 60, 63, 64, 65, 250])(
  'finds that a group has room for %d rules, in each family',
  async (rules) => {
    for (const family of ['ipv4', 'ipv6'] as const) {
      const sandbox = new FakeSandbox(groups(() => room(rules, rules)));
      expect(await fillGroup(sandbox, fakeWorld(), 'sg-0a', family)).toEqual({
        kind: 'room',
        added: rules,
        present: rules,
        stoppedBy: 'limit',
      });
    }
  },
);

it('waits for rules that show a little after they were added', async () => {
  const does = groups(() => room(3, 3));
  let looks = 0;
  const sandbox = new FakeSandbox({
    ...does,
    rulesOf: async (group) => {
      looks += 1;
      return looks < 4 ? [] : does.rulesOf!(group);
    },
  });
  const world = fakeWorld();
  expect(await fillGroup(sandbox, world, 'sg-0a', 'ipv4')).toMatchObject({ added: 3, present: 3 });
  expect(world.waited()).toBe(15_000);
});

it('gives up at 256 rules, all of them for addresses of their own', async () => {
  const blocks: string[] = [];
  const sandbox = new FakeSandbox({
    admit: async (_, more) => {
      blocks.push(...more);
      return accepted(null);
    },
  });
  expect(await fillGroup(sandbox, fakeWorld(), 'sg-0a', 'ipv4')).toMatchObject({ stoppedBy: 'cap', added: 256 });
  expect(new Set(blocks).size).toBe(256);
  expect(blocks.every((block) => /^192\.0\.2\.\d{1,3}\/32$/.test(block))).toBe(true);
});
