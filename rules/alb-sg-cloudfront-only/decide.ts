import type { Gap } from '../../core/fact.js';
import { notApplicable, verdictFrom, type Verdict } from '../../core/verdict.js';
import { exemption } from './exemption.js';
import type { AlbSgFacts } from './facts.js';
import { bySeverity, toFinding, type SourceFinding } from './finding.js';
import { judgeSource } from './judge-source.js';
import type { AlbSgParams } from './params.js';

/** The verdict on one group: the one predicate, for the rule, for a plan and for whoever verifies what a plan did. */
export function decide(facts: AlbSgFacts, values: AlbSgParams): Verdict<SourceFinding> {
  const { ingress } = facts.group;
  const early = outOfScope(facts, values);
  if (early !== null) return early;
  if (!ingress.known) return verdictFrom([], [ingress.gap]);

  const findings: SourceFinding[] = [];
  const gaps: Gap[] = [];
  for (const rule of ingress.value) {
    const judgement = judgeSource(rule, facts, values);
    if (judgement.outcome === 'refused') findings.push(toFinding(rule, judgement.reason));
    if (judgement.outcome === 'unknown') gaps.push(judgement.gap);
  }
  const unread = findings.length === 0 ? null : withheldTags(facts);
  return unread === null ? verdictFrom(findings.sort(bySeverity), gaps) : verdictFrom([], [...gaps, unread]);
}

/** The gap of tags that were asked for and refused: they may hold an exemption. Saved data without tags is a choice. */
function withheldTags({ group: { tags } }: AlbSgFacts): Gap | null {
  return tags.known || tags.gap.cause === 'not-seen' ? null : tags.gap;
}

/** The verdict on a group whose rules need not be read, or `null` when they decide. */
function outOfScope(facts: AlbSgFacts, { exemptTagKey }: AlbSgParams): Verdict<never> | null {
  const { group, attachedTo, attachmentGap, paths, linkGaps, now } = facts;
  if (group.deleted) return notApplicable('the group is deleted');
  const exempt = exemption(group.tags, exemptTagKey, now);
  if (exempt !== null) return notApplicable(`exempt by its tag ${exemptTagKey}: ${exempt}`);
  if (paths.length > 0) return null;
  const gaps = attachmentGap === null ? linkGaps : [attachmentGap, ...linkGaps];
  if (gaps.length > 0) return verdictFrom([], gaps);
  return notApplicable(
    attachedTo.length === 0
      ? 'no Application Load Balancer uses the group'
      : 'no distribution has a load balancer that uses the group as its origin',
  );
}
