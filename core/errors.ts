type Source = 'input' | 'aws' | 'internal';

interface ErrorEntry {
  readonly source: Source;
  readonly retryable: boolean;
  readonly summary: string;
  readonly remedy: string;
}

/** Every failure we raise on purpose. The code is the contract; the message is for people. */
export const ERRORS = {
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
  E9001: {
    source: 'internal',
    retryable: false,
    summary: 'An invariant of ours was broken',
    remedy: 'This is our fault: please open an issue with the command and the message.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

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
    return ERRORS[this.code].source;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
