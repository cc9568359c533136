import type { z } from 'zod';
import type { GuideDocument } from '../../report/guide-json.js';
import {
  alb,
  albArn,
  albDns,
  distribution,
  listener,
  origin,
  run,
  writeFiles,
  type Json,
} from '../support/saved-files.js';

const PLANTED = 'planted-by-cloudfront-4711';
const FORWARD = [
  { Type: 'forward', TargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/1' },
];
const CLOSED = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }];
const LISTENER = `${albArn().replace(':loadbalancer/', ':listener/')}/443`;
const ruleArn = (id: string) => `${LISTENER.replace(':listener/', ':listener-rule/')}/${id}`;

const HEADERS = { CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'X-Origin-Verify', HeaderValue: PLANTED }] } };

function saved(defaults: Json[], rules: Json[] = [], headers: Json = HEADERS): string {
  return writeFiles({
    'load-balancers.json': { LoadBalancers: [alb()] },
    'listeners.json': { Listeners: [{ ...listener(443), ListenerArn: LISTENER, DefaultActions: defaults }] },
    'rules.json': {
      Rules: [
        ...rules,
        { RuleArn: ruleArn('default'), Priority: 'default', IsDefault: true, Conditions: [], Actions: defaults },
      ],
    },
    'distributions.json': {
      DistributionList: { Items: [distribution({ Origins: { Quantity: 1, Items: [origin(albDns(), headers)] } })] },
    },
  });
}

const VERIFYING = {
  RuleArn: ruleArn('a'),
  Priority: '10',
  IsDefault: false,
  Conditions: [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-origin-verify', Values: [PLANTED] } }],
  Actions: FORWARD,
};

const plan = async (folder: string, ...more: readonly string[]) => {
  const ran = await run(['plan', albArn(), '--from', folder, ...more]);
  expect(ran.stdout + ran.stderr).not.toContain('planted-');
  return ran;
};
const document = async (folder: string, ...more: readonly string[]) => {
  const { code, stdout } = await plan(folder, ...more, '--format', 'json');
  return { code, ...(JSON.parse(stdout) as z.infer<typeof GuideDocument>) };
};

test('an open default: 0, with the order', async () => {
  expect(await document(saved(FORWARD, [], {}))).toMatchObject({
    code: 0,
    decision: 'INTRODUCE',
    loadBalancerName: 'web',
    accountId: '111122223333',
    region: 'us-east-1',
    senders: [{ changes: true }],
    newRules: [{ priority: 1, besidePriority: 'default' }],
  });
  const { code, stdout } = await plan(saved(FORWARD, [], {}));
  expect([code, stdout]).toEqual([0, expect.stringContaining('1. Create the secret')]);
});

test('a header that is sent under the usual name, or the one that is named, is used as it is', async () => {
  expect(await document(saved(FORWARD))).toMatchObject({ senders: [{ changes: false }] });
  const { steps } = await document(saved(FORWARD), '--param', 'headerName=X-Origin-Verify');
  expect(steps.map(({ name }) => name)).toEqual(['accept', 'watch', 'close-default']);
});

test('nothing to do: 0, and --rotate plans a new value', async () => {
  const folder = saved(CLOSED, [VERIFYING]);
  expect(await document(folder)).toMatchObject({ code: 0, decision: 'NOOP', reasonCode: 'COMPLIANT', canRotate: true });
  expect((await plan(folder)).stdout).toContain(`--from ${folder} --rotate\n`);
  expect(await document(folder, '--rotate')).toMatchObject({ code: 0, decision: 'ROTATE' });
});

test('refused: 1', async () => {
  expect(await document(saved(FORWARD, [{ ...VERIFYING, Conditions: 'none' }]))).toMatchObject({
    code: 1,
    decision: 'REFUSE',
    reasonCode: 'LOOKUP_FAILED',
  });
  const other = await run(['plan', albArn('none'), '--from', saved(FORWARD), '--format', 'json']);
  expect([other.code, JSON.parse(other.stdout)]).toEqual([1, expect.objectContaining({ decision: 'REFUSE' })]);
});

test('as a script', async () => {
  const { code, stdout } = await plan(saved(FORWARD), '--format', 'aws-cli');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^#!\/usr\/bin\/env bash\n/)]);
});

test.each([
  [[albArn(), '--allow-swap'], '--allow-swap is for security groups; leave it out'],
  [['sg-0web', '--rotate'], '--rotate is for load balancers; leave it out'],
])('%j is refused before anything is read', async (argv, said) => {
  const ran = await run(['plan', ...argv, '--from', 'nowhere']);
  expect([ran.code, ran.stderr]).toEqual([2, `origin-guard: E1003: ${said}\n`]);
});
