import { originText } from '../../core/path.js';
import { placeText, type AuthenticationFinding, type Reason } from './finding.js';

/** The order in which things must be done: what CloudFront sends, then what is accepted, and the closing last. */
const ORDER: readonly Reason[] = [
  'no-header-sent',
  'header-value-mismatch',
  'weak-header-value',
  'wildcard-header-value',
  'rule-forwards-without-header',
  'default-action-forwards',
];

/** What to do about each finding, a line each, in an order in which no visitor is refused. */
export function adviseLoadBalancer(findings: readonly AuthenticationFinding[]): readonly string[] {
  const ordered = ORDER.flatMap((reason) => findings.filter((finding) => finding.reason === reason));
  return [...new Set(ordered.map(adviseOne))];
}

function adviseOne(finding: AuthenticationFinding): string {
  const { reason, distributionId } = finding;
  const place = placeText(finding);
  const header = finding.headerName ?? 'a header with a secret value';
  const origin = distributionId === null ? 'the distributions' : originText(finding);
  switch (reason) {
    case 'no-header-sent':
      return finding.headerName === null && finding.listenerArn !== null
        ? `give ${origin} a client certificate that the trust store of ${place} knows, or let the listener verify a header instead`
        : `let ${origin} add ${header}, and wait until the distribution is deployed`;
    case 'header-value-mismatch':
      return distributionId === null
        ? `once nobody sends them, distributions of other accounts neither, take the values of ${header} that were not seen to be sent out of ${place}`
        : `let ${place} accept the value of ${header} that ${origin} adds, beside those it accepts`;
    case 'weak-header-value':
      return `rotate ${header} to a longer value: let ${place} accept the new one first`;
    case 'wildcard-header-value':
      return `let ${place} compare ${header} with the value itself, without * and ? and without a regular expression`;
    case 'rule-forwards-without-header':
      return `once every distribution in front adds the header and is deployed, add a condition on it to ${place}`;
    case 'default-action-forwards':
      return `once a rule with the header forwards what CloudFront sends, let ${place} answer 403`;
  }
}
