import { compareText } from '../../core/fact.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import type { Fix } from '../../core/plan.js';
import type { PlanFacts } from './facts.js';
import { grantText } from './to-text.js';

/** Raised when the planner decides otherwise from the same facts, so that no approval outlives an update. */
const POLICY_VERSION = 1;

/** SHA-256 of a text, in hexadecimal. */
export type Digest = (text: string) => string;

/**
 * What an approval holds for: the digest of everything a fix rests on and of the fix itself, a dot, and the digest of
 * the rules that go, since a rule can be changed in place under the same id.
 */
export function fingerprintOf(fix: Fix, facts: PlanFacts, digest: Digest): string {
  const { group } = facts.rule;
  const whole = {
    policy: POLICY_VERSION,
    group: group.id,
    rules: (group.ingress.known ? group.ingress.value : []).map(ruleText).sort(compareText),
    users: facts.users
      .map(({ arn, securityGroups, ipAddressType }) =>
        [arn, ipAddressType ?? '', ...[...securityGroups].sort(compareText)].join(' '),
      )
      .sort(compareText),
    listeners: [...(facts.asked.listeners ?? [])]
      .map(([arn, fact]) => `${arn} ${fact.known ? [...fact.value].sort((a, b) => a - b).join(',') : ''}`)
      .sort(compareText),
    origins: facts.ways
      .map(({ path, custom }) =>
        JSON.stringify([
          path.distributionId,
          path.originId,
          path.originDomain,
          path.linkedBy,
          path.loadBalancerArn,
          custom,
        ]),
      )
      .sort(compareText),
    fix: [
      fix.strategy,
      ...fix.required.map(({ family, port }) => `${family}/${String(port)}`),
      ...fix.grants.map(grantText),
      ...fix.dedicated.map(({ name }) => name),
      ...fix.kept.map(ruleText),
    ],
  };
  return `${digest(JSON.stringify(whole))}.${revocationDigest(fix, digest)}`;
}

/** The digest of the rules that go, their ids and everything else about them. */
export const revocationDigest = ({ revoke }: Fix, digest: Digest): string => digest(revoke.map(ruleText).join('\n'));

const ruleText = ({ ruleId, protocol, fromPort, toPort, source, description }: IngressRule): string =>
  JSON.stringify([ruleId, protocol, fromPort, toPort, sourceText(source), description ?? null]);
