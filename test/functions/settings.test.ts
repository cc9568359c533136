import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings, SETTING_NAMES } from '../../functions/settings.js';

const DEFAULTS = {
  PUBLISH_FINDINGS: true,
  CACHE_SECONDS: 180,
  METRICS_NAMESPACE: 'OriginGuard',
  LOG_LEVEL: 'info',
};

it('every setting is optional', () => {
  expect(parseSettings({ PATH: '/bin', AWS_REGION: 'us-east-1' })).toEqual(DEFAULTS);
});

it.each([
  ['PUBLISH_FINDINGS', 'false', false],
  ['CACHE_SECONDS', '0', 0],
  ['CACHE_SECONDS', '3600', 3600],
  ['METRICS_NAMESPACE', 'Security/OriginGuard', 'Security/OriginGuard'],
  ['LOG_LEVEL', 'error', 'error'],
])('%s = %s', (name, text, value) => {
  expect(parseSettings({ [name]: text })).toEqual({ ...DEFAULTS, [name]: value });
});

it.each([
  ['PUBLISH_FINDINGS', 'no', 'true or false'],
  ['PUBLISH_FINDINGS', '', 'true or false'],
  ['CACHE_SECONDS', '3601', '0 to 3600'],
  ['CACHE_SECONDS', '-1', '0 to 3600'],
  ['CACHE_SECONDS', '1.5', '0 to 3600'],
  ['METRICS_NAMESPACE', 'a b', 'letters, digits'],
  ['LOG_LEVEL', 'debug', 'info, warn, error'],
])('%s = "%s" names the variable, its value and what is allowed', (name, text, allowed) => {
  expect(() => parseSettings({ [name]: text })).toThrow(
    expect.objectContaining({
      code: 'E1011',
      detail: expect.stringMatching(`^${name} is "${text}"; allowed: .*${allowed}`) as string,
    }),
  );
});

it('docs/operations.md lists every setting', () => {
  const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  for (const name of SETTING_NAMES) expect(page).toContain(`| \`${name}\` |`);
});
