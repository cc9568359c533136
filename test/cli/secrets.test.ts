import { inspect } from 'node:util';
import { selectRules } from '../../rules/registry.js';
import { readSnapshot } from '../../snapshot/read-snapshot.js';
import { toAsff } from '../../report/asff.js';
import { AccountId, Region } from '../../core/ids.js';
import { leaksIn, PLANTED } from '../support/planted-secrets.js';
import {
  ACCOUNT,
  albArn,
  compliantFiles,
  distribution,
  items,
  listener,
  NOW,
  origin,
  REGION,
  run,
  writeFiles,
  type Files,
  type Json,
} from '../support/saved-files.js';

const HEADER = 'X-Origin-Verify';
const RULE = `${albArn().replace(':loadbalancer/', ':listener-rule/')}/443`;
const forward = [{ Type: 'forward', TargetGroupArn: 'tg' }];

const adds = (HeaderValue: unknown): Json => ({ CustomHeaders: items([{ HeaderName: HEADER, HeaderValue }]) });
const distributionWith = (overrides: Json): Json => distribution({ Origins: items([origin(undefined, overrides)]) });
const rules = (config: unknown): Json => ({
  Rules: [
    {
      RuleArn: `${RULE}/a`,
      Priority: '10',
      Conditions: [{ Field: 'http-header', HttpHeaderConfig: config }],
      Actions: forward,
    },
    {
      RuleArn: `${RULE}/d`,
      Priority: 'default',
      IsDefault: true,
      Conditions: [],
      Actions: [{ Type: 'fixed-response' }],
    },
  ],
});
const compares = (more: Json = {}): Json => ({ HttpHeaderName: HEADER, Values: [PLANTED.accepted], ...more });

const files = (overrides: Files = {}): Files =>
  compliantFiles({
    'distributions.json': { DistributionList: { Items: [distributionWith(adds(PLANTED.sent))] } },
    'listeners.json': { Listeners: [listener()] },
    'rules.json': rules(compares()),
    ...overrides,
  });

const channels: Readonly<Record<string, Files>> = {
  'both sides differ': files(),
  'both sides agree': files({ 'rules.json': rules(compares({ Values: [PLANTED.sent] })) }),
  'a wildcard and a regular expression': files({
    'rules.json': rules(compares({ Values: [PLANTED.accepted, PLANTED.wildcard], RegexValues: [PLANTED.regex] })),
  }),
  'two moments of a distribution': files({
    'again.json': { DistributionList: { Items: [distributionWith(adds(PLANTED.recorded))] } },
  }),
  'an item of AWS Config': files({
    'item.json': {
      configurationItems: [
        {
          resourceType: 'AWS::CloudFront::Distribution',
          resourceId: 'E1WEB',
          configurationItemStatus: 'OK',
          awsAccountId: ACCOUNT,
          configuration: {
            id: 'E1WEB',
            distributionConfig: {
              enabled: true,
              origins: {
                items: [
                  {
                    id: 'o',
                    domainName: 'x.example.com',
                    customHeaders: { quantity: 1, items: [{ headerName: HEADER, headerValue: PLANTED.recorded }] },
                  },
                ],
              },
            },
          },
        },
      ],
    },
  }),
  ...Object.fromEntries(
    ([[PLANTED.misplaced], { a: PLANTED.misplaced }, 7, null] as const).map((value) => [
      `a header whose value is ${JSON.stringify(value)}`,
      files({ 'distributions.json': { DistributionList: { Items: [distributionWith(adds(value))] } } }),
    ]),
  ),
  ...Object.fromEntries(
    [PLANTED.misplaced, { Items: PLANTED.misplaced }, { Quantity: 9, Items: [PLANTED.misplaced] }].map((value) => [
      `headers that are ${JSON.stringify(value)}`,
      files({ 'distributions.json': { DistributionList: { Items: [distributionWith({ CustomHeaders: value })] } } }),
    ]),
  ),
  ...Object.fromEntries(
    [
      PLANTED.misplaced,
      [PLANTED.misplaced],
      compares({ Values: PLANTED.misplaced }),
      compares({ Values: [[PLANTED.misplaced]] }),
      compares({ HttpHeaderName: 7 }),
    ].map((config) => [`a condition that is ${JSON.stringify(config)}`, files({ 'rules.json': rules(config) })]),
  ),
};

