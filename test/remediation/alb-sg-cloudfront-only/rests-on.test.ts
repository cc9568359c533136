import { known } from '../../../core/fact.js';
import type { SecurityGroup } from '../../../core/model/security-group.js';
import type { Plan } from '../../../core/plan.js';
import type { PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import { restsOn } from '../../../remediation/alb-sg-cloudfront-only/rests-on.js';
import {
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromList,
  groupId,
  ingress,
  open,
  securityGroup,
} from '../../support/builders.js';
import { answers, cloudfront, connects, named, openTo, planOf, way, world } from '../../support/plan-facts.js';
import { nothing, refusal } from '../../support/plans.js';

const BOTH = { ways: [way({ custom: connects({ protocolPolicy: 'match-viewer' }) })] };
const NAME = 'origin-guard-50dc6c495c0c9188-ipv4-443-443';

const idsOf = (facts: PlanFacts, plan = planOf(facts, { allowSplit: true }) as Plan) => {
  const { admitting, adopted } = restsOn({ plan, facts });
  return [admitting.map(({ ruleId }) => ruleId), adopted.map(({ id }) => id)];
};

const namesake = (name: string): SecurityGroup => securityGroup({ id: groupId('sg-0made'), name });

test.each<readonly [string, PlanFacts, readonly string[], readonly string[]]>([
  ['nothing, where CloudFront comes by what is added', openTo([world()]), [], []],
  ['the rule by which CloudFront comes already', openTo([world(), cloudfront()]), ['sgr-0cf443'], []],
  [
    'every such rule, also one of all traffic',
    openTo([world(), cloudfront(), named('cfall', open(fromList(CLOUDFRONT_V4), '-1', null))]),
    ['sgr-0cf443', 'sgr-0cfall'],
    [],
  ],
  ['no rule on a port that CloudFront does not need', openTo([world(), cloudfront(80)]), [], []],
  ['no rule for the other address family', openTo([world(), named('cf6', open(fromList(CLOUDFRONT_V6)))]), [], []],
  ['no rule without an id', openTo([world(), ingress()]), [], []],
  [
    'a group of an earlier run',
    openTo([world(80), world(443)], { ...BOTH, asked: answers({ namesakes: known([namesake(NAME)]) }) }),
    [],
    ['sg-0made'],
  ],
  [
    'no group that the plan would not attach',
    openTo([world(80), world(443)], { ...BOTH, asked: answers({ namesakes: known([namesake('other')]) }) }),
    [],
    [],
  ],
])('a plan rests on %s', (_, facts, rules, groups) => {
  expect(idsOf(facts)).toEqual([rules, groups]);
});

test.each<readonly [string, Plan]>([
  ['does not apply', refusal()],
  ['has nothing to do', nothing],
])('a plan that %s rests on nothing', (_, plan) => {
  expect(idsOf(openTo([world(), cloudfront()]), plan)).toEqual([[], []]);
  expect(restsOn({ plan, facts: null })).toEqual({ admitting: [], adopted: [] });
});
