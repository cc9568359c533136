import { compareText } from '../../core/fact.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import type { Finding } from '../../core/rule.js';
import { REASONS, type Reason } from './judge-source.js';

/** One source that may pass CloudFront by. */
export interface SourceFinding extends Finding<Reason> {
  /** `null` when the input groups permissions, which carry no rule ids. */
  readonly securityGroupRuleId: string | null;
  readonly protocol: string;
  /** `null` for all traffic and for protocols without ports. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly source: string;
}

/** The finding that a refused rule amounts to. */
export function toFinding(rule: IngressRule, reason: Reason): SourceFinding {
  const hasPorts = rule.protocol === 'tcp' || rule.protocol === 'udp';
  return {
    reason,
    securityGroupRuleId: rule.ruleId,
    protocol: rule.protocol,
    fromPort: hasPorts ? rule.fromPort : null,
    toPort: hasPorts ? rule.toPort : null,
    source: sourceText(rule.source),
  };
}

const SEVERITY = Object.keys(REASONS);

/** A total, stable order of findings: most severe first. */
export const bySeverity = (a: SourceFinding, b: SourceFinding): number =>
  SEVERITY.indexOf(a.reason) - SEVERITY.indexOf(b.reason) ||
  compareText(a.protocol, b.protocol) ||
  (a.fromPort ?? -1) - (b.fromPort ?? -1) ||
  (a.toPort ?? -1) - (b.toPort ?? -1) ||
  compareText(a.source, b.source) ||
  compareText(a.securityGroupRuleId ?? '', b.securityGroupRuleId ?? '');

/** Protocol and ports in words: `tcp 80`, `tcp 8000-8080`, `all traffic`. */
export function portsText({
  protocol,
  fromPort,
  toPort,
}: Pick<SourceFinding, 'protocol' | 'fromPort' | 'toPort'>): string {
  if (protocol === '-1') return 'all traffic';
  if (fromPort === null || toPort === null) return protocol;
  if (fromPort === 0 && toPort === 65535) return `${protocol}, all ports`;
  return fromPort === toPort ? `${protocol} ${String(fromPort)}` : `${protocol} ${String(fromPort)}-${String(toPort)}`;
}
