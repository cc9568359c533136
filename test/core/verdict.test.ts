import { compliant, notApplicable, settle, verdictFrom, type Verdict } from '../../core/verdict.js';
import { gap } from '../support/builders.js';

describe('verdictFrom', () => {
  it('nothing found and nothing missing is compliant', () =>
    expect(verdictFrom([], [])).toEqual({ kind: 'compliant' }));

  it('one finding is enough', () =>
    expect(verdictFrom(['x'], [])).toEqual({ kind: 'non-compliant', findings: ['x'], gaps: [] }));

  it('one gap forbids a pass', () =>
    expect(verdictFrom([], [gap('a')])).toEqual({ kind: 'indeterminate', gaps: [gap('a')] }));

  it('what was found stands beside what is missing, each gap once and in order', () =>
    expect(verdictFrom(['y', 'x'], [gap('b'), gap('a'), gap('b')])).toEqual({
      kind: 'non-compliant',
      findings: ['y', 'x'],
      gaps: [gap('a'), gap('b')],
    }));

  it('several gaps are each named once and in order', () =>
    expect(verdictFrom([], [gap('b'), gap('a'), gap('b')])).toEqual({
      kind: 'indeterminate',
      gaps: [gap('a'), gap('b')],
    }));
});

describe('settle', () => {
  const unknown: Verdict<string> = { kind: 'indeterminate', gaps: [gap('a')] };

  it('only lookups failed: the verdict stays untold, whatever is chosen', () => {
    const passing = verdictFrom<string>([], [gap('name', 'lookup-failed'), gap('other', 'lookup-failed')]);
    expect(settle(passing, 'non-compliant')).toBe(passing);
    const both = verdictFrom<string>([], [gap('name', 'lookup-failed'), gap('distributions')]);
    expect(settle(both, 'non-compliant').kind).toBe('non-compliant');
  });

  it('fail: an indeterminate verdict stays one', () => expect(settle(unknown, 'fail')).toBe(unknown));

  it('non-compliant: an indeterminate verdict becomes one without findings', () =>
    expect(settle(unknown, 'non-compliant')).toEqual({ kind: 'non-compliant', findings: [], gaps: [gap('a')] }));

  it.each([[compliant], [notApplicable('why')], [verdictFrom(['x'], [gap('a')])]])(
    'every other verdict stays as it is: %j',
    (verdict) => {
      expect(settle<string>(verdict, 'non-compliant')).toBe(verdict);
      expect(settle<string>(verdict, 'fail')).toBe(verdict);
    },
  );
});
