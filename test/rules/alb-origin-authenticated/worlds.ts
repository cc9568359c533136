import * as fc from 'fast-check';
import { known } from '../../../core/fact.js';
import { ListenerItem, RuleItem, sealRule } from '../../../wire/listeners.js';
import { lowerFirstKeys } from '../../../wire/shared.js';
import type { AlbOriginFacts, ListenerFacts } from '../../../rules/alb-origin-authenticated/facts.js';
import { adds, authFacts, connects, digest, HEADER, listenerArn, ruleArn, way } from '../../support/auth-builders.js';
import { arnOf, distributionId, path } from '../../support/builders.js';
import { forwards, type PlainCondition, type PlainListener, type Request } from '../../support/request-simulator.js';

export const STRONG = [
  'made-up-value-one-0001',
  'made-up-value-two-0002',
  'made-up-value-six-0003',
  'made-up-value-ten-0004',
] as const;
const WEAK = 'prod';
const SECOND = 'x-env';
const NAMES = [HEADER, SECOND, 'user-agent'] as const;

/** What one way from CloudFront brings along. */
export interface PlainWay {
  readonly headers: Readonly<Record<string, string>>;
  readonly policy: 'http-only' | 'https-only' | 'match-viewer';
  readonly hasCertificate: boolean;
}

export interface PlainWorld {
  readonly ways: readonly PlainWay[];
  readonly listeners: readonly PlainListener[];
}

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const sentHeaders = fc.record(
  { [HEADER]: oneOf(...STRONG, STRONG[0], WEAK), [SECOND]: oneOf(STRONG[1], WEAK) },
  { requiredKeys: [] },
);

const plainWay: fc.Arbitrary<PlainWay> = fc.record({
  headers: sentHeaders as fc.Arbitrary<Readonly<Record<string, string>>>,
  policy: oneOf('http-only', 'https-only', 'match-viewer'),
  hasCertificate: fc.boolean(),
});

const values = fc.oneof(
  { weight: 6, arbitrary: fc.subarray([...STRONG], { minLength: 1, maxLength: 3 }).map((Values) => ({ Values })) },
  { weight: 1, arbitrary: oneOf([WEAK], [STRONG[0], WEAK]).map((Values) => ({ Values })) },
  { weight: 1, arbitrary: oneOf(['*'], ['prod?'], [STRONG[0], '*up*']).map((Values) => ({ Values })) },
  { weight: 1, arbitrary: oneOf([STRONG[0].toUpperCase()], [STRONG[1]]).map((Values) => ({ Values })) },
  {
    weight: 1,
    arbitrary: oneOf([`^${STRONG[0]}$`], ['.*'], ['^prod|dev$'], [STRONG[1]]).map((RegexValues) => ({ RegexValues })),
  },
);

const headerCondition: fc.Arbitrary<PlainCondition> = fc
  .tuple(oneOf(HEADER, HEADER, HEADER, 'X-Origin-Verify', SECOND, 'user-agent'), values)
  .map(([HttpHeaderName, given]) => ({ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName, ...given } }));

const pathCondition: fc.Arbitrary<PlainCondition> = oneOf(['/admin*'], ['*'], ['/a', '/?dmin']).map((Values) => ({
  Field: 'path-pattern',
  PathPatternConfig: { Values },
}));

const condition = fc.oneof({ weight: 4, arbitrary: headerCondition }, { weight: 1, arbitrary: pathCondition });

const FORWARDS = [{ Type: 'forward' }];
const actions = fc.oneof(
  { weight: 6, arbitrary: fc.constant(FORWARDS) },
  {
    weight: 4,
    arbitrary: oneOf(
      [{ Type: 'fixed-response' }],
      [{ Type: 'redirect' }],
      [{ Type: 'authenticate-oidc' }, ...FORWARDS],
      [{ Type: 'jwt-validation' }, ...FORWARDS],
      [{ Type: 'authenticate-oidc' }, { Type: 'fixed-response' }],
    ),
  },
);

