/** Why there is no order for a load balancer, and what a person does next. */
export const GUIDE_REFUSALS = {
  LOAD_BALANCER_NOT_FOUND: {
    means: 'No load balancer has this ARN in what was read.',
    nextStep: 'check the ARN, and the account and Region that are read',
  },
  NOT_AN_ALB: {
    means: 'It is not an Application Load Balancer, and others know no headers.',
    nextStep: 'give the ARN of an Application Load Balancer',
  },
  EXEMPT: {
    means: 'The load balancer carries the exemption tag.',
    nextStep: 'remove the exemption tag from the load balancer if it is to be closed',
  },
  NOT_FRONTED: {
    means: 'No distribution has the load balancer as its origin: closing it would cut everybody off.',
    nextStep: 'put CloudFront in front of the load balancer first; if it is, name the origin in originHostnames',
  },
  LOOKUP_FAILED: {
    means: 'Evidence that the order rests on could not be read.',
    nextStep: 'allow the read that is named, or add the output that is named to the input, and plan again',
  },
  OTHER_ACCOUNT: {
    means: 'A distribution belongs to another account than the load balancer, and the commands run in one.',
    nextStep:
      'follow docs/authenticate-the-origin.md by hand: the secret and the header in the account of the distribution, the rules in that of the load balancer',
  },
  CONTROLLER_MANAGED: {
    means: 'A controller manages the load balancer and would put its own rules back within minutes.',
    nextStep: 'add the header to the conditions of the Ingress, in the order of docs/authenticate-the-origin.md',
  },
  WAF_CHECKS: {
    means: 'AWS WAF is trusted to check the header, and its rules are not looked at.',
    nextStep: 'let the rule in AWS WAF accept the next value first, then let CloudFront send it, then plan again',
  },
  CLIENT_CERTIFICATE: {
    means: 'A listener verifies client certificates, and CloudFront presents none to it: its requests fail now.',
    nextStep: 'give the origin a client certificate that the trust store knows, or turn verifying off until it has one',
  },
  SEVERAL_HEADERS: {
    means: 'The rules ask for several headers, and nobody can tell which of them is the secret.',
    nextStep: 'name the header with --param headerName=NAME',
  },
  ROUTES_BY_HEADER: {
    means:
      'The rules send requests to different targets by this header, so that one value for all would misroute them.',
    nextStep: 'name another header for the secret with --param headerName=NAME',
  },
  REGEX_VALUE: {
    means: 'A rule compares the header with a regular expression, beside which no value can be accepted.',
    nextStep: 'let the rule compare the header with the value that CloudFront sends, and plan again',
  },
  CLIENT_SECRET: {
    means:
      'A rule signs users in by OpenID Connect, and AWS does not show its client secret, so the rule cannot be made again.',
    nextStep:
      'add the header to the conditions of the rule in its template, in the order of docs/authenticate-the-origin.md',
  },
  NO_FREE_PRIORITY: {
    means: 'There is no free number in front of a rule for the one that is to stand beside it.',
    nextStep: 'renumber the rules of the listener, which changes nothing else, and plan again',
  },
  CONDITION_LIMIT: {
    means: 'A rule has no room for the values of the header: AWS allows five values in all conditions of a rule.',
    nextStep:
      'split the rule in two with fewer values each, or let all distributions send the same value, and plan again',
  },
  RULE_QUOTA: {
    means: 'The rules that are to stand beside the others do not fit the quota of 100 rules for a load balancer.',
    nextStep: 'remove rules that nobody needs, and plan again',
  },
  NOTHING_TO_ROTATE: {
    means: 'No rule asks for a header, so there is no value to rotate.',
    nextStep: 'plan without --rotate',
  },
} as const satisfies Record<string, { readonly means: string; readonly nextStep: string }>;
export type GuideRefusalCode = keyof typeof GUIDE_REFUSALS;
