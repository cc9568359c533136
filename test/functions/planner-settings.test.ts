import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlannerSettings, PLANNER_SETTING_NAMES } from '../../functions/planner-settings.js';

const DEFAULTS = {
  REMEDIATION_MODE: 'manual',
  RULE_PARAMETERS: {},
  IAC_MANAGED: 'WARN',
  IAC_TAG_KEYS: [],
  PORT_MERGE: 'ADJACENT',
  QUOTA_MODEL: 'both',
  LOG_LEVEL: 'info',
};

it('every setting is optional', () => {
  expect(parsePlannerSettings({ PATH: '/bin', AWS_REGION: 'us-east-1' })).toEqual(DEFAULTS);
});

it.each([
  ['REMEDIATION_MODE', 'off', 'off'],
  ['RULE_PARAMETERS', '{"ports":"listeners"}', { ports: 'listeners' }],
  ['IAC_MANAGED', 'REFUSE', 'REFUSE'],
  ['IAC_TAG_KEYS', ' owner:stack, ,tf ', ['owner:stack', 'tf']],
  ['PORT_MERGE', 'RANGE', 'RANGE'],
  ['QUOTA_MODEL', 'by-family', 'by-family'],
  ['LOG_LEVEL', 'warn', 'warn'],
])('%s = %s', (name, text, value) => {
  expect(parsePlannerSettings({ [name]: text })).toEqual({ ...DEFAULTS, [name]: value });
});

it.each([
  ['REMEDIATION_MODE', 'on', 'off, approved, manual, automatic'],
  ['RULE_PARAMETERS', 'ports=all', 'one JSON object'],
  ['RULE_PARAMETERS', '[]', 'one JSON object'],
  ['RULE_PARAMETERS', '', 'one JSON object'],
  ['IAC_MANAGED', 'refuse', 'WARN or REFUSE'],
  ['PORT_MERGE', 'ALL', 'ADJACENT or RANGE'],
  ['QUOTA_MODEL', '', 'both or by-family'],
  ['LOG_LEVEL', 'debug', 'info, warn, error'],
])('%s = "%s" names the variable, its value and what is allowed', (name, text, allowed) => {
  expect(() => parsePlannerSettings({ [name]: text })).toThrow(
    expect.objectContaining({
      code: 'E1011',
      detail: expect.stringMatching(`^${name} is ".*"; allowed: .*${allowed}`) as string,
    }),
  );
});

it('docs/operations.md lists every setting', () => {
  const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  for (const name of PLANNER_SETTING_NAMES) expect(page).toContain(`| \`${name}\` |`);
});