const rules = fc
  .array(fc.tuple(fc.array(condition, { minLength: 1, maxLength: 3 }), actions), { maxLength: 3 })
  .chain((given) =>
    fc
      .shuffledSubarray([1, 2, 3, 10, 20], { minLength: given.length, maxLength: given.length })
      .map((numbers) =>
        given.map(([Conditions, Actions], at) => ({ Priority: String(numbers[at]), Conditions, Actions })),
      ),
  );

const plainListener = (port: number): fc.Arbitrary<PlainListener> =>
  fc.record({
    port: fc.constant(port),
    mode: fc.oneof(
      { weight: 5, arbitrary: fc.constant('off' as const) },
      { weight: 2, arbitrary: oneOf('passthrough' as const, 'verify' as const) },
    ),
    rules,
    defaultActions: fc.oneof(
      { weight: 6, arbitrary: fc.constant([{ Type: 'fixed-response' }]) },
      { weight: 2, arbitrary: actions },
    ),
  });

export const plainWorlds: fc.Arbitrary<PlainWorld> = fc.record({
  ways: fc.array(plainWay, { minLength: 1, maxLength: 2 }),
  listeners: fc
    .tuple(
      fc.option(plainListener(80), { nil: null }),
      fc.option(plainListener(443), { nil: null }),
      fc.option(plainListener(8443), { nil: null, freq: 2 }),
    )
    .map((all) => all.filter((each) => each !== null)),
});

/** The facts of a world, read from what AWS would print of it. */
export const factsOf = ({ ways, listeners }: PlainWorld): AlbOriginFacts =>
  authFacts({
    ways: ways.map(({ headers, policy, hasCertificate }, at) =>
      way({
        path: path({ distributionId: distributionId(`E${String(at)}`) }),
        headers: known(Object.entries(headers).map(([name, value]) => adds(value, name))),
        custom: connects({ protocolPolicy: policy, ...(hasCertificate ? { clientCertificateArn: 'arn' } : {}) }),
      }),
    ),
    listeners: known(listeners.map(listenerOf)),
  });

function listenerOf({ port, mode, rules: own, defaultActions }: PlainListener): ListenerFacts {
  const { loadBalancerArn: _, ...listener } = ListenerItem.parse(
    lowerFirstKeys({
      ListenerArn: listenerArn(port),
      LoadBalancerArn: arnOf('web'),
      Port: port,
      DefaultActions: defaultActions,
      MutualAuthentication: { Mode: mode, TrustStoreArn: 'ts' },
    }),
  );
  const all = [...own, { Priority: 'default', Conditions: [], Actions: defaultActions }];
  const read = all.map((each) =>
    sealRule(RuleItem.parse(lowerFirstKeys({ RuleArn: ruleArn(port, each.Priority), ...each })), digest),
  );
  return { listener, rules: known(read) };
}

const originPortsOf = ({ policy }: PlainWay): readonly number[] =>
  ({ 'http-only': [80], 'https-only': [443], 'match-viewer': [80, 443] })[policy];

const isStrong = (text: string): boolean => text.length >= 16 && !/[*?]/.test(text);

/** What a condition on a header accepts under a name, where it asks for nothing but long values. */
function strongValues(condition: PlainCondition, name: string): readonly string[] | null {
  if (condition.Field !== 'http-header' || condition.HttpHeaderConfig.HttpHeaderName.toLowerCase() !== name)
    return null;
  const { Values = [], RegexValues = [] } = condition.HttpHeaderConfig;
  const all = [...Values, ...RegexValues.map((text) => text.replaceAll(/[$^]/g, ''))].map((text) => text.toLowerCase());
  return all.every(isStrong) ? all : null;
}

/**
 * What strangers do not know: what is sent under a name, and one value more for each of them that is also accepted. Of
 * the conditions of a rule the strictest counts, since all must hold.
 */
