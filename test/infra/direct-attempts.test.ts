import { addDirectAttempts, rejectedPattern } from '../../infra/monitoring/direct-attempts.js';
import { matchesFields } from './support/match-filter.js';
import { synth } from './support/synth.js';

/** The default format, version 2. Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
const record = ({ to = '10.0.1.17', port = '443', protocol = '6', action = 'REJECT', rest = '' } = {}) =>
  `2 111122223333 eni-0123456789abcdef0 198.51.100.7 ${to} 49152 ${port} ${protocol} 3 180 1793534400 1793534460 ${action} OK${rest}`;

it.each([
  ['a rejected connection to the port', record(), true],
  ['an accepted one', record({ action: 'ACCEPT' }), false],
  ['another port', record({ port: '22' }), false],
  ['another protocol', record({ protocol: '17' }), false],
  ['a record without data', '2 111122223333 eni-0123456789abcdef0 - - - - - - - 1793534400 1793534460 - NODATA', false],
  ['a format with a field more', record({ rest: ' vpc-0123456789abcdef0' }), false],
])('%s', (_, line, matches) => {
  expect(matchesFields(rejectedPattern(443, null), line)).toBe(matches);
});

it.each([
  ['10.0.1.17', true],
  ['10.0.1.255', true],
  ['10.0.2.17', false],
])('to the addresses 10.0.1.*: %s is %s', (to, matches) => {
  expect(matchesFields(rejectedPattern(443, '10.0.1.*'), record({ to }))).toBe(matches);
});

it('has one filter for each port and address, all for the same metric', () => {
  const made = synth((stack) => {
    addDirectAttempts(stack, {
      on: true,
      logGroupName: 'vpc-flow-logs',
      namespace: 'OriginGuard',
      listenerPorts: [443, 8443],
      addresses: ['10.0.1.*', '10.0.2.*'],
    });
  });
  const filters = made.ofType('AWS::Logs::MetricFilter').map(({ Properties }) => Properties);
  expect(filters.map(({ FilterPattern }) => FilterPattern as unknown)).toEqual([
    rejectedPattern(443, '10.0.1.*'),
    rejectedPattern(443, '10.0.2.*'),
    rejectedPattern(8443, '10.0.1.*'),
    rejectedPattern(8443, '10.0.2.*'),
  ]);
  for (const { MetricTransformations } of filters) {
    expect(MetricTransformations).toEqual([
      {
        MetricNamespace: 'OriginGuard',
        MetricName: 'DirectOriginRejected',
        MetricValue: '1',
        DefaultValue: 0,
        Unit: 'Count',
      },
    ]);
  }
  expect(made.objections).toEqual([]);
});

it.each([
  [{ listenerPorts: [0] }, /listener port 0; allowed/],
  [{ listenerPorts: [443.5] }, /listener port 443.5; allowed/],
  [{ addresses: ['10.0.1.0/24'] }, /address "10.0.1.0\/24"; allowed/],
  [
    { addresses: ['1*', '2*', '3*', '4*', '5*', '6*', '7*', '8*', '9*', '10*', '11*'] },
    /22 metric filters.*allowed: 20/,
  ],
])('%j is refused', (wrong, words) => {
  expect(() =>
    synth((stack) => {
      addDirectAttempts(stack, { on: true, logGroupName: 'x', namespace: 'OriginGuard', ...wrong });
    }),
  ).toThrow(words);
});
