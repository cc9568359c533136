import { listenerText } from '../core/model/listener.js';
import type {
  Change,
  Copy,
  GuideStep,
  Order,
  SeenListener,
  StepName,
} from '../remediation/alb-origin-authenticated/guide.js';
import {
  acceptedQuery,
  acceptQuery,
  copyAcceptedQuery,
  copyActionsQuery,
  copyArnQuery,
  copyQuery,
  sentQuery,
  updateQuery,
} from './guide-queries.js';
import { makeSecret } from './guide-secret.js';
import { shellWord } from './shell-word.js';

/** What the default action and the old rules become. */
const FORBIDDEN = JSON.stringify([
  {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '403', ContentType: 'text/plain', MessageBody: 'Forbidden' },
  },
]);

/** Renders the commands of one order. They use the functions of `guideFunctions`. */
export interface GuideCommands {
  /** Looks again at what a step rests on, then does it. */
  readonly stepOf: (step: GuideStep) => readonly string[];
  /** The way back; `null` for a step that changes nothing. */
  readonly backOf: (step: GuideStep) => readonly string[] | null;
}

export function guideCommandsOf(order: Order, region: string): GuideCommands {
  const { headerName, senders, steps, listeners, copies, askers } = order;
  const elb = (words: string): string => `aws elbv2 ${words} --region ${shellWord(region)}`;
  const secrets = (words: string): string => `aws secretsmanager ${words} --region ${shellWord(region)}`;
  const isNext = senders.some(({ changes }) => changes);
  const keepsPrevious = senders.some(({ changes, spellings }) => changes && spellings.length > 0);
  const distributions = [...new Set(senders.map(({ distributionId }) => distributionId))];
  const at = (name: StepName): number => steps.findIndex((step) => step.name === name);
  const deployed = distributions.map((id) => `deployed ${shellWord(id)}`);

  /** Whether a step is over when another one begins; a step that is not there changes nothing. */
  const isDone = (name: StepName, when: number): boolean => at(name) !== -1 && at(name) < when;

  /** Stops unless the rules of every listener are those that were seen, with what earlier steps made of them. */
  const sameRules = (when: number): readonly string[] =>
    listeners.map((listener) => {
      const own = copies.filter(({ listenerArn }) => listenerArn === listener.listenerArn);
      const made = isDone('accept', when) ? own.map(({ priority }) => ` ${String(priority)}`).join('') : '';
      const expected = expectedRules(listener, own, (copy) =>
        isDone(copy.ofPriority === 'default' ? 'close-default' : 'close-rules', when),
      );
      return `must_be ${shellWord(`the rules of ${listenerText(listener)}`)} ${shellWord(expected)} "$(rules ${shellWord(listener.listenerArn)}${made})"`;
    });

  const sentBy = (howMany: 'one' | 'any'): readonly string[] => [
    ': > "$TEMP/values.sent"',
    ...senders.map(
      (sender) =>
        `add_sent ${shellWord(sender.distributionId)} ${shellWord(sender.originId)} ${shellWord(sentQuery(sender, headerName))} ${howMany}`,
    ),
    'LC_ALL=C sort -u -o "$TEMP/values.sent" "$TEMP/values.sent"',
  ];
  /** What is sent, once every distribution sends one value that a listener rule can compare. */
  const sent: readonly string[] = [
    ...deployed,
    ...sentBy('one'),
    `if grep -q '[*?]' "$TEMP/values.sent"; then stop 'a value that CloudFront sends has * or ?, which stand for other characters in a listener rule; rotate it'; fi`,
  ];
  const copiesAccept: readonly string[] = copies.flatMap((copy) => [
    `of_listener ${shellWord(copy.listenerArn)} ${shellWord(copyAcceptedQuery(copy, headerName))} | texts > "$TEMP/values.own"`,
    `if [ ! -s "$TEMP/values.own" ]; then stop ${shellWord(`rule ${String(copy.priority)} of ${listenerText(copy)} is not there; take the step accept again`)}; fi`,
    `all_accepted "$TEMP/values.sent" ${shellWord(`rule ${String(copy.priority)} of ${listenerText(copy)} does not accept what CloudFront sends`)}`,
  ]);
  const ready = (name: StepName): readonly string[] => [...sameRules(at(name)), ...sent, ...copiesAccept];
  const askersAccept = (file: string, what: string): readonly string[] =>
    askers.flatMap((asker) => [
      `accepted ${shellWord(asker.ruleArn)} ${shellWord(acceptedQuery(asker))}`,
      `all_accepted "$TEMP/${file}" ${shellWord(`rule ${asker.priority} of ${listenerText(asker)} does not accept ${what}`)}`,
    ]);

  const doChange = (change: Change): readonly string[] => {
    switch (change.kind) {
      case 'make-secret':
        return makeSecret(order, secrets, change.keepsPrevious);
      case 'accept-beside': {
        const { asker, withNext } = change;
        return [
          `accepted ${shellWord(asker.ruleArn)} ${shellWord(acceptedQuery(asker))}`,
          `cat "$TEMP/values.own" "$TEMP/values.sent"${withNext ? ' "$TEMP/values.next"' : ''} | LC_ALL=C sort -u > "$TEMP/values.wanted"`,
          `accept ${shellWord(asker.ruleArn)} ${shellWord(acceptQuery(asker))} "$TEMP/values.wanted"`,
        ];
      }
      case 'send-next':
        return [
          `update ${shellWord(change.sender.distributionId)} ${shellWord(updateQuery(change.sender, headerName, 'put'))} "$TEMP/values.next"`,
        ];
      case 'wait-deployed':
        return [`aws cloudfront wait distribution-deployed --id ${shellWord(change.distributionId)}`];
      case 'accept-by-copy':
        return [`make_copy ${shellWord(change.copy.ofRuleArn)} ${shellWord(copyQuery(change.copy, headerName))}`];
      case 'close-default':
        return [
          elb(
            `modify-listener --listener-arn ${shellWord(change.copy.listenerArn)} --default-actions ${shellWord(FORBIDDEN)} --query ${shellWord('Listeners[0].ListenerArn')} --output text`,
          ),
        ];
      case 'close-rule':
        return [
          elb(
            `modify-rule --rule-arn ${shellWord(change.copy.ofRuleArn)} --actions ${shellWord(FORBIDDEN)} --query ${shellWord('Rules[0].RuleArn')} --output text`,
          ),
        ];
      case 'accept-only-sent':
        return [
          `accept ${shellWord(change.asker.ruleArn)} ${shellWord(acceptQuery(change.asker))} "$TEMP/values.sent"`,
        ];
    }
  };

  const next = (stage: 'AWSCURRENT' | 'AWSPREVIOUS', file: string): readonly string[] => [
    `secret_value ${stage} > "$TEMP/${file}"`,
    `must_be "how many values $SECRET has" 1 "$(lines "$TEMP/${file}")"`,
  ];

  const before = ({ name }: GuideStep): readonly string[] => {
    switch (name) {
      case 'make-secret':
        return [...sameRules(at(name)), ...(keepsPrevious ? sentBy('any') : [])];
      case 'accept-next':
        return [...sameRules(at(name)), ...sentBy('any'), ...(isNext ? next('AWSCURRENT', 'values.next') : [])];
      case 'send':
        return [
          ...sameRules(at(name)),
          ...next('AWSCURRENT', 'values.next'),
          ...askersAccept('values.next', 'the next value; take the step before first'),
        ];
      case 'wait':
        return [];
      case 'accept':
        return [...sameRules(at(name)), ...sent];
      case 'watch':
      case 'close-default':
      case 'close-rules':
        return ready(name);
      case 'accept-only-sent':
        return [
          ...ready(name),
          ...askersAccept('values.sent', 'what CloudFront sends; take the step that accepts it first'),
        ];
    }
  };

  const takeBack = (change: Change): readonly string[] => {
    switch (change.kind) {
      case 'make-secret':
        return change.keepsPrevious
          ? [
              `current=$(${secrets(`get-secret-value --secret-id "$SECRET" --version-stage AWSCURRENT --query VersionId --output text`)})`,
              `previous=$(${secrets(`get-secret-value --secret-id "$SECRET" --version-stage AWSPREVIOUS --query VersionId --output text`)})`,
              secrets(
                'update-secret-version-stage --secret-id "$SECRET" --version-stage AWSCURRENT --move-to-version-id "$previous" --remove-from-version-id "$current" --query Name --output text',
              ),
            ]
          : [secrets('delete-secret --secret-id "$SECRET" --recovery-window-in-days 7 --query Name --output text')];
      case 'accept-beside':
        return change.withNext
          ? [
              `accepted ${shellWord(change.asker.ruleArn)} ${shellWord(acceptedQuery(change.asker))}`,
              'grep -Fxv -f "$TEMP/values.next" "$TEMP/values.own" > "$TEMP/values.wanted" || true',
              `accept ${shellWord(change.asker.ruleArn)} ${shellWord(acceptQuery(change.asker))} "$TEMP/values.wanted"`,
            ]
          : [];
      case 'send-next':
        return change.sender.spellings.length > 0
          ? [
              `update ${shellWord(change.sender.distributionId)} ${shellWord(updateQuery(change.sender, headerName, 'put'))} "$TEMP/values.previous"`,
            ]
          : [
              `update ${shellWord(change.sender.distributionId)} ${shellWord(updateQuery(change.sender, headerName, 'remove'))} ''`,
            ];
      case 'wait-deployed':
        return [];
      case 'accept-by-copy':
        return [
          `delete_copy ${shellWord(change.copy.listenerArn)} ${shellWord(copyArnQuery(change.copy, headerName))}`,
        ];
      case 'close-default':
        return [
          restored(
            change.copy,
            elb(
              `modify-listener --listener-arn ${shellWord(change.copy.listenerArn)} --default-actions "file://$TEMP/actions.json" --query ${shellWord('Listeners[0].ListenerArn')} --output text`,
            ),
          ),
        ];
      case 'close-rule':
        return [
          restored(
            change.copy,
            elb(
              `modify-rule --rule-arn ${shellWord(change.copy.ofRuleArn)} --actions "file://$TEMP/actions.json" --query ${shellWord('Rules[0].RuleArn')} --output text`,
            ),
          ),
        ];
      case 'accept-only-sent':
        return isNext
          ? [
              `accepted ${shellWord(change.asker.ruleArn)} ${shellWord(acceptedQuery(change.asker))}`,
              'cat "$TEMP/values.own" "$TEMP/values.previous" | LC_ALL=C sort -u > "$TEMP/values.wanted"',
              `accept ${shellWord(change.asker.ruleArn)} ${shellWord(acceptQuery(change.asker))} "$TEMP/values.wanted"`,
            ]
          : [];
    }
  };

  const beforeBack = ({ name }: GuideStep): readonly string[] => {
    switch (name) {
      case 'accept-next':
        return isNext
          ? [
              ...sentBy('any'),
              ...next('AWSCURRENT', 'values.next'),
              `if grep -Fxq -f "$TEMP/values.next" "$TEMP/values.sent"; then stop 'CloudFront sends the value; take that step back first'; fi`,
              ...deployed,
            ]
          : [];
      case 'send':
        // What forwards without the header must do so again before the header goes.
        return [
          ...sameRules(at('accept') === -1 ? at(name) : at('accept')),
          ...(keepsPrevious
            ? [...next('AWSPREVIOUS', 'values.previous'), ...askersAccept('values.previous', 'the previous value')]
            : []),
        ];
      case 'accept':
        return sameRules(at('accept') + 1);
      case 'accept-only-sent':
        return isNext && keepsPrevious ? next('AWSPREVIOUS', 'values.previous') : [];
      case 'make-secret':
        return [
          ...sentBy('any'),
          ...next('AWSCURRENT', 'values.next'),
          `if grep -Fxq -f "$TEMP/values.next" "$TEMP/values.sent"; then stop 'CloudFront sends the value; take that step back first'; fi`,
        ];
      case 'wait':
      case 'watch':
      case 'close-default':
      case 'close-rules':
        return [];
    }
  };

  return {
    stepOf: (step) => [...before(step), ...step.changes.flatMap(doChange)],
    backOf: (step) => {
      const commands =
        step.name === 'accept-only-sent' && !keepsPrevious ? [] : [...step.changes].reverse().flatMap(takeBack);
      if (commands.length === 0) return null;
      return [
        ...beforeBack(step),
        ...commands,
        ...(step.name === 'send'
          ? distributions.map((id) => `aws cloudfront wait distribution-deployed --id ${shellWord(id)}`)
          : []),
      ];
    },
  };
}

const restored = (copy: Copy, command: string): string =>
  `restore ${shellWord(copy.listenerArn)} ${shellWord(copyActionsQuery(copy))} ${command}`;

/** The lines that `rules` prints, with those that are closed by then. */
function expectedRules({ rules }: SeenListener, own: readonly Copy[], isClosed: (copy: Copy) => boolean): string {
  const closed = new Set(own.filter(isClosed).map(({ ofRuleArn }) => ofRuleArn));
  return rules
    .map((line) => {
      const [priority = '', arn = '', actions = '', fields = ''] = line.split(' ');
      return [priority, arn, closed.has(arn) ? 'fixed-response' : actions, fields].join(' ');
    })
    .sort()
    .join('\n');
}
