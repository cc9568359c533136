import { parseReconcileSettings, RECONCILE_SETTING_NAMES } from '../../functions/reconcile-settings.js';

const NEEDED = { PACK_NAME: 'OriginGuard', PACK_TEMPLATE: '{}' };

it('needs the name and the template of the pack, and nothing else', () => {
  expect(parseReconcileSettings({ ...NEEDED, PATH: '/bin' })).toEqual({
    ...NEEDED,
    RETRY_AFTER_HOURS: 6,
    METRICS_NAMESPACE: 'OriginGuard',
    LOG_LEVEL: 'info',
  });
  expect(RECONCILE_SETTING_NAMES).toEqual([
    'PACK_NAME',
    'PACK_TEMPLATE',
    'RETRY_AFTER_HOURS',
    'METRICS_NAMESPACE',
    'LOG_LEVEL',
  ]);
});

it.each([
  ['RETRY_AFTER_HOURS', '1', 1],
  ['RETRY_AFTER_HOURS', '168', 168],
  ['RETRY_AFTER_HOURS', '012', 12],
  ['LOG_LEVEL', 'error', 'error'],
  ['METRICS_NAMESPACE', 'Security/OriginGuard', 'Security/OriginGuard'],
])('%s = %s', (name, text, value) => {
  expect(parseReconcileSettings({ ...NEEDED, [name]: text })).toMatchObject({ [name]: value });
});

it.each([
  ['PACK_NAME', '', 'a letter'],
  ['PACK_NAME', '1pack', 'a letter'],
  ['PACK_TEMPLATE', '', 'the template'],
  ['RETRY_AFTER_HOURS', '0', 'whole hours'],
  ['RETRY_AFTER_HOURS', '169', 'whole hours'],
  ['RETRY_AFTER_HOURS', '1.5', 'whole hours'],
  ['LOG_LEVEL', 'debug', 'info, warn, error'],
])('%s = "%s" names the variable, its value and what is allowed', (name, text, allowed) => {
  expect(() => parseReconcileSettings({ ...NEEDED, [name]: text })).toThrow(
    expect.objectContaining({
      code: 'E1011',
      detail: expect.stringMatching(`^${name} is "${text}"; allowed: .*${allowed}`) as string,
    }),
  );
});

it.each(Object.keys(NEEDED))('%s is needed', (name) => {
  expect(() => parseReconcileSettings({ ...NEEDED, [name]: undefined })).toThrow(
    expect.objectContaining({ code: 'E1011', detail: expect.stringMatching(`^${name} is ""; allowed: `) as string }),
  );
});
