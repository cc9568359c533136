import type { Scope, SecurityGroupId } from '../core/ids.js';
import { sourceText, type IngressRule } from '../core/model/security-group.js';
import type { Path } from '../core/path.js';
import { plain } from '../core/plain-text.js';
import type { Family, Grant, Plan, Strategy } from '../core/plan.js';
import type { RestsOn } from '../remediation/alb-sg-cloudfront-only/rests-on.js';
import { portsText, toFinding } from '../rules/alb-sg-cloudfront-only/finding.js';

/** The plan for one group, as it is shown. */
export interface PlannedGroup {
  readonly securityGroupId: SecurityGroupId;
  readonly name: string | null;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly paths: readonly Path[];
  /** `null` unless the plan applies. */
  readonly fingerprint: string | null;
  readonly restsOn: RestsOn;
}

/** What the planner decides, in the word that a runbook branches on. */
export type DecisionWord = 'NOOP' | 'REFUSE' | Strategy;

export function decisionWord(plan: Plan): DecisionWord {
  switch (plan.kind) {
    case 'nothing-to-do':
      return 'NOOP';
    case 'refuse':
      return 'REFUSE';
    case 'apply':
      return plan.strategy;
  }
}

/** Why a fix goes the way it goes. */
export const STRATEGY_REASONS: Readonly<Record<Strategy, string>> = {
  EDIT: 'only load balancers behind CloudFront use the group, and what must be added fits beside the rules it has',
  SPLIT:
    'only load balancers behind CloudFront use the group, and what must be added does not fit its quota, so the rest goes into groups of its own',
  SWAP: 'something else uses the group too, so it stays as it is, and the load balancer gets groups of its own in its place',
};

export const FAMILY_NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** The ports of a grant in words: `tcp 80`. */
export const grantPorts = ({ fromPort, toPort }: Grant): string => portsText({ protocol: 'tcp', fromPort, toPort });

/** A list with whose it is: `pl-3b927c52 (CloudFront, IPv4)`. */
export const listText = ({ prefixListId, family }: Grant): string =>
  `${prefixListId} (CloudFront, ${FAMILY_NAMES[family]})`;

/** The ports of a rule in words: `tcp 80`, `all traffic`. */
export const rulePorts = (rule: IngressRule): string => portsText(toFinding(rule, 'public-cidr'));

/** What people wrote beside a rule, on one line and in quotes; empty where they wrote nothing. */
export const noteText = ({ description }: IngressRule): string =>
  description === undefined || description === '' ? '' : `"${plain(description)}"`;

/** A rule in words: `0.0.0.0/0 on tcp 80`. */
export const ruleText = (rule: IngressRule): string => `${sourceText(rule.source)} on ${rulePorts(rule)}`;