function secretsUnder(name: string, { ways, listeners }: PlainWorld): ReadonlySet<string> {
  const sentAs = (header: string) => new Set(ways.flatMap(({ headers }) => headers[header] ?? []).filter(isStrong));
  const strictest = ({ Conditions }: PlainListener['rules'][number]) =>
    Conditions.flatMap((each) => NAMES.map((header) => [header, strongValues(each, header)] as const))
      .flatMap(([header, all]) => {
        if (all === null) return [];
        const sent = all.filter((value) => sentAs(header).has(value));
        return [{ header, sent, unsent: all.filter((value) => !sentAs(header).has(value)) }];
      })
      .sort((x, y) => Number(x.sent.length === 0) - Number(y.sent.length === 0) || x.unsent.length - y.unsent.length)
      .slice(0, 1);
  const counted = listeners
    .filter(({ mode }) => mode !== 'verify')
    .flatMap(({ rules: own }) => own.filter(({ Actions }) => Actions.some(({ Type }) => Type === 'forward')))
    .flatMap(strictest)
    .filter(({ header }) => header === name);
  const unsent = new Set(counted.flatMap((each) => each.unsent));
  const isRotation = unsent.size <= new Set(counted.flatMap((each) => each.sent)).size;
  return new Set([...sentAs(name), ...(isRotation ? unsent : [])]);
}

/** Requests of strangers: every header that matters, absent or with a value that strangers know. */
export function attacks(world: PlainWorld): readonly Request[] {
  const choices = NAMES.map((name) => {
    const secrets = secretsUnder(name, world);
    return [undefined, WEAK, 'prods', 'up', ...STRONG].filter((value) => value === undefined || !secrets.has(value));
  });
  const [verify = [], second = [], agent = []] = choices;
  return verify.flatMap((a) =>
    second.flatMap((b) =>
      agent.flatMap((c) =>
        ['/a', '/admin'].map((at): Request => {
          const headers = Object.fromEntries(
            NAMES.map((name, index) => [name, [a, b, c][index]] as const).filter(([, value]) => value !== undefined),
          ) as Record<string, string>;
          return { path: at, headers, hasCertificate: false };
        }),
      ),
    ),
  );
}

/** Whether a stranger's request is forwarded by any listener. */
export const isOpen = (world: PlainWorld): boolean =>
  world.listeners.some((listener) => attacks(world).some((request) => forwards(listener, request)));

/** Whether a listener forwards something, and nothing of what CloudFront sends there by one way. */
export const isOutage = (world: PlainWorld): boolean =>
  world.ways.some((each) =>
    world.listeners
      .filter(({ port }) => originPortsOf(each).includes(port))
      .some((listener) => {
        const mayForward = [...listener.rules.map(({ Actions }) => Actions), listener.defaultActions].some((own) =>
          own.some(({ Type }) => Type === 'forward'),
        );
        if (listener.mode === 'verify') return !each.hasCertificate;
        const own = ['/a', '/admin'].flatMap((at) =>
          [undefined, ...STRONG, WEAK, 'prods'].flatMap((agent) =>
            [undefined, ...STRONG, WEAK].map((second): Request => ({
              path: at,
              headers: {
                // A viewer may send what CloudFront does not add.
                ...(agent === undefined ? {} : { [HEADER]: agent }),
                ...(agent === undefined ? {} : { 'user-agent': agent }),
                ...(second === undefined ? {} : { [SECOND]: second }),
                ...each.headers,
              },
              hasCertificate: each.hasCertificate,
            })),
          ),
        );
        return (
          mayForward &&
          !own.some((request) =>
            forwards(
              {
                ...listener,
                rules: listener.rules.filter(({ Actions }) => Actions.some(({ Type }) => Type === 'forward')),
              },
              request,
            ),
          )
        );
      }),
  );
