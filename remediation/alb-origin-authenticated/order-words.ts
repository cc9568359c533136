import type { Order, StepName } from './guide.js';

/** Why the order goes the way it goes. */
export const BECAUSE: Readonly<Record<Order['aim'], string>> = {
  introduce: 'the load balancer forwards requests of which it does not know whether its own distribution sent them',
  repair:
    'the load balancer refuses what CloudFront sends, so visitors are refused now: what is sent is accepted first, and nothing is closed before that',
  rotate: 'a new value is accepted beside the old one, then sent, and the old one goes last',
};

export const TITLES: Readonly<Record<StepName, string>> = {
  'make-secret': 'Create the secret',
  'accept-next': 'Accept the values that are sent, and the next one, beside those that are accepted',
  send: 'Let CloudFront send it',
  wait: 'Wait until every edge sends it',
  accept: 'Accept it on the load balancer, beside the old behaviour',
  watch: 'Watch, for a day if you can',
  'close-default': 'Close the default action: it answers 403',
  'close-rules': 'Close the old rules: they answer 403',
  'accept-only-sent': 'Accept nothing but what is sent',
};

const REFUSED = 'HTTPCode_ELB_4XX_Count and HTTP_Fixed_Response_Count of the load balancer (AWS/ApplicationELB)';

/** What to look at after a step. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export const WATCH: Readonly<Record<StepName, readonly string[]>> = {
  'make-secret': [
    'nothing changes for visitors yet',
    'do not print the value, commit it, or put it in a template, a pipeline variable or a ticket; nobody needs to read it',
    'CloudFront and the load balancer show it to whoever may read their configuration, and AWS Config records it: limit cloudfront:GetDistributionConfig, elasticloadbalancing:DescribeRules and the reading of AWS Config',
  ],
  'accept-next': [
    '5xxErrorRate and 4xxErrorRate of each distribution (AWS/CloudFront, us-east-1), 15 minutes: they stay as they were, or fall where visitors were refused',
  ],
  send: [
    '5xxErrorRate and 4xxErrorRate of each distribution: they stay as they were; the load balancer does not look at the header yet, or accepts both values',
  ],
  wait: ['the status of every distribution is Deployed; before that, some edges still send what they sent before'],
  accept: [
    'RequestCount of each target group stays as it was, 15 minutes: the new rules lead to the same targets',
    'RuleEvaluations grows a little, which is the new rules',
  ],
  watch: [
    'access logs of the load balancer, field matched_rule_priority, 24 hours: every request of CloudFront has the number of a new rule',
    'a request with the number of an old rule, or 0 for the default action, came without the value: find out whose it is, since it will be refused',
    'none for 24 hours: close; some, and they are of a distribution of yours: that one does not send the value yet',
  ],
  'close-default': [
    `${REFUSED}, 30 minutes: they count the requests without the value; scanners are a few a minute, the share of a distribution is an outage`,
    '4xxErrorRate of each distribution, 30 minutes: any rise is visitors who are refused: step back at once',
  ],
  'close-rules': [
    `${REFUSED}, 30 minutes: as before, with what the old rules took`,
    '4xxErrorRate of each distribution, 30 minutes: any rise is visitors who are refused: step back at once',
    'the rules that answer 403 may be deleted in a week; until then they are the way back',
  ],
  'accept-only-sent': [
    '4xxErrorRate of each distribution, 30 minutes: any rise is visitors who are refused: step back at once',
    'whoever knew an old value is refused from here on',
  ],
};

/** How to step back from a step. Steps go back in reverse order. */
export const BACK: Readonly<Record<StepName | 'send-previous', string>> = {
  'make-secret': 'delete the secret, or make its previous version the current one again; nothing uses the value yet',
  'accept-next':
    'take the next value out of the rules again; values that are sent stay, since without them visitors are refused',
  send: 'let CloudFront send no such header any more; the old behaviour of the load balancer does not need it',
  'send-previous': 'let CloudFront send the previous value again, which the load balancer still accepts',
  wait: 'nothing was changed; the step before is the one to take back',
  accept: 'delete the new rules; the old ones are still as they were',
  watch: 'nothing was changed',
  'close-default': 'give the default action what its copy does; it takes effect within seconds',
  'close-rules': 'give each rule what its copy does; it takes effect within seconds',
  'accept-only-sent': 'accept the previous value too; values that were no secret are not restored',
};

/** Other ways to the same end. */
export const ALTERNATIVES: readonly string[] = [
  'a VPC origin: an internal load balancer that only distributions of the account reach needs no secret (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html)',
  'mutual TLS: CloudFront presents a client certificate to the origin, and the listener verifies it against a trust store (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html)',
];
