import type { ServerResponse } from 'node:http';
import { GetComplianceDetailsByConfigRuleCommand } from '@aws-sdk/client-config-service';
import { DescribeManagedPrefixListsCommand } from '@aws-sdk/client-ec2';
import { startBudget } from '../../aws/budget.js';
import { makeClients } from '../../aws/clients.js';
import { CallCounter } from '../../aws/middleware/count-calls.js';
import { readOne, type SendOptions } from '../../aws/read/pages.js';
import { readPrefixLists } from '../../aws/read/prefix-lists.js';
import { known } from '../../core/fact.js';
import { version } from '../../package.json';
import { REGION } from '../support/builders.js';
import { localAws, whole, type LocalAws } from './support/local-aws.js';
import { CREDENTIALS, testSession } from './support/session.js';

const NO_LISTS = whole('<R><prefixListSet/></R>');

describe('makeClients', () => {
  const clients = Object.entries(makeClients({ region: REGION, credentials: CREDENTIALS, counter: new CallCounter() }));

  test.each(clients)('%s tries five times, adaptively, in the given Region', async (_, { config }) => {
    await expect(config.retryStrategy()).resolves.toMatchObject({ mode: 'adaptive' });
    await expect(config.maxAttempts()).resolves.toBe(5);
    await expect(config.region()).resolves.toBe(REGION);
  });

  test.each(clients)('%s takes turns, counts, and lets only whole answers through', (_, { middlewareStack }) => {
    const order = middlewareStack
      .identify()
      .flatMap((name: string) => /originGuard\w+|deserializerM|retryM/.exec(name)?.[0] ?? []);
    expect(order).toEqual([
      'originGuardCountCalls',
      'originGuardTakeTurns',
      'retryM',
      'originGuardCountAttempts',
      'originGuardParsedAnswers',
      'deserializerM',
      'originGuardWholeAnswers',
    ]);
  });

  test.each(clients)('%s waits ten seconds for an answer, and no longer', async (_, { config }) => {
    const handler = config.requestHandler as { readonly configProvider?: Promise<unknown> };
    await expect(handler.configProvider).resolves.toMatchObject({
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
      socketTimeout: 10_000,
      connectionTimeout: 3_000,
    });
  });
});

describe('a client', () => {
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await localAws();
  });
  afterAll(() => aws.close());

  test('tells AWS who asks', async () => {
    aws.answer(NO_LISTS);
    await aws.clients.ec2.send(new DescribeManagedPrefixListsCommand({}));
    expect(` ${String(aws.requests[0]?.headers['user-agent'])} `).toContain(` origin-guard/${version} `);
  });

  test('asks eight questions at a time, and the others when an answer has come', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): number => warnings.push(name);
    process.on('warning', onWarning);
    const open: ServerResponse[] = [];
    let most = 0;
    aws.answer((response) => {
      open.push(response);
      most = Math.max(most, open.length);
      setTimeout(() => {
        open.splice(open.indexOf(response), 1);
        NO_LISTS(response);
      }, 10);
    });
    const session = testSession({ clients: aws.clients });
    const answers = await Promise.all(Array.from({ length: 40 }, () => readPrefixLists(session)));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(answers).toEqual(Array.from({ length: 40 }, () => known([])));
    expect(most).toBe(8);
    expect(aws.counter).toMatchObject({ total: 40, attempts: 40 });
    expect(warnings).not.toContain('MaxListenersExceededWarning');
  });

  test('asks again when AWS throttles it, and then says how often it did', async () => {
    aws.answer(whole('{"__type":"ThrottlingException","message":"Rate exceeded"}', 400));
    const session = testSession({ clients: aws.clients });
    const question = {
      fact: 'results',
      what: 'results',
      action: 'config:GetComplianceDetailsByConfigRule',
      command: 'get-compliance-details-by-config-rule',
      page: (_: unknown, options: SendOptions) =>
        session.clients.config.send(new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: 'rule' }), options),
    };
    await expect(readOne(session, question)).rejects.toMatchObject({
      code: 'E2001',
      detail: expect.stringContaining('ThrottlingException: Rate exceeded (after 2 attempts)'),
    });
    expect(aws.counter).toMatchObject({ total: 1, attempts: 2 });
  });

  test('gives up at once, and lets go of its connections, when the time is over', async () => {
    const closed: Promise<unknown>[] = [];
    aws.answer((response) => {
      closed.push(new Promise((resolve) => response.on('close', resolve)));
    });
    const session = testSession({ clients: aws.clients, budget: startBudget(1_500) });
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => readPrefixLists(session)));
    expect(answers.map((answer) => answer.status === 'rejected' && answer.reason.code)).toEqual(
      Array.from({ length: 20 }, () => 'E2005'),
    );
    expect(closed).toHaveLength(8);
    await Promise.all(closed);
  });
});
