import type { ListenerRule } from '../../core/model/listener.js';
import type { AuthenticationFinding } from '../../rules/alb-origin-authenticated/finding.js';
import { sameName } from '../../rules/alb-origin-authenticated/judge-condition.js';
import type { AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import type { GuideRefusal } from './guide.js';
import { refuseGuide } from './refuse-guide.js';
import type { GuideFacts, SeenRules } from './seen-rules.js';

/** The name that the header gets where nobody named one. */
export const DEFAULT_HEADER = 'X-Origin-Verify';

/** The headers that rules ask for, as written there. */
export const headersAskedBy = (rules: readonly ListenerRule[]): readonly string[] =>
  rules.flatMap(({ conditions }) =>
    (conditions ?? []).flatMap((each) => (each.kind === 'http-header' ? [each.name] : [])),
  );

/** The header that is named, or the one that the rules ask for, or a new one. */
export function headerFor(
  listeners: readonly SeenRules[],
  { rule }: GuideFacts,
  findings: readonly AuthenticationFinding[],
  { headerName }: AlbOriginParams,
): GuideRefusal | { readonly kind: 'named'; readonly headerName: string } {
  if (headerName !== null) return { kind: 'named', headerName };
  const sent = rule.ways.flatMap(({ headers }) => (headers.known ? headers.value.map(({ name }) => name) : []));
  const asked = listeners
    .flatMap(({ rules }) => headersAskedBy(rules))
    .filter(
      (name) =>
        sent.some((each) => sameName(each, name)) || findings.some((each) => sameName(each.headerName ?? '', name)),
    );
  const names = [...new Map(asked.map((name) => [name.toLowerCase(), name] as const)).values()];
  if (names.length > 1) return refuseGuide('SEVERAL_HEADERS', `the rules ask for ${names.join(', ')}`);
  return { kind: 'named', headerName: names[0] ?? DEFAULT_HEADER };
}
