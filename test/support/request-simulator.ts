/** A rule of a listener as AWS would print it, as far as requests are concerned. */
export interface PlainRule {
  readonly Priority: string;
  readonly Conditions: readonly PlainCondition[];
  readonly Actions: readonly { readonly Type: string }[];
}

export type PlainCondition =
  | {
      readonly Field: 'http-header';
      readonly HttpHeaderConfig: {
        readonly HttpHeaderName: string;
        readonly Values?: readonly string[];
        readonly RegexValues?: readonly string[];
      };
    }
  | { readonly Field: 'path-pattern'; readonly PathPatternConfig: { readonly Values: readonly string[] } };

export interface PlainListener {
  readonly port: number;
  readonly mode: 'off' | 'passthrough' | 'verify';
  readonly rules: readonly PlainRule[];
  readonly defaultActions: readonly { readonly Type: string }[];
}

export interface Request {
  readonly path: string;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly hasCertificate: boolean;
}

/**
 * Whether a load balancer would forward a request: rules by their numbers, the first of which every condition holds, one
 * value of each being enough; wildcards and case as AWS documents them.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function forwards(listener: PlainListener, request: Request): boolean {
  if (listener.mode === 'verify' && !request.hasCertificate) return false;
  const rule = [...listener.rules]
    .sort((a, b) => Number(a.Priority) - Number(b.Priority))
    .find(({ Conditions }) => Conditions.every((condition) => holds(condition, request)));
  return (rule?.Actions ?? listener.defaultActions).some(({ Type }) => Type === 'forward');
}

function holds(condition: PlainCondition, { path, headers }: Request): boolean {
  if (condition.Field === 'path-pattern')
    return condition.PathPatternConfig.Values.some((pattern) => matches(pattern, path));
  const { HttpHeaderName, Values = [], RegexValues = [] } = condition.HttpHeaderConfig;
  const value = headers[HttpHeaderName.toLowerCase()];
  if (value === undefined) return false;
  return (
    Values.some((pattern) => matches(pattern.toLowerCase(), value.toLowerCase())) ||
    RegexValues.some((expression) => new RegExp(expression, 'i').test(value))
  );
}

/** `*` is any characters, `?` is one. */
function matches(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === '';
  if (first === '*')
    return Array.from({ length: text.length + 1 }).some((_, at) => matches(rest.join(''), text.slice(at)));
  return text !== '' && (first === '?' || first === text.charAt(0)) && matches(rest.join(''), text.slice(1));
}
