import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { headerDigest } from '../../../aws/header-digest.js';
import { readListenerRules, readListeners } from '../../../aws/read/listeners.js';
import { known } from '../../../core/fact.js';
import { ListenerArn } from '../../../core/ids.js';
import { SecretText } from '../../../core/model/header-value.js';
import { portsOf } from '../../../core/model/listener.js';
import { arnOf } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const WEB = arnOf('web');
const LISTENER = ListenerArn.parse(`${WEB.replace(':loadbalancer/', ':listener/')}/f2f7dc8efc522ab2`);
const ruleArn = (id: string): string => `${LISTENER.replace(':listener/', ':listener-rule/')}/${id}`;

let session: ReturnType<typeof testSession>;
let elbv2: AwsClientStub<ElasticLoadBalancingV2Client>;

beforeEach(() => {
  session = testSession();
  elbv2 = mockClient(session.clients.elbv2);
});

describe('readListeners', () => {
  const listener = (Port?: number, rest: Partial<Listener> = {}): Listener => ({
    LoadBalancerArn: WEB,
    ListenerArn: LISTENER,
    Port,
    ...rest,
  });

  test('gives every listener, from every page; their ports come once each and in order', async () => {
    elbv2
      .on(DescribeListenersCommand, { LoadBalancerArn: WEB })
      .resolves({ Listeners: [listener(8443), listener(443)], NextMarker: 'more' })
      .on(DescribeListenersCommand, { LoadBalancerArn: WEB, Marker: 'more' })
      .resolves({ Listeners: [listener(80), listener(443), listener()] });
    expect(portsOf(await readListeners(session, WEB))).toEqual(known([80, 443, 8443]));
  });

  test('says what a verdict asks of a listener', async () => {
    elbv2.on(DescribeListenersCommand).resolves({
      Listeners: [
        listener(443, {
          Protocol: 'HTTPS',
          DefaultActions: [{ Type: 'forward', TargetGroupArn: 'tg' }],
          MutualAuthentication: { Mode: 'verify', TrustStoreArn: 'ts', TrustStoreAssociationStatus: 'active' },
        }),
      ],
    });
    await expect(readListeners(session, WEB)).resolves.toEqual(
      known([
        {
          arn: LISTENER,
          port: 443,
          protocol: 'HTTPS',
          mutualAuthentication: { mode: 'verify', trustStoreArn: 'ts', isRemoved: false },
          defaultActions: [{ type: 'forward', targetGroupArns: ['tg'] }],
        },
      ]),
    );
  });

  test('a load balancer without listeners has none', async () => {
    elbv2.on(DescribeListenersCommand).resolves({ Listeners: [] });
    await expect(readListeners(session, WEB)).resolves.toEqual(known([]));
  });

  test('a refusal is a gap', async () => {
    elbv2.on(DescribeListenersCommand).rejects(awsError('AccessDenied'));
    await expect(readListeners(session, WEB)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: `listeners of ${WEB}`,
        cause: 'access-denied',
        detail: expect.stringContaining('allow elasticloadbalancing:DescribeListeners') as string,
      },
    });
  });

  test('throttling is an error', async () => {
    elbv2.on(DescribeListenersCommand).rejects(awsError('Throttling'));
    await expect(readListeners(session, WEB)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([
    [{}],
    [{ Listeners: [{ Port: 443 }] }],
    [{ Listeners: [{ LoadBalancerArn: WEB, Port: 'https' as never }] }],
  ])('%j is an error', async (answer) => {
    elbv2.on(DescribeListenersCommand).resolves(answer);
    await expect(readListeners(session, WEB)).rejects.toMatchObject({ code: 'E2006' });
  });
});

describe('readListenerRules', () => {
  const byDefault: Rule = {
    RuleArn: ruleArn('9683b2d02a6cabee'),
    Priority: 'default',
    IsDefault: true,
    Conditions: [],
    Actions: [{ Type: 'fixed-response' }],
  };
  const checked: Rule = {
    RuleArn: ruleArn('0a1b'),
    Priority: '10',
    IsDefault: false,
    Conditions: [
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Verify', Values: ['planted-secret'] } },
    ],
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'tg', Weight: 0 }] } }],
  };

  test('gives every rule, from every page, with the values sealed', async () => {
    elbv2
      .on(DescribeRulesCommand, { ListenerArn: LISTENER })
      .resolves({ Rules: [checked], NextMarker: 'more' })
      .on(DescribeRulesCommand, { ListenerArn: LISTENER, Marker: 'more' })
      .resolves({ Rules: [byDefault] });
    const rules = await readListenerRules(session, LISTENER);
    expect(rules).toEqual(
      known([
        {
          arn: checked.RuleArn,
          listenerArn: LISTENER,
          priority: '10',
          conditions: [
            {
              kind: 'http-header',
              name: 'X-Verify',
              accepted: [
                { kind: 'literal', value: new SecretText('planted-secret').seal(headerDigest), from: 'value' },
              ],
            },
          ],
          actions: [{ type: 'forward', targetGroupArns: ['tg'] }],
        },
        {
          arn: byDefault.RuleArn,
          listenerArn: LISTENER,
          priority: 'default',
          conditions: [],
          actions: [{ type: 'fixed-response' }],
        },
      ]),
    );
    expect(JSON.stringify(rules)).not.toContain('planted');
  });

  test('without a default rule the answer is not whole', async () => {
    elbv2.on(DescribeRulesCommand).resolves({ Rules: [checked] });
    await expect(readListenerRules(session, LISTENER)).resolves.toMatchObject({
      gap: { fact: `rules of ${LISTENER}`, cause: 'incomplete' },
    });
  });

  test('a refusal is a gap', async () => {
    elbv2.on(DescribeRulesCommand).rejects(awsError('AccessDenied'));
    await expect(readListenerRules(session, LISTENER)).resolves.toMatchObject({
      gap: {
        fact: `rules of ${LISTENER}`,
        cause: 'access-denied',
        detail: expect.stringContaining('allow elasticloadbalancing:DescribeRules') as string,
      },
    });
  });

  test.each([[{}], [{ Rules: [{ Priority: '1' }] }], [{ Rules: [{ RuleArn: 'planted-secret' }] }]])(
    '%j is an error that shows nothing of it',
    async (answer) => {
      elbv2.on(DescribeRulesCommand).resolves(answer);
      const error = await readListenerRules(session, LISTENER).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'E2006' });
      expect(String(error)).not.toContain('planted');
    },
  );
});
