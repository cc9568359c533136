import { OriginGuardError } from '../../core/errors.js';
import type { Judgement } from '../../core/judgement.js';
import type { Log } from '../../core/reporting.js';
import type { SecurityFinding } from '../../core/security-finding.js';
import { findingId } from '../../report/asff.js';
import { findingPublisher, type PublisherOptions } from '../../report/publish-findings.js';
import { ACCOUNT, type distributionId, OTHER_ACCOUNT, path, REGION } from '../support/builders.js';
import { fakeHub, type FakeHub } from '../support/fake-hub.js';
import { judgement, openJudgement, outOfScope, registered, RULE_ID, unseen } from '../support/judgements.js';

const own = { accountId: ACCOUNT, region: REGION, partition: 'aws' };
const idOf = (resourceId: string): string => findingId(RULE_ID, own, resourceId);

let hub: FakeHub;
let clock: number;
let lines: { readonly level: string; readonly message: string; readonly fields: unknown }[];

beforeEach(() => {
  hub = fakeHub();
  clock = Date.parse('2026-07-01T12:00:00Z');
  lines = [];
});

const log = Object.fromEntries(
  ['info', 'warn', 'error'].map((level) => [
    level,
    (message: string, fields: unknown) => {
      lines.push({ level, message, fields });
    },
  ]),
) as unknown as Log;

/** Later by a second each time. */
const now = (): string => new Date((clock += 1000)).toISOString();

const publisher = (overrides: Partial<PublisherOptions> = {}) =>
  findingPublisher({ store: hub, own, now, log, enabled: true, ...overrides });

const publish = (...judgements: readonly Judgement[]): Promise<void> => publisher().publish(judgements);

const stateOf = (resourceId: string) => {
  const finding = hub.held.get(idOf(resourceId));
  return finding === undefined ? null : [finding.Compliance.Status, finding.RecordState];
};

const batches = (): readonly (readonly SecurityFinding[])[] =>
  hub.calls.filter((call): call is readonly SecurityFinding[] => call !== 'findings');

const failure = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return null;
};

describe('the life of a finding', () => {
  it('created, passed, failed again, archived, and back: one finding, created once, updated each time', async () => {
    const verdicts: readonly [Judgement, readonly string[]][] = [
      [openJudgement('sg-0a'), ['FAILED', 'ACTIVE']],
      [judgement({ resourceId: 'sg-0a' }), ['PASSED', 'ACTIVE']],
      [openJudgement('sg-0a'), ['FAILED', 'ACTIVE']],
      [outOfScope('sg-0a'), ['NOT_AVAILABLE', 'ARCHIVED']],
      [openJudgement('sg-0a'), ['FAILED', 'ACTIVE']],
    ];
    const updates: string[] = [];
    for (const [judged, expected] of verdicts) {
      await publish(judged);
      expect(stateOf('sg-0a')).toEqual(expected);
      expect(hub.held.size).toBe(1);
      const { CreatedAt, UpdatedAt } = hub.held.get(idOf('sg-0a'))!;
      expect(CreatedAt).toBe('2026-07-01T12:00:01.000Z');
      updates.push(UpdatedAt);
    }
    expect(updates).toEqual([...new Set(updates)].sort());
    expect(updates).toHaveLength(verdicts.length);
  });

  it('a verdict out of scope that never had a finding gets none', async () => {
    await publish(outOfScope('sg-0a'));
    expect(hub.held.size).toBe(0);
    expect(batches()).toEqual([]);
  });

  it('what is archived is not archived again', async () => {
    await publish(openJudgement('sg-0a'));
    await publish(outOfScope('sg-0a'));
    const sent = batches().length;
    await publish(outOfScope('sg-0a'));
    expect(batches()).toHaveLength(sent);
  });

  it('the same verdict again is sent again, since Security Hub deletes what is not updated for 90 days', async () => {
    for (const judged of [openJudgement('sg-0a'), judgement({ resourceId: 'sg-0b' })]) {
      await publish(judged);
      const before = hub.held.get(idOf(judged.resourceId))!.UpdatedAt;
      await publish(judged);
      expect(hub.held.get(idOf(judged.resourceId))!.UpdatedAt > before).toBe(true);
    }
  });

  it('what could not be judged keeps the finding it has', async () => {
    await publish(openJudgement('sg-0a'));
    const calls = hub.calls.length;
    await publish(unseen('sg-0a'), unseen('sg-0b'));
    expect(hub.calls).toHaveLength(calls);
    expect(stateOf('sg-0a')).toEqual(['FAILED', 'ACTIVE']);
    expect(stateOf('sg-0b')).toBeNull();
  });

  it('a clock that is behind does not stop an update', async () => {
    await publish(openJudgement('sg-0a'));
    clock -= 60_000;
    await publish(judgement({ resourceId: 'sg-0a' }));
    expect(stateOf('sg-0a')).toEqual(['PASSED', 'ACTIVE']);
  });

  it('the distributions are those of the own account', async () => {
    await publish(judgement({ paths: [path()] }));
    const [finding] = hub.held.values();
    expect(finding?.Resources.map(({ Id }) => Id)).toContain(`arn:aws:cloudfront::${ACCOUNT}:distribution/E1WEB`);
  });
});

