import { sameName } from '../rules/alb-origin-authenticated/judge-condition.js';
import type { Asker, Copy, Sender } from '../remediation/alb-origin-authenticated/guide.js';

/** Stands in an answer for values that the script puts in from files; no other text holds it. */
export const PLACE = 'ORIGIN_GUARD_VALUES';

/** A text in JMESPath; nothing in it ends the text. */
const lit = (text: string): string => `\`${JSON.stringify(text).replaceAll('`', '\\u0060')}\``;

const namesOf = ({ spellings }: Sender, headerName: string): readonly string[] => [
  ...new Set([headerName, ...spellings.filter((each) => sameName(each, headerName))]),
];

/** The values that a distribution sends for an origin. */
export const sentQuery = (sender: Sender, headerName: string): string =>
  `DistributionConfig.Origins.Items[?Id==${lit(sender.originId)}].CustomHeaders.Items[] | [?${namesOf(
    sender,
    headerName,
  )
    .map((name) => `HeaderName==${lit(name)}`)
    .join(' || ')}].HeaderValue`;

/** The whole input of `update-distribution`, with the header in place of what it was, or without it. */
export function updateQuery(sender: Sender, headerName: string, header: 'put' | 'remove'): string {
  const others = namesOf(sender, headerName)
    .map((name) => `HeaderName!=${lit(name)}`)
    .join(' && ');
  const kept = `CustomHeaders.Items[?${others}] || \`[]\``;
  const added = header === 'put' ? `, [{HeaderName: ${lit(headerName)}, HeaderValue: ${lit(PLACE)}}]` : '';
  const items = `[${kept}${added}][]`;
  const origin = `Id==${lit(sender.originId)} && {CustomHeaders: {Quantity: length(${items}), Items: ${items}}} || \`{}\``;
  const origins = `merge(DistributionConfig.Origins, {Items: DistributionConfig.Origins.Items[].merge(@, ${origin})})`;
  return `{Id: ${lit(sender.distributionId)}, IfMatch: ETag, DistributionConfig: merge(DistributionConfig, {Origins: ${origins}})}`;
}

/** What a condition of each field has its values in. A list beside it says the same, and AWS takes one of both. */
const SETTINGS = [
  'HostHeaderConfig',
  'PathPatternConfig',
  'HttpHeaderConfig',
  'QueryStringConfig',
  'HttpRequestMethodConfig',
  'SourceIpConfig',
] as const;

/** The conditions of a rule as AWS takes them, and one more on the header. */
function conditions(spelling: string, without: string | null): string {
  const kept = SETTINGS.map((each) => {
    const filter =
      each === 'HttpHeaderConfig' && without !== null ? `${each} && ${each}.HttpHeaderName!=${lit(without)}` : each;
    return `Conditions[?${filter}].{Field: Field, ${each}: ${each}}`;
  });
  const older = `Conditions[?${SETTINGS.map((each) => `!${each}`).join(' && ')}].{Field: Field, Values: Values}`;
  const header = `[{Field: \`"http-header"\`, HttpHeaderConfig: {HttpHeaderName: ${lit(spelling)}, Values: [${lit(PLACE)}]}}]`;
  return `[${[...kept, older, header].join(', ')}][]`;
}

/** The whole input of `create-rule` for a copy. */
export const copyQuery = ({ listenerArn, priority }: Copy, headerName: string): string =>
  `Rules[0].merge({ListenerArn: ${lit(listenerArn)}, Priority: \`${String(priority)}\`, Actions: Actions, Conditions: ${conditions(headerName, null)}}, Transforms && {Transforms: Transforms} || \`{}\`)`;

/** The whole input of `modify-rule` for a rule that asks for the header. */
export const acceptQuery = ({ ruleArn, spelling }: Asker): string =>
  `Rules[0].{RuleArn: ${lit(ruleArn)}, Conditions: ${conditions(spelling, spelling)}}`;

const valuesOf = (spelling: string): string =>
  `Conditions[?HttpHeaderConfig.HttpHeaderName==${lit(spelling)}].HttpHeaderConfig.Values[]`;

/** The values that a rule accepts. */
export const acceptedQuery = ({ spelling }: Asker): string => `Rules[0].${valuesOf(spelling)}`;

const copyAt = (priority: number): string => `Rules[?Priority==${lit(String(priority))}]`;

/** The values that a copy accepts. */
export const copyAcceptedQuery = ({ priority }: Copy, headerName: string): string =>
  `${copyAt(priority)} | [0].${valuesOf(headerName)}`;

/** The ARN of a copy. */
export const copyArnQuery = ({ priority }: Copy, headerName: string): string =>
  `${copyAt(priority)} | [?Conditions[?HttpHeaderConfig.HttpHeaderName==${lit(headerName)}]] | [0].RuleArn`;

/** What a copy does with a request, which is what its rule did. */
export const copyActionsQuery = ({ priority }: Copy): string => `${copyAt(priority)} | [0].Actions`;

/** Every rule of a listener as one line: priority, ARN, action types, fields of the conditions. */
export const RULES_QUERY =
  'Rules[].[join(`" "`, [Priority, RuleArn, join(`","`, Actions[].Type) || `"-"`, join(`","`, Conditions[].Field) || `"-"`])]';
