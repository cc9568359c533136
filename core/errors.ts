type Source = 'input' | 'aws' | 'internal';

interface ErrorEntry {
  readonly source: Source;
  readonly retryable: boolean;
  readonly summary: string;
  readonly remedy: string;
}

/** Every failure we raise on purpose. The code is the contract; the message is for people. */
export const ERRORS = {
  E1001: {
    source: 'input',
    retryable: false,
    summary: 'The event is not an AWS Config custom rule event',
    remedy: 'The message names the field; the function is meant to be invoked by AWS Config.',
  },
  E1002: {
    source: 'input',
    retryable: false,
    summary: 'A rule parameter is not valid',
    remedy: 'The message names the parameter, its value and what is allowed; `origin-guard rules` lists them all.',
  },
  E1003: {
    source: 'input',
    retryable: false,
    summary: 'The command line is used wrongly',
    remedy: 'See `origin-guard --help`, or `--help` behind the command.',
  },
  E1004: {
    source: 'input',
    retryable: false,
    summary: 'An input file cannot be read, or is not JSON',
    remedy: 'Save the file again: it may be cut short, or another format.',
  },
  E1005: {
    source: 'input',
    retryable: false,
    summary: 'An input file has a recognized key with a value of the wrong shape',
    remedy: 'The message names the file and the field; save the output of the AWS command unedited.',
  },
  E1006: {
    source: 'input',
    retryable: false,
    summary: 'Nothing in the input is recognized',
    remedy: 'Point `--from` at output of the AWS commands in the README, or at an AWS Config snapshot.',
  },
  E1007: {
    source: 'input',
    retryable: false,
    summary: 'No rule has this id',
    remedy: '`origin-guard rules` lists the ids.',
  },
  E1008: {
    source: 'input',
    retryable: false,
    summary: 'The resource to explain is not in the input',
    remedy: 'Give the id of a security group, load balancer or distribution that `origin-guard scan` lists.',
  },
  E1009: {
    source: 'input',
    retryable: false,
    summary: 'The result cannot be written',
    remedy: 'Check that the folder of `--output` exists and can be written.',
  },
  E1010: {
    source: 'input',
    retryable: false,
    summary: 'The event is about another account or Region than the function runs in',
    remedy: 'Deploy the function into the account and Region of the rule; nothing was reported.',
  },
  E1011: {
    source: 'input',
    retryable: false,
    summary: 'A setting of the function is not valid',
    remedy: 'The message names the environment variable, its value and what is allowed.',
  },
  E1012: {
    source: 'input',
    retryable: false,
    summary: 'The folder to collect into is not empty',
    remedy: 'Give `--out` a folder that is new or empty; nothing that is there is ever replaced.',
  },
  E1013: {
    source: 'input',
    retryable: false,
    summary: 'A request to the planner is not valid',
    remedy:
      'The message names the field; the planner is meant to be asked by the steps of its runbooks. Nothing was changed.',
  },
  E1014: {
    source: 'input',
    retryable: false,
    summary: 'A setting of the deployment is not valid',
    remedy: 'The message names the setting, its value and what is allowed; nothing was rendered. See `docs/deploy.md`.',
  },
  E2001: {
    source: 'aws',
    retryable: true,
    summary: 'AWS throttled or failed a call',
    remedy: 'AWS Config invokes the function again by itself; on the command line, try again later.',
  },
  E2002: {
    source: 'aws',
    retryable: true,
    summary: 'AWS Config rejected part of a report',
    remedy: 'The message names the first resource; every other result was reported.',
  },
  E2003: {
    source: 'aws',
    retryable: true,
    summary: 'The evidence for some verdicts could not be read',
    remedy: 'The message names what is missing, often a permission; every other result was reported.',
  },
  E2004: {
    source: 'aws',
    retryable: true,
    summary: 'Security Hub rejected part of the findings, or may not be asked',
    remedy:
      'The report to AWS Config was complete; the message names the first finding and the reason, or the permission.',
  },
  E2005: {
    source: 'aws',
    retryable: true,
    summary: 'The time ran out before everything was read',
    remedy: 'Nothing of what was read in part is reported; give the function more time, or try again later.',
  },
  E2006: {
    source: 'aws',
    retryable: true,
    summary: 'An answer of AWS cannot be read',
    remedy: 'A proxy may have cut or replaced it; if it stays, open an issue with the message.',
  },
  E2007: {
    source: 'aws',
    retryable: true,
    summary: 'The AWS credentials are missing, expired or refused',
    remedy: 'Check `aws sts get-caller-identity` with the same profile; sign in again.',
  },
  E2008: {
    source: 'aws',
    retryable: true,
    summary: 'The inventory of origins could not be read or written in whole',
    remedy:
      'The message names what is missing, often a permission or a bucket. What was not written grows old, and verdicts that need it are withheld.',
  },
  E2009: {
    source: 'aws',
    retryable: true,
    summary: 'The conformance pack of the organization may not be looked at, or was refused when it was put again',
    remedy:
      'The message names the permission or what AWS Config refuses; nothing was changed. Deploy the organization stack again.',
  },
  E9001: {
    source: 'internal',
    retryable: false,
    summary: 'An invariant of ours was broken',
    remedy: 'This is our fault: please open an issue with the command and the message.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** By the first digit of a code; a second saying, so that a function carries none of the words above. */
const SOURCES = { '1': 'input', '2': 'aws', '9': 'internal' } as const satisfies Record<string, Source>;

/** The one exception class: it means "I could not do my job", never an expected outcome. */
export class OriginGuardError extends Error {
  override readonly name = 'OriginGuardError';

  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }

  get source(): Source {
    return SOURCES[this.code.charAt(1) as keyof typeof SOURCES];
  }

  get retryable(): boolean {
    return this.source === 'aws';
  }
}
