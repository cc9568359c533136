import type { Fault } from '../support/proxy/faults.js';
import { awsPrefixList, buildEnvironment, CLOUDFRONT_LIST, FROM_ANYWHERE } from './support/article-environment.js';
import { ingressOf, recordsOf } from './support/runbook-reads.js';
import { nextRun, startRunbookRig, type RunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// Each write of an edit in turn is refused, never arrives, or is done without an answer. Afterwards the group is as it was, or fixed, with a record; and CloudFront
// is let in wherever everybody was.

const world = useMoto();
let rig: RunbookRig;
afterEach(async () => {
  await rig.stop();
});

const WRITES = [
  ['PutParameter', 1],
  ['AuthorizeSecurityGroupIngress', 1],
  ['PutParameter', 2],
  ['RevokeSecurityGroupIngress', 1],
  ['PutParameter', 3],
] as const;
const FAULTS: readonly Fault['kind'][] = ['throttled', 'reset', 'reset-in-body'];

const CASES = WRITES.flatMap(([operation, call]) => FAULTS.map((kind) => ({ operation, call, kind })));

test.each(CASES)('$kind at $operation $call', async ({ operation, call, kind }) => {
  rig = await startRunbookRig(world);
  const environment = await buildEnvironment(rig.clients, { ingress: [FROM_ANYWHERE] });
  await rig.addInterface(environment);
  const list = await awsPrefixList(rig.clients, CLOUDFRONT_LIST);
  const { groupId } = environment;
  const executionId = nextRun();
  rig.proxy.forget();
  rig.proxy.strike({ fault: { kind } as Fault, operation, call, times: 'once' });

  const ended = await rig.fix(groupId, {}, { executionId });
  expect(rig.proxy.allStruck()).toBe(true);
  const rules = await ingressOf(rig, groupId);
  const granted = `80 ${list} OriginGuard ${executionId}`;
  const isOpen = rules.includes('80 0.0.0.0/0');
  expect([isOpen, rules.includes(granted)]).not.toEqual([false, false]);
  expect(rules.filter((rule) => rule !== granted && rule !== '80 0.0.0.0/0')).toEqual([]);
  const records = await recordsOf(rig, groupId);
  if (!isOpen) expect(Object.keys(records)).toEqual([executionId]);
  if (ended.status === 'Success') expect(isOpen).toBe(false);

  // Run again, everything is well, whatever was left; what is left of flaps is one run.
  expect(await rig.fix(groupId, {}, { executionId: nextRun() })).toMatchObject({ status: 'Success' });
  const again = await ingressOf(rig, groupId);
  expect(again).toHaveLength(1);
  expect(again[0]).toMatch(new RegExp(`^80 ${list} OriginGuard `));
});
