import {
  albArn,
  compliantFiles,
  distribution,
  items,
  listener,
  origin,
  scan,
  type Files,
  type Json,
} from '../support/saved-files.js';

const HEADER = 'X-Origin-Verify';
const VALUE = 'made-up-value-one-0001';
const LISTENER = `${albArn().replace(':loadbalancer/', ':listener/')}/443`;
const RULE = LISTENER.replace(':listener/', ':listener-rule/');
const forward = [{ Type: 'forward', TargetGroupArn: 'tg' }];
const answer = [{ Type: 'fixed-response' }];

const checked = (overrides: Json = {}): Json => ({
  RuleArn: `${RULE}/a`,
  Priority: '10',
  IsDefault: false,
  Conditions: [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: HEADER, Values: [VALUE] } }],
  Actions: forward,
  ...overrides,
});
const byDefault: Json = { RuleArn: `${RULE}/d`, Priority: 'default', IsDefault: true, Conditions: [], Actions: answer };
const saved = (overrides: Files = {}): Files =>
  compliantFiles({
    'distributions.json': {
      DistributionList: {
        Items: [
          distribution({
            Origins: items([origin(undefined, { CustomHeaders: items([{ HeaderName: HEADER, HeaderValue: VALUE }]) })]),
          }),
        ],
      },
    },
    'listeners.json': { Listeners: [{ ...listener(), DefaultActions: answer }] },
    'rules.json': { Rules: [checked(), byDefault] },
    ...overrides,
  });

async function told(files: Files) {
  const { json, stderr } = await scan(files, '--rule', 'alb-origin-authenticated');
  const [only] = json.evaluations;
  return { verdict: only?.verdict, reasons: only?.findings.map(({ reason }) => reason), gaps: only?.gaps, stderr };
}

it('a file of rules says itself whose they are', async () => {
  expect(await told(saved())).toMatchObject({ verdict: 'COMPLIANT', stderr: '' });
});

it('rules in several files are joined, and two moments of one both count', async () => {
  const apart = { 'rules.json': { Rules: [byDefault] }, 'more.json': { Rules: [checked()] } };
  expect((await told(saved(apart))).verdict).toBe('COMPLIANT');
  const earlier = { 'more.json': { Rules: [checked({ Conditions: [] })] } };
  expect(await told(saved(earlier))).toMatchObject({ reasons: ['rule-forwards-without-header'] });
});

test.each<readonly [string, Files, string]>([
  ['rules that nobody saved', { 'rules.json': { PrefixLists: [] } }, `rules of ${LISTENER}`],
  ['rules without the default one', { 'rules.json': { Rules: [checked()] } }, `rules of ${LISTENER}`],
  ['rules that go on', { 'rules.json': { Rules: [checked(), byDefault], NextMarker: 'more' } }, `rules of ${LISTENER}`],
  ['listeners that nobody saved', { 'listeners.json': { PrefixLists: [] } }, `listeners of ${albArn()}`],
  [
    'listeners that go on',
    { 'listeners.json': { Listeners: [{ ...listener(), DefaultActions: answer }], NextMarker: 'more' } },
    `listeners of ${albArn()}`,
  ],
])('%s are a gap that names the command', async (_, files, fact) => {
  const { verdict, gaps } = await told(saved(files));
  expect(verdict).toBe('INDETERMINATE');
  expect(gaps?.[0]).toMatchObject({ fact, detail: expect.stringContaining('aws elbv2 describe-') });
});

it('rules of a listener that was not saved show that the listeners are not all there', async () => {
  const other = LISTENER.replace(/443$/, '8080');
  const open = { ...byDefault, RuleArn: `${other.replace(':listener/', ':listener-rule/')}/d`, Actions: forward };
  const { verdict, gaps } = await told(saved({ 'more.json': { Rules: [open] } }));
  expect(verdict).toBe('INDETERMINATE');
  expect(gaps).toMatchObject([
    {
      fact: `listeners of ${albArn()}`,
      cause: 'incomplete',
      detail: expect.stringContaining(`the rules of ${other} are`),
    },
  ]);
});

it('listeners of AWS Config show an open default, and leave the rest to tell', async () => {
  const item = (DefaultActions: unknown): Files => ({
    'listeners.json': {
      configurationItems: [
        {
          resourceType: 'AWS::ElasticLoadBalancingV2::Listener',
          resourceId: LISTENER,
          configurationItemStatus: 'OK',
          configuration: { ...listener(), DefaultActions },
        },
      ],
    },
    'rules.json': { PrefixLists: [] },
  });
  expect(await told(saved(item(forward)))).toMatchObject({ reasons: ['default-action-forwards'] });
  expect(await told(saved(item(answer)))).toMatchObject({ verdict: 'INDETERMINATE', reasons: [] });
});

