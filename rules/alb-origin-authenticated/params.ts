import * as z from 'zod/mini';
import { flag, mapParam, oneOf, type Param, type ParamValues } from '../../core/params.js';
import { params as shared } from '../alb-sg-cloudfront-only/params.js';

export const RULE_ID = 'alb-origin-authenticated';

/** Stands for every header that a distribution adds. */
const ANY = 'any';
/** The names that a listener rule may have. Source: API reference of HttpHeaderConditionConfig; RFC 7230 has the characters. */
const HeaderName = z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]{1,40}$/));

const headerName: Param<string> = {
  summary: 'The header that tells the distribution; any stands for every custom header that the distribution adds.',
  allowed: 'any, or the name of a header of at most 40 characters',
  fallback: ANY,
  read: (text) => (HeaderName.safeParse(text).success ? { value: text } : { problem: 'is no name of a header' }),
};

/** CloudFront takes values of up to 1,783 characters, a listener rule of up to 128. */
const LONGEST = 128;

const minSecretLength: Param<number> = {
  summary: 'The length below which a header value is weak, in characters.',
  allowed: `a whole number from 1 to ${String(LONGEST)}`,
  fallback: '16',
  read: (text) => {
    const value = Number(text);
    return /^\d{1,3}$/.test(text) && value >= 1 && value <= LONGEST ? { value } : { problem: 'is no such number' };
  },
};

export const params = {
  headerName: mapParam(headerName, (name): string | null => (name === ANY ? null : name)),
  minSecretLength,
  allowUnusedListeners: flag(false, 'Whether a listener that no origin connects to may forward what it likes.'),
  wafChecksHeader: oneOf(
    ['no', 'trust'],
    'no',
    'trust: AWS WAF on the load balancer checks the header, which the rule takes on trust; only what CloudFront sends is judged.',
  ),
  originHostnames: shared.originHostnames,
  resolveOrigins: shared.resolveOrigins,
  includeDisabledDistributions: shared.includeDisabledDistributions,
  exemptTagKey: {
    ...shared.exemptTagKey,
    summary:
      'The tag that exempts a load balancer; its value is the reason. KEY-until holds the last day, as an ISO date.',
  },
  onMissingEvidence: {
    ...shared.onMissingEvidence,
    summary: 'What becomes of a load balancer whose evidence is missing.',
  },
  inventoryMode: shared.inventoryMode,
  ruleId: oneOf([RULE_ID], RULE_ID, shared.ruleId.summary),
};

export type AlbOriginParams = ParamValues<typeof params>;
