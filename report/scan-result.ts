import * as z from 'zod';
import { annotationOf } from '../core/annotation.js';
import type { Gap } from '../core/fact.js';
import type { Judgement } from '../core/judgement.js';
import { LINKED_BY, type UnresolvedOrigin } from '../core/path.js';
import { summarize, verdictWord } from './verdict-words.js';

const SCHEMA_VERSION = '1';

export const ScanPath = z.strictObject({
  distributionId: z.string().nullable().describe('null, with originId and originDomain, when declared by a tag'),
  originId: z.string().nullable(),
  originDomain: z.string().nullable(),
  linkedBy: z.enum(LINKED_BY).describe('how we know that the origin is the load balancer, strongest evidence first'),
  loadBalancerArn: z.string(),
  otherEntrances: z.array(
    z.strictObject({ kind: z.enum(['global-accelerator', 'network-load-balancer']), id: z.string() }),
  ),
});

const ScanGap = z.strictObject({ fact: z.string(), cause: z.string(), detail: z.string() });

/** A finding of `alb-sg-cloudfront-only`. */
const SourceFinding = z.looseObject({
  reason: z.string(),
  securityGroupRuleId: z.string().nullable(),
  protocol: z.string(),
  fromPort: z.int().nullable(),
  toPort: z.int().nullable(),
  source: z.string(),
});

/** A finding of `alb-origin-authenticated`; no value of a header is in it. */
const AuthenticationFinding = z.looseObject({
  reason: z.string(),
  listenerArn: z.string().nullable().describe('null where it is about what CloudFront sends'),
  port: z.int().nullable(),
  ruleArn: z.string().nullable(),
  priority: z.string().nullable().describe('a number, default, or null where it is about the whole listener'),
  headerName: z.string().nullable(),
  distributionId: z.string().nullable(),
  originId: z.string().nullable(),
});

const ScanFinding = z.union([SourceFinding, AuthenticationFinding]);

const ScanEvaluation = z.strictObject({
  ruleId: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  accountId: z.string().nullable().describe('null when the input does not say'),
  region: z.string().nullable().describe('null when the input does not say'),
  verdict: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'INDETERMINATE']),
  annotation: z.string().max(256),
  paths: z.array(ScanPath),
  findings: z.array(ScanFinding),
  gaps: z.array(ScanGap),
  because: z.string().optional().describe('only for NOT_APPLICABLE and INDETERMINATE'),
});

/** The shape of `scan --format json`, from which `docs/schemas/scan-result-v1.json` is rendered. */
export const ScanResult = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  evaluations: z.array(ScanEvaluation),
  unresolvedOrigins: z.array(
    z.strictObject({ distributionId: z.string(), originId: z.string(), domain: z.string(), why: z.string() }),
  ),
  summary: z.strictObject({
    compliant: z.int(),
    nonCompliant: z.int(),
    notApplicable: z.int(),
    indeterminate: z.int(),
  }),
});

/** One judgement in the form of the JSON result. */
export function toEvaluation(judgement: Judgement): z.infer<typeof ScanEvaluation> {
  const { ruleId, resourceType, resourceId, scope, reasons, paths, verdict } = judgement;
  const because =
    verdict.kind === 'not-applicable'
      ? verdict.because
      : verdict.kind === 'indeterminate'
        ? gapsText(verdict.gaps)
        : null;
  return {
    ruleId,
    resourceType,
    resourceId,
    accountId: scope.accountId,
    region: scope.region,
    verdict: verdictWord(judgement),
    annotation: annotationOf(reasons),
    paths: paths.map((path) => ({ ...path, otherEntrances: path.otherEntrances.map((entrance) => ({ ...entrance })) })),
    findings:
      verdict.kind === 'non-compliant'
        ? verdict.findings.map((finding) => ({ ...finding }) as unknown as z.infer<typeof ScanFinding>)
        : [],
    gaps:
      verdict.kind === 'non-compliant' || verdict.kind === 'indeterminate'
        ? verdict.gaps.map((gap) => ({ ...gap }))
        : [],
    ...(because === null ? {} : { because }),
  };
}

const gapsText = (gaps: readonly Gap[]): string => gaps.map(({ detail }) => detail).join('; ');

/**
 * The result as JSON text, in pieces: an organization's result may be longer than one string can be.
 * Order is stable; the text ends with a line feed.
 */
export function* renderScanJson(
  judgements: readonly Judgement[],
  unresolvedOrigins: readonly UnresolvedOrigin[],
): Iterable<string> {
  yield `{\n  "schemaVersion": ${JSON.stringify(SCHEMA_VERSION)},\n  "evaluations": [`;
  for (const [index, judgement] of judgements.entries())
    yield `${index === 0 ? '' : ','}\n    ${indented(toEvaluation(judgement), 4)}`;
  yield `${judgements.length === 0 ? '' : '\n  '}],\n  "unresolvedOrigins": ${indented(unresolvedOrigins, 2)},\n`;
  yield `  "summary": ${indented(summarize(judgements), 2)}\n}\n`;
}

const indented = (value: unknown, spaces: number): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(spaces)}`);
