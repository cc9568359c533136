import { AccountId } from '../../core/ids.js';
import {
  answerPackCare,
  planPackCare,
  type DeployedPack,
  type PackKeeper,
  type PackMember,
  type PackState,
  type PackTally,
} from '../../core/organization-pack.js';

const NOW = '2026-11-01T12:00:00.000Z';
const member = (state: PackState, id = '111122223333'): PackMember => ({
  accountId: AccountId.parse(id),
  state,
  why: state.endsWith('_FAILED') ? 'No export named OriginGuard-RuleFunctionArn found.' : null,
});
const pack = (members: readonly PackMember[], overrides: Partial<DeployedPack> = {}): DeployedPack => ({
  state: 'CREATE_SUCCESSFUL',
  putAt: '2026-10-01T00:00:00.000Z',
  members,
  ...overrides,
});
const broken = member('CREATE_FAILED');
const fine = member('CREATE_SUCCESSFUL', '444455556666');

describe('the pack', () => {
  it.each<readonly [string, DeployedPack | null, object]>([
    ['is in every account', pack([fine]), { kind: 'healthy' }],
    ['is in no account yet', pack([]), { kind: 'healthy' }],
    ['failed in an account', pack([broken, fine]), { kind: 'put-again', failed: [broken] }],
    [
      'failed to be updated in an account',
      pack([member('UPDATE_FAILED')]),
      { kind: 'put-again', failed: [member('UPDATE_FAILED')] },
    ],
    ['failed as a whole', pack([], { state: 'UPDATE_FAILED' }), { kind: 'put-again', failed: [] }],
    ['is not there', null, { kind: 'leave', reason: 'no-pack', failed: [] }],
    [
      'is being put',
      pack([broken], { state: 'UPDATE_IN_PROGRESS' }),
      { kind: 'leave', reason: 'in-progress', failed: [broken] },
    ],
    [
      'is being put in another account',
      pack([broken, member('CREATE_IN_PROGRESS', '444455556666')]),
      { kind: 'leave', reason: 'in-progress', failed: [broken] },
    ],
    [
      'is being deleted',
      pack([broken], { state: 'DELETE_IN_PROGRESS' }),
      { kind: 'leave', reason: 'being-deleted', failed: [broken] },
    ],
    [
      'failed to be deleted',
      pack([broken], { state: 'DELETE_FAILED' }),
      { kind: 'leave', reason: 'being-deleted', failed: [broken] },
    ],
    [
      'was put less than six hours ago',
      pack([broken], { putAt: '2026-11-01T06:00:00.001Z' }),
      { kind: 'leave', reason: 'too-soon', failed: [broken] },
    ],
    [
      'was put six hours ago',
      pack([broken], { putAt: '2026-11-01T06:00:00.000Z' }),
      { kind: 'put-again', failed: [broken] },
    ],
  ])('%s', (_, deployed, care) => {
    expect(planPackCare(deployed, NOW, 6)).toEqual(care);
  });

  it('that keeps failing is put at most four times a day, looked at every hour', () => {
    let putAt = '2026-10-01T00:00:00.000Z';
    let puts = 0;
    for (let hour = 0; hour < 24; hour += 1) {
      const now = new Date(Date.parse(NOW) + hour * 3_600_000).toISOString();
      if (planPackCare(pack([broken], { putAt }), now, 6).kind !== 'put-again') continue;
      puts += 1;
      putAt = now;
    }
    expect(puts).toBe(4);
  });
});

describe('one look', () => {
  const look = async (deployed: DeployedPack | null, answer: 'put' | 'busy' = 'put') => {
    const lines: string[] = [];
    const tallies: PackTally[] = [];
    let puts = 0;
    const keeper: PackKeeper = {
      deployedPack: async () => deployed,
      putAgain: async () => {
        puts += 1;
        return answer;
      },
    };
    const note =
      (level: string) =>
      (message: string, fields = {}) =>
        void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    const log = { info: note('info'), warn: note('warn'), error: note('error') };
    await answerPackCare({ keeper, now: () => NOW, retryAfterHours: 6, log, tally: (each) => void tallies.push(each) });
    return { lines, tallies, puts };
  };

  it('puts a failed pack again, names the account and counts', async () => {
    expect(await look(pack([broken, fine]))).toEqual({
      puts: 1,
      lines: [
        'warn the pack failed in some accounts and was put again {"failedMembers":1,"accounts":"111122223333 CREATE_FAILED: No export named OriginGuard-RuleFunctionArn found."}',
      ],
      tallies: [{ members: 2, failedMembers: 1, putAgain: 1 }],
    });
  });

  it('says so when AWS Config is at work after all', async () => {
    expect(await look(pack([broken]), 'busy')).toMatchObject({
      puts: 1,
      lines: [expect.stringMatching(/^info the pack failed in some accounts, and AWS Config is at work on it/)],
      tallies: [{ members: 1, failedMembers: 1, putAgain: 0 }],
    });
  });

  it('leaves a healthy pack alone', async () => {
    expect(await look(pack([fine]))).toEqual({
      puts: 0,
      lines: ['info the pack is in every account {"members":1}'],
      tallies: [{ members: 1, failedMembers: 0, putAgain: 0 }],
    });
  });

  it('counts failures also while it waits', async () => {
    expect(await look(pack([broken], { putAt: NOW }))).toMatchObject({
      puts: 0,
      lines: [expect.stringMatching(/^warn the pack is left as it is: too-soon/)],
      tallies: [{ members: 1, failedMembers: 1, putAgain: 0 }],
    });
  });

  it('names at most twenty accounts', async () => {
    const many = Array.from({ length: 21 }, (_, at) => member('CREATE_FAILED', String(111122223000 + at)));
    const { lines, tallies } = await look(pack(many));
    expect(lines[0]?.split('CREATE_FAILED').length).toBe(21);
    expect(tallies).toEqual([{ members: 21, failedMembers: 21, putAgain: 1 }]);
  });
});
