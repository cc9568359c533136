import type { Region } from '../core/ids.js';
import { listenerText } from '../core/model/listener.js';
import type { Change, Copy, Guide } from '../remediation/alb-origin-authenticated/guide.js';
import { shellWord } from './shell-word.js';

export type GuideWord = 'NOOP' | 'REFUSE' | 'INTRODUCE' | 'REPAIR' | 'ROTATE';

/** What the guide is for, in one word. */
export function guideWord(guide: Guide): GuideWord {
  switch (guide.kind) {
    case 'nothing-to-do':
      return 'NOOP';
    case 'refuse':
      return 'REFUSE';
    case 'order':
      return ({ introduce: 'INTRODUCE', repair: 'REPAIR', rotate: 'ROTATE' } as const)[guide.aim];
  }
}

const ruleText = (copy: Copy): string =>
  copy.ofPriority === 'default'
    ? `the default action of ${listenerText(copy)}`
    : `rule ${copy.ofPriority} of ${listenerText(copy)}`;

/** A change in words. */
export function changeText(change: Change, headerName: string): string {
  switch (change.kind) {
    case 'make-secret':
      return change.keepsPrevious
        ? `secret ${change.secretName}: a new value that AWS generates; the old one stays its previous version`
        : `secret ${change.secretName}, with a value that AWS generates and nobody reads`;
    case 'accept-beside':
      return `rule ${change.asker.priority} of ${listenerText(change.asker)} accepts ${change.withNext ? 'the next value' : 'what is sent'} beside its own`;
    case 'send-next':
      return `${change.sender.distributionId} adds ${headerName} for its origin ${change.sender.originId}`;
    case 'wait-deployed':
      return `${change.distributionId} is deployed`;
    case 'accept-by-copy':
      return `new rule ${String(change.copy.priority)} of ${listenerText(change.copy)}: what ${ruleText(change.copy)} does, for requests with the header`;
    case 'close-default':
    case 'close-rule':
      return `${ruleText(change.copy)} answers 403; rule ${String(change.copy.priority)} takes what CloudFront sends`;
    case 'accept-only-sent':
      return `rule ${change.asker.priority} of ${listenerText(change.asker)} accepts only what CloudFront sends`;
  }
}

/** The command that makes room between the rules of a listener, all at once. */
export const renumberCommand = (
  renumber: readonly { readonly ruleArn: string; readonly priority: number }[],
  region: Region | null,
): string =>
  [
    'aws elbv2 set-rule-priorities --rule-priorities',
    ...renumber.map(({ ruleArn, priority }) => shellWord(`RuleArn=${ruleArn},Priority=${String(priority)}`)),
    ...(region === null ? [] : [`--region ${region}`]),
  ].join(' ');
