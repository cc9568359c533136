import { REMEDIATION_MODES, type RemediationMode, type Starter } from '../../../core/remediation-mode.js';
import type { RequestOf } from '../../../remediation/alb-sg-cloudfront-only/request.js';
import { parsePlannerRequest } from '../../../remediation/alb-sg-cloudfront-only/request.js';
import { refusedByMode } from '../../../remediation/alb-sg-cloudfront-only/started.js';

const WAYS: readonly (readonly [Starter, boolean])[] = [
  ['PERSON', false],
  ['PERSON', true],
  ['CONFIG', false],
  ['CONFIG', true],
];

const allowed = (mode: RemediationMode): readonly string[] =>
  WAYS.flatMap(([startedBy, requireApproval]) =>
    refusedByMode(mode, { startedBy, requireApproval }) === null
      ? [`${startedBy}${requireApproval ? ' with approval' : ''}`]
      : [],
  );

it.each<[RemediationMode, readonly string[]]>([
  ['off', []],
  ['approved', ['PERSON with approval', 'CONFIG with approval']],
  ['manual', ['PERSON', 'PERSON with approval']],
  ['automatic', ['PERSON', 'PERSON with approval', 'CONFIG', 'CONFIG with approval']],
])('%s allows runs of: %j', (mode, ways) => {
  expect(allowed(mode)).toEqual(ways);
});

it('a refusal says the mode, so that a person knows what to change', () => {
  const said = REMEDIATION_MODES.map((mode) => refusedByMode(mode, { startedBy: 'CONFIG', requireApproval: false }));
  expect(said).toEqual([
    'this account allows no run of the fixer (its mode is off)',
    'this account allows only runs that somebody approves, and this one asks nobody (its mode is approved)',
    'this account allows only runs that a person starts, and AWS Config started this one (its mode is manual)',
    null,
  ]);
});

describe('a request', () => {
  const asked = (more: Readonly<Record<string, unknown>>) =>
    parsePlannerRequest({
      mode: 'plan',
      securityGroupId: 'sg-0abc1234',
      executionId: 'run-1',
      ...more,
    }) as RequestOf<'plan'>;

  it('that does not say who started the run is a person’s, and asks nobody for approval', () => {
    expect(asked({})).toMatchObject({ startedBy: 'PERSON', requireApproval: false });
  });

  it('says it in the words of the runbook', () => {
    expect(asked({ startedBy: 'CONFIG', requireApproval: 'true' })).toMatchObject({
      startedBy: 'CONFIG',
      requireApproval: true,
    });
  });

  it('that names another starter is refused', () => {
    expect(() => asked({ startedBy: 'NOBODY' })).toThrow(
      'E1013: the planner\'s request: startedBy is "NOBODY"; allowed: PERSON, CONFIG',
    );
  });
});
