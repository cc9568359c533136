import { OriginGuardError } from '../../core/errors.js';
import { accepted } from '../../core/proving.js';
import { command } from '../../prove/command.js';
import { parseLedger, renderLine } from '../../prove/ledger.js';
import { fakeDoors, LEDGER } from './doors.js';
import { ACCOUNT, Crash, ended, FakeSandbox, refusal, RUN_ID, stepThat } from './fake-sandbox.js';

const BEGAN = renderLine({ event: 'began', run: RUN_ID, accountId: ACCOUNT, region: 'eu-west-1' });
const making = (stack: string): string => renderLine({ event: 'making', stack });
const gone = (stack: string): string => renderLine({ event: 'gone', stack });

describe('a ledger', () => {
  it('names what may be left, latest first', () => {
    expect(parseLedger(BEGAN + making('a') + making('b') + making('c') + gone('b'))).toEqual({
      run: RUN_ID,
      accountId: ACCOUNT,
      region: 'eu-west-1',
      left: ['c', 'a'],
    });
  });

  it('reads the same wherever its last line was cut', () => {
    const whole = BEGAN + making('a');
    const last = gone('a');
    for (let length = 0; length < last.length; length += 1)
      expect(parseLedger(whole + last.slice(0, length)).left).toEqual(['a']);
    expect(parseLedger(whole + last).left).toEqual([]);
  });

  it.each([
    ['', 'its first line does not say which run it is of'],
    ['{}\n', 'line 1 is none of its lines'],
    ['no JSON\n', 'line 1 is none of its lines'],
    [making('a'), 'its first line does not say which run it is of'],
    [BEGAN + BEGAN, 'it begins twice'],
    [`${BEGAN}{"event":"made"}\n`, 'line 2 is none of its lines'],
    [BEGAN.replace(ACCOUNT, 'mine'), 'its first line names no account and Region'],
    [BEGAN.replace(RUN_ID, '../../etc'), 'line 1 is none of its lines'],
  ])('%j is none', (text, why) => {
    expect(() => parseLedger(text)).toThrow(
      new OriginGuardError('E1004', `this is no ledger of npm run prove: ${why}; allowed: the file that a run named`),
    );
  });
});

describe('a run that is cut off', () => {
  const QUESTIONS = 'U4,U7';
  const does: FakeSandbox['does'] = { run: async () => ended([stepThat('Ask'), stepThat('Authorize')]) };

  /** A run in which the process ends at a call: not even its own clean-up takes place. */
  async function cutOff(at: number, when: 'before' | 'after') {
    const sandbox = new FakeSandbox(does);
    sandbox.crash = { at, when };
    const doors = fakeDoors(sandbox);
    const open = doors.open;
    let opened = 0;
    const first = {
      ...doors,
      open: async (...where: Parameters<typeof open>) => {
        opened += 1;
        if (opened > 1) throw new Crash('the process has ended');
        return open(...where);
      },
    };
    const ran = await command(['--region', 'eu-west-1', '--only', QUESTIONS], first).catch((error: unknown) => error);
    sandbox.crash = null;
    return { ran, sandbox, doors };
  }

  it('leaves nothing behind once its ledger is cleaned up, whichever call it was', async () => {
    const whole = new FakeSandbox(does);
    await command(['--region', 'eu-west-1', '--only', QUESTIONS], fakeDoors(whole));
    expect(whole.calls.length).toBeGreaterThan(15);
    let left = 0;
    for (const [at] of whole.calls.entries()) {
      for (const when of ['before', 'after'] as const) {
        const { ran, sandbox, doors } = await cutOff(at, when);
        expect(ran).toBeInstanceOf(Crash);
        left += sandbox.stacks.size;
        if (!doors.files.has(LEDGER)) {
          expect([...sandbox.stacks.keys()]).toEqual([]);
          continue;
        }
        expect(await command(['--clean-up', LEDGER], doors)).toBe(0);
        expect([...sandbox.stacks.keys()]).toEqual([]);
        // Once more finds nothing to do, and asks for no account.
        const before = doors.opened();
        expect(await command(['--clean-up', LEDGER], doors)).toBe(0);
        expect(doors.opened()).toEqual(before);
      }
    }
    // The sweep was worth something only if crashes did leave stacks.
    expect(left).toBeGreaterThan(10);
  });

  it('cleans up by itself when the fault is ours', async () => {
    const sandbox = new FakeSandbox(does);
    const doors = fakeDoors(sandbox);
    const startRun = jest.fn(async () => Promise.reject(new TypeError('a fault of ours')));
    sandbox.does.startRun = startRun;
    await expect(command(['--region', 'eu-west-1', '--only', 'U7'], doors)).rejects.toThrow('a fault of ours');
    expect(startRun).toHaveBeenCalledTimes(1);
    expect([...sandbox.stacks.keys()]).toEqual([]);
    expect(parseLedger(doors.read(LEDGER)).left).toEqual([]);
  });
});

it('a stack that shows late, for its request was cut off on its way, is removed all the same', async () => {
  let looks = 0;
  const sandbox: FakeSandbox = new FakeSandbox({
    stack: async (name) => {
      looks += 1;
      const template = { Resources: {}, Outputs: {} };
      if (looks === 2) sandbox.stacks.set(name, { status: 'CREATE_IN_PROGRESS', run: RUN_ID, outputs: {}, template });
      return null;
    },
  });
  const doors = fakeDoors(sandbox);
  doors.files.set(LEDGER, BEGAN + making('late'));
  expect(await command(['--clean-up', LEDGER], doors)).toBe(0);
  expect(sandbox.calls).toContain('delete late');
  expect([...sandbox.stacks.keys()]).toEqual([]);
});

