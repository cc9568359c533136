import { OriginGuardError, type ErrorCode } from '../core/errors.js';
import type { Gap } from '../core/fact.js';
import type { Session } from './session.js';

/**
 * How AWS says that a caller may not do something.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the common errors of each API.
 */
const DENIED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'NotAuthorized',
  'OptInRequired',
  'UnauthorizedOperation',
]);

/** How AWS, or the SDK, says that the credentials themselves are no good. */
const BAD_CREDENTIALS: ReadonlySet<string> = new Set([
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

const nameOf = (error: unknown): string =>
  error !== null && typeof error === 'object' && 'name' in error && typeof error.name === 'string' ? error.name : '';

/** How a Region that an account has not enabled refuses good credentials. */
const NOT_ENABLED: ReadonlySet<string> = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);

/** Whether a Region refused credentials as one does that the account has not enabled. */
export const isNotEnabled = (error: unknown): boolean => NOT_ENABLED.has(nameOf(error));

/** Whether AWS refused a call for want of permission. */
export const isDenied = (error: unknown): boolean => DENIED.has(nameOf(error));

/** Whether a call failed for the reason that AWS calls by this name. */
export const isCausedBy = (error: unknown, name: string): boolean =>
  nameOf(error instanceof OriginGuardError ? error.cause : error) === name;

/** The gap that a refused read leaves. */
export function deniedGap(
  { accountId, region }: Pick<Session, 'accountId' | 'region'>,
  { fact, what, action }: { readonly fact: string; readonly what: string; readonly action: string },
): Gap {
  return {
    fact,
    cause: 'access-denied',
    detail: `reading ${what} of account ${accountId} in ${region} was denied; allow ${action}`,
  };
}

/** The coded error for a call that failed for any other reason than permission; the cause keeps AWS's own words. */
export function toCodedError(error: unknown, doing: string, fallback: ErrorCode = 'E2001'): OriginGuardError {
  if (error instanceof OriginGuardError) return error;
  const name = nameOf(error);
  const code: ErrorCode = BAD_CREDENTIALS.has(name)
    ? 'E2007'
    : name === 'BrokenAnswerError' || name === 'SyntaxError'
      ? 'E2006'
      : fallback;
  return new OriginGuardError(code, `${doing} failed: ${wordsOf(error)}`, { cause: error });
}

/** What AWS said, in one short line. A message of a credentials error may quote a file, never a key. */
function wordsOf(error: unknown): string {
  const name = nameOf(error);
  const message = error instanceof Error || hasMessage(error) ? error.message : '';
  const attempts = attemptsOf(error);
  const text = [name, message.replaceAll(/\s+/g, ' ').slice(0, 200)].filter((part) => part !== '').join(': ');
  return `${text === '' ? 'no reason given' : text}${attempts > 1 ? ` (after ${String(attempts)} attempts)` : ''}`;
}

const hasMessage = (error: unknown): error is { readonly message: string } =>
  error !== null && typeof error === 'object' && 'message' in error && typeof error.message === 'string';

function attemptsOf(error: unknown): number {
  const metadata =
    error !== null && typeof error === 'object' && '$metadata' in error
      ? (error.$metadata as { readonly attempts?: number } | undefined)
      : undefined;
  return metadata?.attempts ?? 1;
}
