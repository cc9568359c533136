import { known } from '../../../core/fact.js';
import {
  arnOf,
  distribution,
  dnsNameOf,
  fromCidr,
  groupId,
  loadBalancer,
  open,
  origin,
  securityGroup,
} from '../../support/builders.js';
import type { World } from '../../support/fake-ports.js';
import {
  distributionEvent,
  GROUP,
  groupEvent,
  LOAD_BALANCER,
  loadBalancerEvent,
  oversizedEvent,
  scheduledEvent,
  sealed,
  type OpenEvent,
} from './events.js';
import { mutationsOf, type Mutation } from './mutations.js';
import { answer, type Answer } from './rig.js';

const WORLD: Partial<World> = {
  groups: ['sg-0open', 'sg-0other', 'sg-0idle'].map((id) =>
    securityGroup({ id: groupId(id), ingress: known([open(fromCidr('0.0.0.0/0'))]) }),
  ),
  loadBalancers: [loadBalancer({ securityGroups: [groupId('sg-0open'), groupId('sg-0other')] })],
  distributions: [distribution({ origins: [origin({ domainName: dnsNameOf('web') })] })],
};
const options = {
  world: WORLD,
  results: [{ resourceType: GROUP, resourceId: 'sg-0idle' }],
  item: { configuration: { securityGroups: ['sg-0open'] } },
};

const EVENTS: Readonly<Record<string, OpenEvent>> = {
  'a group': groupEvent('sg-0open'),
  'a group that is gone': groupEvent('sg-0open', { configurationItemStatus: 'ResourceDeleted', configuration: null }),
  'a group that left the scope': groupEvent('sg-0open', {}, { eventLeftScope: true }),
  'a load balancer': loadBalancerEvent(arnOf('web'), ['sg-0open', 'sg-0other'], ['sg-0idle']),
  'a distribution': distributionEvent('E1WEB'),
  'a large group': oversizedEvent(GROUP, 'sg-0open'),
  'a large load balancer': oversizedEvent(LOAD_BALANCER, arnOf('web')),
  'a schedule': scheduledEvent(),
};

const TREES = ['outer', 'invoking', 'parameters'] as const;

/** What names other resources only adds to what is judged: without it, less may be. */
const NAMING = /^configurationItem(Diff|\.(configuration|relationships))\b/;

function problemWith(original: Answer, { code, sent, effects, error }: Answer, { path }: Mutation): string | null {
  if (code !== null) {
    if (!/^E10(01|02|07|10)$/.test(code)) return String(error?.message);
    // Only a rule knows whether a text is an id of its resources.
    const tooLate = path.at(-1) === 'resourceId' ? /^(report|publish)/ : /./;
    return effects.some((effect) => tooLate.test(effect)) ? `${code} after ${effects.join(', ')}` : null;
  }
  const expected = new Set(original.sent.map((each) => JSON.stringify(each)));
  const wrong = sent.find((each) => !expected.has(JSON.stringify(each)));
  if (wrong !== undefined) return `told ${JSON.stringify(wrong)}`;
  const isNaming = NAMING.test(path.join('.'));
  return sent.length === expected.size || isNaming ? null : `told ${String(sent.length)} of ${String(expected.size)}`;
}

describe.each(Object.entries(EVENTS))('the event of %s', (_, event) => {
  it('tells something as it is', async () => {
    expect((await answer(event, options)).sent.length).toBeGreaterThan(0);
  });

  it.each(TREES)('with any field of its %s part dropped or of a wrong type: an error, or the same', async (tree) => {
    const original = await answer(event, options);
    const mutations = mutationsOf(event[tree]);
    expect(mutations.length).toBeGreaterThan(0);
    const problems: string[] = [];
    let failed = 0;
    for (const mutation of mutations) {
      const damaged = await answer({ ...event, [tree]: mutation.value }, options);
      const problem = problemWith(original, damaged, mutation);
      if (problem !== null) problems.push(`${mutation.name}: ${problem}`);
      if (damaged.code !== null) failed += 1;
    }
    expect(problems).toEqual([]);
    expect(failed).toBeGreaterThan(0);
  });

  it.each(['invokingEvent', 'ruleParameters'])('with its %s cut anywhere: an error, nothing told', async (field) => {
    const whole = sealed(event);
    const text = JSON.stringify(field === 'invokingEvent' ? event.invoking : event.parameters);
    const taken: number[] = [];
    // No text at all is no parameters.
    for (let length = field === 'ruleParameters' ? 1 : 0; length < text.length; length += 1) {
      const { code, effects } = await answer({ raw: { ...whole, [field]: text.slice(0, length) } }, options);
      if (code !== 'E1001' || effects.length > 0) taken.push(length);
    }
    expect(taken).toEqual([]);
  });
});
