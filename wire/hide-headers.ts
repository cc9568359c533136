import { lengthOf, runOf, type Digest } from '../core/model/header-value.js';

/** Stands for a regular expression: nobody who reads it can tell what it matches. */
export const REGEX_HIDDEN = 'regex-hidden';

/** How a value with wildcards begins once it is hidden. */
export const WILDCARD_HIDDEN = 'wildcard-hmac:';
const WILDCARD_FORM = 'wildcard-hmac';

/**
 * The same page with every header value hidden: those CloudFront sends to origins, and those listener rules compare.
 *
 * A value becomes `hmac:DIGEST:len=N:run=ID`, a listener rule's value with wildcards `wildcard-hmac:...`, a regular
 * expression `regex-hidden`. Two values that a load balancer takes for the same have one digest within a run. Names may
 * be written with a small or a capital first letter, and may stand in JSON inside a text, as AWS Config's API has it.
 *
 * @remarks `run` tells digests of another run, which cannot be compared, from values that differ. The length stays, since
 * it shows a weak secret. Load balancers compare without regard to case, so digests are made of small letters.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_HttpHeaderConditionConfig.html
 */
export function hideHeaderValues(page: unknown, digest: Digest): unknown {
  const run = runOf(digest);
  const mark = (form: string, value: string): string =>
    `${form}:${digest(value.toLowerCase())}:len=${String(lengthOf(value))}:run=${run}`;
  return hide(page, {
    sent: (value) => mark('hmac', value),
    compared: (value) => mark(/[*?]/.test(value) ? WILDCARD_FORM : 'hmac', value),
    matched: () => REGEX_HIDDEN,
  });
}

type Conceal = (value: string) => string;

interface Forms {
  /** What CloudFront sends is meant literally, wildcards or not. */
  readonly sent: Conceal;
  readonly compared: Conceal;
  readonly matched: Conceal;
}

function hide(value: unknown, forms: Forms): unknown {
  if (typeof value === 'string') return hideInText(value, forms);
  const isCondition = isHeaderCondition(value);
  return mapMembers(value, (member, key) => {
    switch (key.toLowerCase()) {
      case 'headervalue':
        return conceal(member, forms.sent);
      case 'httpheaderconfig':
        return hideCompared(member, forms);
      default:
        return isCondition ? hideComparedMember(member, key, forms) : hide(member, forms);
    }
  });
}

const hideCompared = (config: unknown, forms: Forms): unknown =>
  mapMembers(config, (member, key) => hideComparedMember(member, key, forms));

function hideComparedMember(member: unknown, key: string, forms: Forms): unknown {
  switch (key.toLowerCase()) {
    case 'values':
      return conceal(member, forms.compared);
    case 'regexvalues':
      return conceal(member, forms.matched);
    default:
      return hide(member, forms);
  }
}

/** A condition on a header may hold its values beside the name of its kind, too. */
const isHeaderCondition = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(
    ([key, member]) =>
      (key.toLowerCase() === 'httpheaderconfig' && member !== null && member !== undefined) ||
      (key.toLowerCase() === 'field' && typeof member === 'string' && member.toLowerCase() === 'http-header'),
  );

/** Every text and number below, whatever the shape. */
function conceal(value: unknown, form: Conceal): unknown {
  if (typeof value === 'string') return form(value);
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return form(String(value));
  return mapMembers(value, (member) => conceal(member, form));
}

function hideInText(text: string, forms: Forms): string {
  if (!/^\s*[[{]/.test(text)) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  const before = JSON.stringify(parsed);
  const after = JSON.stringify(hide(parsed, forms));
  return before === after ? text : after;
}

/** A list or an object with other members in it; what has no members, such as a date, is itself. */
function mapMembers(value: unknown, change: (member: unknown, key: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((member: unknown) => change(member, ''));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  return members.length === 0 ? value : Object.fromEntries(members.map(([key, member]) => [key, change(member, key)]));
}
