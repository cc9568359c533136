import { known } from '../../core/fact.js';
import { OriginGuardError } from '../../core/errors.js';
import { SEVERITIES } from '../../core/rule.js';
import { RULES, selectRules } from '../../rules/registry.js';
import {
  ACCOUNT,
  admitting,
  arnOf,
  distribution,
  dnsNameOf,
  fromCidr,
  groupId,
  hidden,
  loadBalancer,
  NOW,
  open,
  origin,
  OTHER_ACCOUNT,
  path,
  REGION,
  securityGroup,
} from '../support/builders.js';
import { fakePorts, type World } from '../support/fake-ports.js';

const ID = 'alb-sg-cloudfront-only';

async function run(world: Partial<World> = {}, given: Readonly<Record<string, unknown>> = {}) {
  const [rule] = selectRules([ID]);
  if (rule === undefined) throw new RangeError('no rule');
  return rule.prepare(given)(fakePorts(world), NOW);
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof OriginGuardError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('selectRules', () => {
  it('no id: every rule', () => expect(selectRules([])).toBe(RULES));

  it('an id: that rule', () => expect(selectRules([ID]).map(({ meta }) => meta.id)).toEqual([ID]));

  it('an id twice: the rule once', () => expect(selectRules([ID, ID])).toHaveLength(1));

  it('an id that no rule has is E1007, with what is allowed', () => {
    expect(codeOf(() => selectRules([ID, 'alb-open']))).toBe(
      `E1007: no rule is called alb-open; allowed: ${RULES.map(({ meta }) => meta.id).join(', ')}`,
    );
  });

  it('ids are kebab-case and unique', () => {
    const ids = RULES.map(({ meta }) => meta.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
  });
});

describe.each(RULES.map(({ meta }) => [meta.id, meta] as const))('the metadata of %s', (_, meta) => {
  it('reasons come most severe first, and the rule is as severe as its worst', () => {
    const ranks = Object.values(meta.reasons).map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(ranks).toEqual([...ranks].sort());
    expect(meta.severity).toBe(SEVERITIES[Math.min(...ranks)]);
  });

  it('each requirement is there once, with its title and one line why; Security Hub takes 32', () => {
    const keys = meta.requirements.map(({ framework, id }) => `${framework} ${id}`);
    expect(keys).toEqual([...new Set(keys)]);
    expect(keys.length).toBeLessThanOrEqual(32);
    for (const { title, why } of meta.requirements) {
      expect(title).toMatch(/^[A-Z]\S.*[^.]$/);
      expect(why).toMatch(/^[A-Z][^\n]+\.$/);
    }
  });

  it('the guide is a page', () => expect(new URL(meta.guide).protocol).toBe('https:'));
});

describe('prepare', () => {
  it('a bad parameter is E1002 before anything is read', () => {
    const [rule] = RULES;
    expect(codeOf(() => rule?.prepare({ ports: 'some' }))).toBe(
      'E1002: parameter ports is "some" (is none of the words); allowed: all or listeners',
    );
    expect(codeOf(() => rule?.prepare({ port: 'all' }))).toMatch(/^E1002: unknown parameter port; allowed: /);
  });

  it('a judgement says who, where, what and why', async () => {
    const { judgements, unresolvedOrigins } = await run();
    expect(unresolvedOrigins).toEqual([]);
    expect(judgements).toHaveLength(1);
    expect(judgements[0]).toMatchObject({
      ruleId: ID,
      resourceType: 'AWS::EC2::SecurityGroup',
      resourceId: 'sg-0web',
      name: 'web',
      scope: { accountId: ACCOUNT, region: REGION },
      verdict: { kind: 'compliant' },
      reasons: ['every ingress rule admits only CloudFront or what the parameters allow'],
      paths: [path()],
    });
    expect(judgements[0]?.advise()).toEqual([]);
    expect(judgements[0]?.explain().map(({ outcome }) => outcome)).toEqual(['info', 'info', 'allowed']);
  });

  it('a finding has its line, its advice and its step', async () => {
    const { judgements } = await run({ groups: [admitting([open(fromCidr('0.0.0.0/0'))]).group] });
    const [judgement] = judgements;
    expect(judgement?.verdict.kind).toBe('non-compliant');
    expect(judgement?.reasons).toEqual(['0.0.0.0/0 on tcp 443 (world-ipv4)']);
    expect(judgement?.advise()).toHaveLength(1);
    expect(judgement?.explain().at(-1)?.outcome).toBe('refused');
  });

  it('the time decides about exemptions', async () => {
    const tags = known({ 'origin-guard:exempt': 'x', 'origin-guard:exempt-until': '2026-07-01' });
    const groups = [securityGroup({ tags })];
    expect((await run({ groups })).judgements[0]?.verdict.kind).toBe('not-applicable');
    const [rule] = RULES;
    const later = await rule?.prepare({})(fakePorts({ groups }), '2026-07-02T00:00:00Z');
    expect(later?.judgements[0]?.verdict.kind).toBe('compliant');
  });

  it('the parameters reach the rule', async () => {
    const world = { groups: [admitting([open(fromCidr('192.0.2.0/24'))]).group] };
    expect((await run(world)).judgements[0]?.verdict.kind).toBe('non-compliant');
    expect((await run(world, { allowedCidrs: '192.0.2.0/24' })).judgements[0]?.verdict.kind).toBe('compliant');
  });

  describe('onMissingEvidence', () => {
    const groups = [securityGroup({ ingress: hidden('rules') })];

    it('fail, the default: an indeterminate verdict', async () => {
      for (const given of [{}, { onMissingEvidence: 'fail' }]) {
        const [judgement] = (await run({ groups }, given)).judgements;
        expect(judgement?.verdict.kind).toBe('indeterminate');
        expect(judgement?.reasons).toEqual(['rules cannot be read']);
      }
    });

    it('non-compliant: a verdict without findings that names what is missing', async () => {
      const [judgement] = (await run({ groups }, { onMissingEvidence: 'non-compliant' })).judgements;
      expect(judgement?.verdict).toMatchObject({ kind: 'non-compliant', findings: [], gaps: [{ fact: 'rules' }] });
      expect(judgement?.reasons).toEqual(['rules cannot be read']);
      expect(judgement?.advise()).toEqual([]);
    });
  });

  it('judgements are in order of account, Region and group', async () => {
    const away = { accountId: OTHER_ACCOUNT, region: REGION };
    const groups = [
      securityGroup({ id: groupId('sg-0a'), scope: away }),
      securityGroup({ id: groupId('sg-0c') }),
      securityGroup({ id: groupId('sg-0b') }),
    ];
    const { judgements } = await run({ groups, loadBalancers: [] });
    expect(judgements.map(({ resourceId }) => resourceId)).toEqual(['sg-0b', 'sg-0c', 'sg-0a']);
  });

  it('unresolved origins come along', async () => {
    const distributions = [distribution({ origins: [origin({ domainName: dnsNameOf('gone') })] })];
    const { unresolvedOrigins } = await run({ distributions });
    expect(unresolvedOrigins).toHaveLength(1);
  });

  it('the load balancer of the builders uses the group of the builders', () => {
    expect(loadBalancer().securityGroups).toEqual([securityGroup().id]);
    expect(loadBalancer().arn).toBe(arnOf('web'));
  });
});
