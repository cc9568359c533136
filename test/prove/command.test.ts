import { known, missing } from '../../core/fact.js';
import { Region } from '../../core/ids.js';
import type { Survey } from '../../core/proving.js';
import { command } from '../../prove/command.js';
import { dollarsOf, inDollars, MOST_DOLLARS, totalDollars } from '../../prove/estimate.js';
import { QUESTION_IDS } from '../../prove/question.js';
import { tooDear } from '../../prove/refuse.js';
import { QUESTIONS } from '../../prove/registry.js';
import { fakeDoors, LEDGER } from './doors.js';
import { ACCOUNT, EMPTY, ended, FakeSandbox, refusal, RUN_ID, stepThat } from './fake-sandbox.js';

const RUN = ['--region', 'eu-west-1'];

describe('before anything is made', () => {
  it('--plan calls nothing', async () => {
    const doors = fakeDoors();
    expect(await command(['--plan', '--only', 'U10,U3'], doors)).toBe(0);
    expect(doors.opened()).toEqual([0, 0]);
    expect(doors.printed()).toBe(
      [
        'U3: Does AWS Config send `aws:SourceOrgID` when it asks a function?',
        '    needs an organization, so it is not asked here',
        'U10: Are empty defaults taken in an `aws:approve` step that is skipped?',
        "    - makes a stack: a document with the fixer's own parameters and steps of approval",
        '    - runs the document with its defaults',
        '    - removes what it made',
        '    at most $0.03',
        'Together at most $0.03.',
        '',
      ].join('\n'),
    );
  });

  it('--help tells how, with an example', async () => {
    const doors = fakeDoors();
    expect(await command(['--help'], doors)).toBe(0);
    expect(doors.printed()).toContain('Example:\n  npm run prove -- --plan --only U5,U7\n');
  });

  it.each(['', '11112222333', '444455556666', 'yes'])(
    'typing %j instead of the account id makes nothing',
    async (typed) => {
      const sandbox = new FakeSandbox();
      const doors = fakeDoors(sandbox);
      doors.typed = typed;
      expect(await command(RUN, doors)).toBe(1);
      expect(sandbox.calls).toEqual(['survey']);
      expect([...doors.files.keys()]).toEqual([]);
      expect(doors.warned()).toBe('refused: the account id was not typed; nothing was made\n');
      expect(doors.opened()).toEqual([1, 1]);
    },
  );

  it('the question names the account, the Region and the price of what is asked', async () => {
    const doors = fakeDoors();
    doors.typed = '';
    await command([...RUN, '--only', 'U5'], doors);
    expect(doors.asked).toEqual([
      'This makes and removes what is listed above in account 111122223333, eu-west-1, for at most $0.06.\nType the account id to go on: ',
    ]);
  });

  const gap = (detail: string) => missing({ fact: 'x', cause: 'access-denied', detail });
  it.each<[string, Partial<Survey>, string]>([
    [
      'load balancers',
      { loadBalancers: { known: true, value: ['shop'] } },
      'the account holds load balancers in this Region: shop; allowed: an account that holds none',
    ],
    [
      'Classic load balancers',
      { balancerInterfaces: { known: true, value: ['eni-1', 'eni-2', 'eni-3', 'eni-4'] } },
      'the account holds network interfaces of load balancers in this Region: eni-1, eni-2, eni-3 and 1 more; allowed: an account that holds none',
    ],
    [
      'distributions',
      { distributions: { known: true, value: ['E2EXAMPLE'] } },
      'the account holds CloudFront distributions: E2EXAMPLE; allowed: an account that holds none',
    ],
    [
      'an organization to administer',
      { administers: { known: true, value: true } },
      'the account may administer an organization: it is its management account or a delegated administrator; allowed: any other account',
    ],
    ['load balancers that cannot be seen', { loadBalancers: gap('allow it') }, 'allow it'],
    ['interfaces that cannot be seen', { balancerInterfaces: gap('allow it') }, 'allow it'],
    ['distributions that cannot be seen', { distributions: gap('allow it') }, 'allow it'],
    ['an organization that cannot be seen', { administers: gap('allow it') }, 'allow it'],
    ['Regions that cannot be listed', { otherRegions: gap('allow it') }, 'allow it'],
    [
      'load balancers in another Region',
      {
        otherRegions: known([
          { region: Region.parse('eu-west-2'), held: known([]) },
          { region: Region.parse('us-east-1'), held: known(['shop', 'eni-1']) },
        ]),
      },
      'the account holds load balancers, or network interfaces of them, in us-east-1: shop, eni-1; allowed: an account that holds none',
    ],
    [
      'Regions into which nobody may look',
      {
        otherRegions: known([
          { region: Region.parse('eu-west-2'), held: gap('denied') },
          { region: Region.parse('us-east-1'), held: gap('denied') },
        ]),
      },
      'whether the account holds load balancers cannot be seen in eu-west-2, us-east-1; allowed: a right to look there, or --unseen-regions-empty from somebody who knows',
    ],
  ])('an account with %s is refused', async (_, found, why) => {
    const sandbox = new FakeSandbox({ survey: async () => ({ ...EMPTY, ...found }) });
    const doors = fakeDoors(sandbox);
    expect(await command(RUN, doors)).toBe(1);
    expect(doors.warned()).toBe(`refused: ${why}\nrefused: nothing was made\n`);
    expect(doors.asked).toEqual([]);
    expect(sandbox.calls).toEqual(['survey']);
  });

  it('whoever says that unseen Regions are empty is believed of those, and of no other', async () => {
    const denied = { region: Region.parse('eu-west-2'), held: gap('denied') };
    const asks = async (survey: Partial<Survey>) => {
      const doors = fakeDoors(new FakeSandbox({ survey: async () => ({ ...EMPTY, ...survey }) }));
      doors.typed = '';
      await command([...RUN, '--unseen-regions-empty'], doors);
      return doors.asked.length;
    };
    expect(await asks({ otherRegions: known([denied]) })).toBe(1);
    const held = { region: Region.parse('us-east-1'), held: known(['shop']) };
    expect(await asks({ otherRegions: known([denied, held]) })).toBe(0);
    expect(await asks({ otherRegions: gap('allow it') })).toBe(0);
    expect(await asks({ loadBalancers: gap('allow it') })).toBe(0);
  });

  it('an estimate of more than a dollar is refused', () => {
    const [first] = QUESTIONS;
    const dear = { ...first!, estimate: { automationSteps: 0, evaluations: 1001, configItems: 0 } };
    expect(tooDear([dear])).toBe('the estimate is $1.01; allowed: $1.00; name fewer questions with --only');
    expect(tooDear([{ ...dear, estimate: { ...dear.estimate, evaluations: 1000 } }])).toBeNull();
  });

  it('all questions together stay under a dollar, and every price is rounded up', () => {
    const all = QUESTIONS.map(({ estimate }) => estimate);
    expect(totalDollars(all)).toBeLessThan(MOST_DOLLARS);
    expect(inDollars(dollarsOf({ automationSteps: 0, evaluations: 1, configItems: 0 }))).toBe('$0.01');
    expect(inDollars(0)).toBe('$0.00');
    expect(inDollars(0.06)).toBe('$0.06');
  });

  it('there is one question for each id, in order', () => {
    expect(QUESTIONS.map(({ id }) => id)).toEqual(QUESTION_IDS);
  });
});