describe.each(Object.entries(channels))('no value is shown: %s', (_, given) => {
  const folder = () => writeFiles(given);

  test.each([
    ['scan', '--format', 'json'],
    ['scan', '--format', 'table'],
    ['explain', 'web'],
    ['explain', 'web', '--format', 'json'],
    ['plan', 'sg-0web'],
    ['plan', albArn()],
    ['plan', albArn(), '--rotate'],
    ['plan', albArn(), '--format', 'json'],
    ['plan', albArn(), '--rotate', '--format', 'aws-cli'],
    ['scan', '--param', 'headerName=X-Origin-Verify', '--param', 'minSecretLength=128'],
    ['scan', '--param', 'wafChecksHeader=trust'],
  ])('%s %s %s %s %s', async (...args) => {
    const { stdout, stderr } = await run([...args.filter((word) => typeof word === 'string'), '--from', folder()]);
    expect(leaksIn(stdout + stderr)).toEqual([]);
    expect(stdout + stderr).not.toBe('');
  });

  it('in findings of Security Hub, and in facts that somebody prints', async () => {
    const [rule] = selectRules(['alb-origin-authenticated']);
    const { ports } = await readSnapshot([folder()], {
      flags: { accountId: null, region: null },
      cloudfrontPrefixLists: [],
    });
    const read = [
      (await ports.distributions()).items,
      await ports.listeners(albArn() as never),
      await ports.listenerRules(`${albArn().replace(':loadbalancer/', ':listener/')}/443` as never),
    ];
    expect(leaksIn(inspect(read, { depth: null }) + JSON.stringify(read))).toEqual([]);
    const run = await rule?.prepare({})(ports, NOW);
    const at = { accountId: AccountId.parse(ACCOUNT), region: Region.parse(REGION), partition: 'aws' };
    const found = (run?.judgements ?? []).map((judgement) =>
      toAsff(judgement, { meta: rule!.meta, at, distributionAccountId: null, now: NOW, held: null }),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(leaksIn(JSON.stringify(found))).toEqual([]);
  });
});

test('an error that cannot read a file of secrets shows none, nor has it in what it carries', async () => {
  const item = (configuration: string): Json => ({
    configurationItems: [{ resourceType: 'AWS::CloudFront::Distribution', resourceId: 'E1WEB', configuration }],
  });
  const unquoted = JSON.stringify(rules(compares())).replace(`"${PLANTED.accepted}"`, PLANTED.accepted);
  for (const broken of [
    { Rules: [{ RuleArn: { a: PLANTED.misplaced }, Conditions: [], Actions: [] }] },
    { Listeners: [{ ListenerArn: PLANTED.misplaced, LoadBalancerArn: albArn(), Port: {} }] },
    { Rules: [PLANTED.misplaced] },
    { Listeners: PLANTED.misplaced },
    { Distribution: PLANTED.misplaced },
    { DistributionList: PLANTED.misplaced },
    { DistributionList: { Items: [PLANTED.misplaced] } },
    { DistributionList: { Items: PLANTED.misplaced } },
    { configurationItems: [PLANTED.misplaced] },
    item(PLANTED.misplaced),
    item(JSON.stringify(PLANTED.misplaced)),
    item(`{"headerValue": ${PLANTED.misplaced}}`),
    unquoted,
    unquoted.replace(PLANTED.accepted, `'${PLANTED.accepted}'`),
    `{"Rules": [${PLANTED.misplaced}]}`,
    `{"HeaderValue": ${PLANTED.misplaced}}`,
  ]) {
    const folder = writeFiles({ 'broken.json': broken });
    const { code, stdout, stderr } = await run(['scan', '--from', folder]);
    expect([code, broken]).toEqual([2, broken]);
    expect(leaksIn(stdout + stderr)).toEqual([]);
    const raised: unknown = await readSnapshot([folder], {
      flags: { accountId: null, region: null },
      cloudfrontPrefixLists: [],
    }).catch((error: unknown) => error);
    expect(leaksIn(inspect(raised, { depth: null }))).toEqual([]);
  }
});