describe('activeOn', () => {
  it('the resources with a finding that is not archived, whatever it says', async () => {
    await publish(openJudgement('sg-0a'), judgement({ resourceId: 'sg-0b' }), openJudgement('sg-0c'));
    await publish(outOfScope('sg-0c'));
    const resourceType = 'AWS::EC2::SecurityGroup';
    expect(await publisher().activeOn(RULE_ID)).toEqual([
      { resourceType, resourceId: 'sg-0a' },
      { resourceType, resourceId: 'sg-0b' },
    ]);
  });

  it('nothing of another rule, account or Region, even if the store lets it through', async () => {
    await publish(openJudgement('sg-0a'));
    const [finding] = hub.held.values();
    const others = [
      findingId('other-rule', own, 'sg-0x'),
      findingId(RULE_ID, { ...own, accountId: OTHER_ACCOUNT }, 'sg-0x'),
      'somebody-else/x',
    ];
    for (const Id of others) hub.held.set(Id, { ...finding!, Id });
    expect((await publisher().activeOn(RULE_ID)).map(({ resourceId }) => resourceId)).toEqual(['sg-0a']);
  });

  it('what was read once is not read again to publish', async () => {
    await publish(openJudgement('sg-0a'));
    hub.calls.length = 0;
    const sweep = publisher();
    await sweep.activeOn(RULE_ID);
    await sweep.publish([outOfScope('sg-0a'), openJudgement('sg-0b')]);
    expect(hub.calls.filter((call) => call === 'findings')).toHaveLength(1);
    expect(stateOf('sg-0a')).toEqual(['NOT_AVAILABLE', 'ARCHIVED']);
    expect(hub.held.get(idOf('sg-0a'))?.CreatedAt).toBe('2026-07-01T12:00:01.000Z');
    expect(stateOf('sg-0b')).toEqual(['FAILED', 'ACTIVE']);
  });

  it('a failure waits for publish, which sends what it can first', async () => {
    const denied = new OriginGuardError('E2004', 'reading was denied; allow securityhub:GetFindings');
    hub.fails.push(denied);
    const sweep = publisher();
    expect(await sweep.activeOn(RULE_ID)).toEqual([]);
    expect(await failure(sweep.publish([openJudgement('sg-0a')]))).toBe(denied);
    expect(stateOf('sg-0a')).toEqual(['FAILED', 'ACTIVE']);
    await sweep.publish([]);
  });

  it('a failure is raised even if there is nothing to publish', async () => {
    const failed = new OriginGuardError('E2001', 'throttled');
    hub.fails.push(failed);
    const sweep = publisher();
    await sweep.activeOn(RULE_ID);
    expect(await failure(sweep.publish([]))).toBe(failed);
  });
});