describe('wrong use is named with what is allowed', () => {
  it.each([
    [[], 'no --region; allowed: a Region such as eu-west-1'],
    [['--region', 'Europe'], '--region Europe; allowed: a Region such as eu-west-1'],
    [['--region'], '--region without a value; allowed: --region VALUE'],
    [['--region', '--plan'], '--region without a value; allowed: --region VALUE'],
    [['--plan', '--plan'], '--plan twice; allowed: once'],
    [
      ['--plan', '--only', 'U5,U13'],
      '--only U5,U13: "U13" is no question; allowed: U1, U2, U3, U4, U5, U6, U7, U8, U9, U10, U11, U12',
    ],
    [
      ['--yes'],
      '--yes; allowed: --region, --profile, --only, --out, --clean-up, --plan, --unseen-regions-empty, --help',
    ],
    [
      ['--clean-up', 'x', '--region', 'eu-west-1'],
      '--region beside --clean-up; allowed: --profile only; the ledger names the Region',
    ],
  ])('%j', async (args, message) => {
    await expect(command(args, fakeDoors())).rejects.toMatchObject({
      code: 'E1003',
      detail: `npm run prove: ${message}`,
    });
  });
});

describe('a run', () => {
  const does: FakeSandbox['does'] = {
    run: async () => ended([stepThat('NeedApproval'), stepThat('Done')]),
  };

  it('asks, removes what it made, and writes the table', async () => {
    const sandbox = new FakeSandbox(does);
    const doors = fakeDoors(sandbox);
    expect(await command([...RUN, '--only', 'U10,U3', '--out', 'table.md'], doors)).toBe(0);
    expect(sandbox.stacks.size).toBe(0);
    const stack = `origin-guard-prove-${RUN_ID}-u10-main`;
    expect(doors.files.get(LEDGER)).toBe(
      [
        `{"event":"began","run":"${RUN_ID}","accountId":"${ACCOUNT}","region":"eu-west-1"}`,
        `{"event":"making","stack":"${stack}"}`,
        `{"event":"gone","stack":"${stack}"}`,
        '',
      ].join('\n'),
    );
    expect(doors.files.get('table.md')).toContain('| U10 | ');
    expect(doors.warned()).toMatch(/everything that this run made is gone\n$/);
    expect(doors.opened()).toEqual([1, 1]);
  });

  it('asks for nothing to be typed when it asks no question', async () => {
    const doors = fakeDoors();
    expect(await command([...RUN, '--only', 'U3'], doors)).toBe(0);
    expect(doors.asked).toEqual([]);
    expect(doors.printed()).toContain('| not asked | needs an organization');
  });

  it('writes a table that says no more than what was seen, and not whose account it was', async () => {
    const sandbox = new FakeSandbox({
      startRun: async () =>
        refusal('AccessDenied', `arn:aws:iam::${ACCOUNT}:user/me is | not\nauthorized to perform it`),
    });
    const doors = fakeDoors(sandbox);
    await command([...RUN, '--only', 'U10,U12,U3', '--out', 'table.md'], doors);
    expect(doors.files.get('table.md')).toBe(
      [
        `Asked in one account in eu-west-1, run ${RUN_ID}:`,
        '',
        '| id | question | answer | what was seen | left open | without it |',
        '| --- | --- | --- | --- | --- | --- |',
        "| U3 | Does AWS Config send `aws:SourceOrgID` when it asks a function? | not asked | needs an organization; in a member account, give a function a policy of type `AWS::Lambda::ResourcePolicy` that lets `config.amazonaws.com` invoke it only with the organization's id as `aws:SourceOrgID`, make a custom rule of it, and see whether it is asked |  | one `SourceAccount` for each function, as the member template has it |",
        '| U10 | Are empty defaults taken in an `aws:approve` step that is skipped? | not answered | the execution was not taken: AccessDenied: arn:aws:iam::ACCOUNT:user/me is / not authorized to perform it |  | a second document for runs with an approval |',
        "| U12 | Does `StartConfigRulesEvaluation` work on a pack rule? | not answered | it was taken, but the function was not seen to be asked again in time |  | a distribution's change waits for the schedule in other Regions |",
        '',
      ].join('\n'),
    );
  });

  it('begins no question before everything of the one before is gone', async () => {
    const together: string[][] = [];
    const sandbox: FakeSandbox = new FakeSandbox({
      createStack: async ({ name }) => {
        together.push([...sandbox.stacks.keys(), name].map((each) => each.split('-').slice(-2).join('-')));
        return { ok: true, value: null };
      },
    });
    expect(await command(RUN, fakeDoors(sandbox))).toBe(0);
    const alone = ['u1', 'u2', 'u4', 'u5', 'u6', 'u7', 'u8', 'u9', 'u10', 'u11', 'u12'].map((id) => [`${id}-main`]);
    expect(together).toEqual([...alone.slice(0, 3), ['u4-main', 'u4-pack'], ...alone.slice(3)]);
    expect(sandbox.stacks.size).toBe(0);
  });

  it('an answer that leaves something open is one in part', async () => {
    const doors = fakeDoors(
      new FakeSandbox({ run: async () => ended([stepThat('Ask', { outputs: { word: ['heard'] } })]) }),
    );
    await command([...RUN, '--only', 'U2'], doors);
    expect(doors.printed()).toContain(
      '| yes, in part | a whole ARN is taken, and the function answered | only a function of the same account was asked; ',
    );
  });

  it('cleans up with time of its own when that of the run is over', async () => {
    const sandbox = new FakeSandbox({
      run: async () => {
        doors.over = true;
        return ended([stepThat('Done')]);
      },
    });
    const doors = fakeDoors(sandbox);
    expect(await command([...RUN, '--only', 'U10,U5'], doors)).toBe(0);
    expect(doors.opened()).toEqual([2, 2]);
    expect(sandbox.stacks.size).toBe(0);
    expect(doors.printed()).toContain('| not answered | the run ended before it was asked |');
  });
});