it('an item of AWS Config does not stand for the pages of listeners that are missing', async () => {
  const one = { ...listener(), DefaultActions: answer };
  const { verdict, gaps } = await told(
    saved({
      'listeners.json': { Listeners: [one], NextMarker: 'more' },
      'item.json': {
        configurationItems: [
          {
            resourceType: 'AWS::ElasticLoadBalancingV2::Listener',
            resourceId: LISTENER,
            configurationItemStatus: 'OK',
            configuration: one,
          },
        ],
      },
    }),
  );
  expect(verdict).toBe('INDETERMINATE');
  expect(gaps).toMatchObject([{ fact: `listeners of ${albArn()}`, cause: 'incomplete' }]);
});

it('rules of other services are passed over with a warning', async () => {
  const { verdict, stderr } = await told(saved({ 'events.json': { Rules: [{ Name: 'nightly', State: 'ENABLED' }] } }));
  expect(verdict).toBe('COMPLIANT');
  expect(stderr).toContain('no key of this file is recognized');
});

describe('damaged input is never a pass that the whole input would not be', () => {
  const open: Files = {
    'rules.json': { Rules: [checked(), checked({ RuleArn: `${RULE}/b`, Priority: '20', Conditions: [] }), byDefault] },
  };
  const damages = [undefined, null, 7, 'text', [], {}];
  const second = (open['rules.json'] as { Rules: readonly Json[] }).Rules[1] ?? {};
  const cases = Object.keys(second).flatMap((key) => damages.map((value) => [key, value] as const));

  test.each(cases)('%s = %j in a rule that is open', async (key, value) => {
    const rule = { ...second, [key]: value };
    const { verdict } = await told(saved({ 'rules.json': { Rules: [checked(), rule, byDefault] } })).catch(() => ({
      verdict: 'refused',
    }));
    expect(verdict).not.toBe('COMPLIANT');
  });

  const fields = Object.keys({ ...listener(), DefaultActions: 1 }).flatMap((key) =>
    damages.map((value) => [key, value] as const),
  );
  test.each(fields)('%s = %j of a listener whose default is open', async (key, value) => {
    const damaged = { ...listener(), DefaultActions: forward, [key]: value };
    const files = saved({
      'listeners.json': { Listeners: [damaged] },
      'rules.json': { Rules: [byDefault, checked()] },
    });
    const { verdict } = await told(files).catch(() => ({ verdict: 'refused' }));
    // What the default rule says is then all there is, and it answers.
    if (!(key === 'DefaultActions' || key === 'Port' || key === 'Protocol')) expect(verdict).not.toBe('COMPLIANT');
    if (key === 'DefaultActions') expect(verdict).toBe('INDETERMINATE');
  });
});

describe('a load balancer without listeners', () => {
  const none = (name: string, content: Json = { Listeners: [] }): Files => ({
    ...saved({ [name]: content }),
    'listeners.json': { Listeners: [] },
    'rules.json': { Rules: [] },
  });
  const unseen = { verdict: 'INDETERMINATE', gaps: [{ fact: `listeners of ${albArn()}` }] };

  it('has none, where the name of the file says whose list is empty', async () => {
    expect(await told(none('describe-listeners-app_web_50dc6c495c0c9188-1.json'))).toMatchObject({
      verdict: 'COMPLIANT',
      gaps: [],
    });
  });

  it.each([
    'listeners-app_other_50dc6c495c0c9188.json',
    'listeners-app_web_50dc6c495c0c9188a.json',
    'listeners-web.json',
    'listeners-myapp_web_50dc6c495c0c9188.json',
  ])('is not told by an empty list in %s', async (name) => {
    expect(await told(none(name))).toMatchObject(unseen);
  });

  it('is not told by a page that another one follows', async () => {
    const page = { Listeners: [], NextMarker: 'more' };
    expect(await told(none('describe-listeners-app_web_50dc6c495c0c9188-1.json', page))).toMatchObject(unseen);
  });

  it('is not told by the name of a file that holds the listeners of others', async () => {
    const others = { Listeners: [listener(443, albArn('other'))] };
    expect(await told(none('describe-listeners-app_web_50dc6c495c0c9188-1.json', others))).toMatchObject(unseen);
  });

  it('has those that another file holds', async () => {
    const files = saved({ 'describe-listeners-app_web_50dc6c495c0c9188-1.json': { Listeners: [] } });
    expect(await told({ ...files, 'rules.json': { Rules: [] } })).toMatchObject({ verdict: 'INDETERMINATE' });
    expect(await told(files)).toMatchObject({ verdict: 'COMPLIANT' });
  });
});