describe('what cannot be removed', () => {
  const stacks = ['one', 'two', 'three', 'four', 'five'];

  /** A run's stacks, each of which behaves in its own way when it is removed. */
  function troubled() {
    const sandbox: FakeSandbox = new FakeSandbox({
      stack: async (name) => {
        if (name === 'two' && sandbox.calls.includes('delete two'))
          return { status: 'DELETE_FAILED', run: RUN_ID, outputs: {} };
        if (name === 'four') return { status: 'CREATE_COMPLETE', run: null, outputs: {} };
        if (name === 'five') throw new OriginGuardError('E2001', 'reading the stack five failed');
        return sandbox.stacks.get(name) ?? null;
      },
      firstFailure: async () => 'AWS::EC2::SecurityGroup DELETE_FAILED: it is\nin use',
      deleteStack: async (name) => (name === 'three' ? refusal('AccessDenied', 'not allowed') : accepted(null)),
    });
    for (const name of stacks.slice(0, 3))
      sandbox.stacks.set(name, {
        status: 'CREATE_COMPLETE',
        run: RUN_ID,
        outputs: {},
        template: { Resources: {}, Outputs: {} },
      });
    const doors = fakeDoors(sandbox);
    doors.files.set(LEDGER, BEGAN + stacks.map(making).join(''));
    return { sandbox, doors };
  }

  it('is listed with the commands that finish by hand, and keeps nothing else from being removed', async () => {
    const { sandbox, doors } = troubled();
    expect(await command(['--clean-up', LEDGER], doors)).toBe(1);
    const byHand = (name: string) => [
      `    aws cloudformation delete-stack --region eu-west-1 --stack-name ${name}`,
      `    aws cloudformation wait stack-delete-complete --region eu-west-1 --stack-name ${name}`,
    ];
    expect(doors.warned().split('\n')).toEqual([
      ...['five', 'four', 'three', 'two', 'one'].map((name) => `removing ${name}`),
      `still there (try again with: npm run prove -- --clean-up ${LEDGER}):`,
      '- five: E2001: reading the stack five failed',
      ...byHand('five'),
      `- four: it does not carry the tag of run ${RUN_ID}, so it was left alone`,
      '    look at who made it',
      '- three: AccessDenied: not allowed',
      ...byHand('three'),
      '- two: DELETE_FAILED: AWS::EC2::SecurityGroup DELETE_FAILED: it is in use',
      ...byHand('two'),
      '',
    ]);
    expect(sandbox.calls.filter((call) => call.startsWith('delete'))).toEqual([
      'delete three',
      'delete two',
      'delete one',
    ]);
    expect(parseLedger(doors.read(LEDGER)).left).toEqual(['five', 'four', 'three', 'two']);
  });

  it('is named when it does not go in time', async () => {
    const { sandbox, doors } = troubled();
    sandbox.does.stack = async () => ({ status: 'DELETE_IN_PROGRESS', run: RUN_ID, outputs: {} });
    doors.files.set(LEDGER, BEGAN + making('one'));
    expect(await command(['--clean-up', LEDGER], doors)).toBe(1);
    expect(doors.warned()).toContain('- one: it was not gone within 15 minutes\n');
  });

  it.each([
    ['account', BEGAN.replace(ACCOUNT, '444455556666')],
    ['Region', BEGAN.replace('eu-west-1', 'eu-west-2')],
  ])('is not touched in another %s', async (_, began) => {
    const { sandbox, doors } = troubled();
    doors.files.set(LEDGER, began + making('one'));
    await expect(command(['--clean-up', LEDGER], doors)).rejects.toMatchObject({ code: 'E1003' });
    expect(sandbox.calls).toEqual([]);
  });
});

it('a run whose credentials end says what it learned, and lists what is left', async () => {
  const sandbox = new FakeSandbox();
  const ended = async () => Promise.reject(new OriginGuardError('E2007', 'the credentials are expired'));
  Object.assign(sandbox.does, { startRun: ended, stack: async () => sandbox.stacks.values().next().value ?? null });
  const doors = fakeDoors(sandbox);
  const open = doors.open;
  let opened = 0;
  const code = await command(['--region', 'eu-west-1', '--only', 'U10'], {
    ...doors,
    open: async (...where: Parameters<typeof open>) => {
      opened += 1;
      return opened === 1 ? open(...where) : ended();
    },
    ask: async () => {
      sandbox.does.deleteStack = ended;
      return ACCOUNT;
    },
  });
  expect(code).toBe(1);
  expect(doors.printed()).toContain('| not answered | E2007: the credentials are expired |');
  const stack = `origin-guard-prove-${RUN_ID}-u10-main`;
  expect(doors.warned()).toContain(
    `- ${stack}: E2007: the credentials are expired\n    aws cloudformation delete-stack --region eu-west-1 --stack-name ${stack}\n`,
  );
});

it('a stack that does not come in time is removed, and its question is not answered', async () => {
  const sandbox = new FakeSandbox();
  sandbox.does.stack = async (name) => {
    const there = sandbox.stacks.get(name);
    return there === undefined ? null : { ...there, status: 'CREATE_IN_PROGRESS' };
  };
  const doors = fakeDoors(sandbox);
  expect(await command(['--region', 'eu-west-1', '--only', 'U10'], doors)).toBe(0);
  expect(doors.printed()).toContain('its stack was not made: the stack was not made within 15 minutes');
  expect(sandbox.stacks.size).toBe(0);
});
