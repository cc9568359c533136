import { deniedGap, isDenied, toCodedError } from '../../aws/failures.js';
import { BrokenAnswerError } from '../../aws/middleware/whole-answers.js';
import { OriginGuardError } from '../../core/errors.js';
import { ACCOUNT, REGION } from '../support/builders.js';
import { awsError } from './support/session.js';

describe('isDenied', () => {
  test.each([
    'AccessDenied',
    'AccessDeniedException',
    'AuthorizationError',
    'NotAuthorized',
    'OptInRequired',
    'UnauthorizedOperation',
  ])('%s is a refusal', (name) => {
    expect(isDenied(awsError(name))).toBe(true);
  });

  test.each([
    'AuthFailure',
    'RequestLimitExceeded',
    'InternalError',
    'Unknown',
    'ExpiredToken',
    'BrokenAnswerError',
    '',
  ])('"%s" is none', (name) => {
    expect(isDenied(awsError(name))).toBe(false);
  });

  test.each([null, undefined, 'AccessDenied', { code: 'AccessDenied' }, { name: 7 }])('%p is none', (error) => {
    expect(isDenied(error)).toBe(false);
  });
});

test('the gap of a refusal names what was read, where, and the permission it takes', () => {
  expect(
    deniedGap(
      { accountId: ACCOUNT, region: REGION },
      { fact: 'loadBalancers', what: 'load balancers', action: 'elasticloadbalancing:DescribeLoadBalancers' },
    ),
  ).toEqual({
    fact: 'loadBalancers',
    cause: 'access-denied',
    detail: `reading load balancers of account ${ACCOUNT} in ${REGION} was denied; allow elasticloadbalancing:DescribeLoadBalancers`,
  });
});

describe('toCodedError', () => {
  test.each([
    ['RequestLimitExceeded', 'E2001'],
    ['ThrottlingException', 'E2001'],
    ['InternalError', 'E2001'],
    ['TimeoutError', 'E2001'],
    ['ExpiredToken', 'E2007'],
    ['ExpiredTokenException', 'E2007'],
    ['CredentialsProviderError', 'E2007'],
    ['InvalidClientTokenId', 'E2007'],
    ['UnrecognizedClientException', 'E2007'],
    ['AuthFailure', 'E2007'],
    ['SyntaxError', 'E2006'],
    ['BrokenAnswerError', 'E2006'],
  ])('%s becomes %s', (name, code) => {
    expect(toCodedError(awsError(name), 'reading')).toMatchObject({ code });
  });

  test('keeps the error as its cause, and says in one line what was done and what AWS said', () => {
    const error = Object.assign(awsError('RequestLimitExceeded', 'Request limit\n  exceeded.'), {
      $metadata: { attempts: 5 },
    });
    const coded = toCodedError(error, 'reading load balancers');
    expect(coded.message).toBe(
      'E2001: reading load balancers failed: RequestLimitExceeded: Request limit exceeded. (after 5 attempts)',
    );
    expect(coded.cause).toBe(error);
  });

  test('does not count one attempt', () => {
    const error = Object.assign(awsError('InternalError', 'oops'), { $metadata: { attempts: 1 } });
    expect(toCodedError(error, 'reading').detail).toBe('reading failed: InternalError: oops');
  });

  test('cuts a long message', () => {
    expect(toCodedError(awsError('InternalError', 'x'.repeat(5_000)), 'reading').message.length).toBeLessThan(300);
  });

  test('passes on an error that has a code', () => {
    const error = new OriginGuardError('E2005', 'late');
    expect(toCodedError(error, 'reading')).toBe(error);
  });

  test('takes the given code where no other fits', () => {
    expect(toCodedError(awsError('ValidationError'), 'assuming a role', 'E2007')).toMatchObject({ code: 'E2007' });
    expect(toCodedError(new BrokenAnswerError('cut'), 'assuming a role', 'E2007')).toMatchObject({ code: 'E2006' });
  });

  test.each([
    ['a text', 'reading failed: no reason given'],
    [null, 'reading failed: no reason given'],
    [{ name: 'Odd', message: 'from another realm' }, 'reading failed: Odd: from another realm'],
  ])('%p that was raised in place of an error is E2001', (raised, detail) => {
    expect(toCodedError(raised, 'reading')).toMatchObject({ code: 'E2001', detail });
  });
});