describe('batches', () => {
  const many = (count: number, make = (id: string): Judgement => openJudgement(id)): readonly Judgement[] =>
    Array.from({ length: count }, (_, at) => make(`sg-0${String(at)}`));

  it('of at most 100, in order, each finding once', async () => {
    await publish(...many(60));
    expect(batches().map(({ length }) => length)).toEqual([60]);
    await publish(...many(10, (id) => judgement({ resourceId: id })), ...many(201).slice(10));
    const sent = batches().slice(1);
    expect(sent.flat().map(({ Id }) => Id)).toEqual(many(201).map(({ resourceId }) => idOf(resourceId)));
    for (const batch of sent) expect(batch.length).toBeLessThanOrEqual(100);
  });

  it('of 100 where the findings are light', async () => {
    const { meta } = registered();
    const rules = [{ meta: { ...meta, requirements: [] } }];
    await publisher({ rules }).publish(many(250, (resourceId) => judgement({ resourceId })));
    expect(batches().map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it('under 240 KB each where they are heavy, and as full as that allows', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `Eé${'漢'.repeat(200)}${String(at)}`);
    const paths = names.map((name) => path({ distributionId: name as ReturnType<typeof distributionId> }));
    await publish(...many(150, (id) => ({ ...openJudgement(id, names), paths })));
    const weights = batches().map((batch) => Buffer.byteLength(JSON.stringify({ Findings: batch })));
    expect(weights.length).toBeGreaterThan(5);
    for (const weight of weights) expect(weight).toBeLessThan(240_000);
    const heaviest = Math.max(
      ...batches()
        .flat()
        .map((finding) => Buffer.byteLength(JSON.stringify(finding))),
    );
    for (const weight of weights.slice(0, -1)) expect(weight).toBeGreaterThan(240_000 - heaviest - 100);
    expect(batches().flat()).toHaveLength(150);
  });

  it('a partial failure is told with its number, the first id and the reason, once all were sent', async () => {
    hub.refuses.set(idOf('sg-03'), 'InvalidInput: Title is too long');
    hub.refuses.set(idOf('sg-0120'), 'InvalidInput: other');
    const error = await failure(publish(...many(250)));
    expect(error).toMatchObject({
      code: 'E2004',
      detail: `Security Hub refused 2 of 250 findings; the first is ${idOf('sg-03')}: InvalidInput: Title is too long`,
    });
    expect(hub.held.size).toBe(248);
  });

  it('a call that fails is raised as it is', async () => {
    const throttled = new OriginGuardError('E2001', 'throttled');
    hub.fails.push(null, throttled);
    expect(await failure(publish(openJudgement('sg-0a')))).toBe(throttled);
  });
});

describe('Security Hub off', () => {
  it('is noted once by a publisher, is no error, and nothing more is asked', async () => {
    hub.off = 'InvalidAccessException: Account 111122223333 is not subscribed to AWS Security Hub';
    const sweep = publisher();
    expect(await sweep.activeOn(RULE_ID)).toEqual([]);
    await sweep.publish([openJudgement('sg-0a'), openJudgement('sg-0b')]);
    expect(await sweep.activeOn(RULE_ID)).toEqual([]);
    expect(hub.calls).toHaveLength(1);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Security Hub takes no findings here, so none are published',
        fields: { why: hub.off },
      },
    ]);
  });

  it('is noted once in a process', async () => {
    hub.off = 'InvalidAccess: off';
    const said = { securityHubIsOff: false };
    for (let turn = 0; turn < 3; turn += 1) await publisher({ said }).publish([openJudgement('sg-0a')]);
    expect(lines).toHaveLength(1);
    hub.off = null;
    await publisher({ said }).publish([openJudgement('sg-0a')]);
    expect(stateOf('sg-0a')).toEqual(['FAILED', 'ACTIVE']);
  });

  it('noticed only when sending ends the sending, and what was refused before is still told', async () => {
    const all = Array.from({ length: 300 }, (_, at) => openJudgement(`sg-0${String(at)}`));
    hub.refuses.set(idOf('sg-00'), 'InvalidInput: bad');
    const { importFindings } = hub;
    const store = {
      ...hub,
      importFindings: (findings: readonly SecurityFinding[]) => {
        const answered = importFindings(findings);
        hub.off = 'InvalidAccess: switched off just now';
        return answered;
      },
    };
    expect(await failure(publisher({ store }).publish(all))).toMatchObject({ code: 'E2004' });
    expect(batches()).toHaveLength(2);
    expect(lines).toHaveLength(1);
  });

  it('findings turned off: nothing is asked, sent or noted', async () => {
    const off = publisher({ enabled: false });
    expect(await off.activeOn(RULE_ID)).toEqual([]);
    await off.publish([openJudgement('sg-0a')]);
    expect([hub.calls, lines]).toEqual([[], []]);
  });
});

it('a judgement of a rule that nobody registered is our own fault', async () => {
  expect(await failure(publish(judgement({ ruleId: 'no-such-rule' })))).toMatchObject({ code: 'E9001' });
});

it('several rules at once have a finding each on the same resource', async () => {
  const { meta } = registered();
  const rules = [{ meta }, { meta: { ...meta, id: 'second-rule' } }];
  await publisher({ rules }).publish([openJudgement('sg-0a'), { ...openJudgement('sg-0a'), ruleId: 'second-rule' }]);
  expect([...hub.held.keys()]).toEqual([idOf('sg-0a'), findingId('second-rule', own, 'sg-0a')]);
});
