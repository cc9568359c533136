import { worstSeverity, type ReasonMeta } from '../../core/rule.js';

const reasons: Readonly<Record<string, ReasonMeta>> = {
  door: { severity: 'critical', means: 'The door is open.' },
  window: { severity: 'high', means: 'A window is open.' },
  cellar: { severity: 'medium', means: 'The cellar is open.' },
  fence: { severity: 'low', means: 'The fence has a hole.' },
};

const worst = (...found: readonly string[]) =>
  worstSeverity(
    found.map((reason) => ({ reason })),
    { reasons },
  );

describe('worstSeverity', () => {
  it.each([
    [['fence'], 'low'],
    [['fence', 'cellar'], 'medium'],
    [['cellar', 'fence', 'cellar'], 'medium'],
    [['window', 'fence'], 'high'],
    [['fence', 'door', 'window'], 'critical'],
  ])('%j: %s, in whichever order', (found, expected) => {
    expect(worst(...found)).toBe(expected);
    expect(worst(...[...found].reverse())).toBe(expected);
  });

  it('nothing found, or nothing that has a severity: null', () => {
    expect(worst()).toBeNull();
    expect(worst('roof')).toBeNull();
  });
});
