import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INVENTORY_ACCESS_NAMES, parseInventoryAccess } from '../../functions/inventory-access.js';
import { INVENTORY_SETTING_NAMES, parseInventorySettings } from '../../functions/inventory-settings.js';

const NEEDED = { INVENTORY_BUCKET: 'org-inventories', AGGREGATOR_NAME: 'everybody' };
const DEFAULTS = {
  ...NEEDED,
  ORIGIN_HOSTNAMES: 'none',
  RESOLVE_ORIGINS: 'dns',
  METRICS_NAMESPACE: 'OriginGuard',
  LOG_LEVEL: 'info',
};
const ACCESS = { bucket: null, owner: null, region: null, maxAgeMs: 86_400_000 };

const refused = (name: string, text: string | undefined, allowed: string) =>
  expect.objectContaining({
    code: 'E1011',
    detail: expect.stringMatching(`^${name} is "${text ?? ''}"; allowed: .*${allowed}`) as string,
  }) as Error;

describe('the inventory function', () => {
  it('needs a bucket and an aggregator, and nothing else', () => {
    expect(parseInventorySettings({ ...NEEDED, PATH: '/bin' })).toEqual(DEFAULTS);
  });

  it.each([
    ['ORIGIN_HOSTNAMES', 'www.example.com=web.elb.amazonaws.com'],
    ['RESOLVE_ORIGINS', 'off'],
    ['METRICS_NAMESPACE', 'Security/OriginGuard'],
    ['LOG_LEVEL', 'error'],
  ])('%s = %s', (name, text) => {
    expect(parseInventorySettings({ ...NEEDED, [name]: text })).toEqual({ ...DEFAULTS, [name]: text });
  });

  it.each([
    ['INVENTORY_BUCKET', undefined, 'the name of a bucket'],
    ['INVENTORY_BUCKET', 'Bucket', 'the name of a bucket'],
    ['INVENTORY_BUCKET', 'ab', 'the name of a bucket'],
    ['AGGREGATOR_NAME', undefined, 'the name of an aggregator'],
    ['AGGREGATOR_NAME', 'a b', 'the name of an aggregator'],
    ['RESOLVE_ORIGINS', 'no', 'dns or off'],
    ['METRICS_NAMESPACE', 'a b', 'letters, digits'],
    ['LOG_LEVEL', 'debug', 'info, warn, error'],
  ])('%s = "%s" names the variable, its value and what is allowed', (name, text, allowed) => {
    expect(() => parseInventorySettings({ ...NEEDED, [name]: text })).toThrow(refused(name, text, allowed));
  });
});

describe('the functions that read inventories', () => {
  it('need none of these settings', () => {
    expect(parseInventoryAccess({ PATH: '/bin' })).toEqual(ACCESS);
  });

  it.each([
    ['INVENTORY_BUCKET', 'org-inventories', { bucket: 'org-inventories' }],
    ['INVENTORY_BUCKET_OWNER', '444455556666', { owner: '444455556666' }],
    ['INVENTORY_BUCKET_REGION', 'eu-west-1', { region: 'eu-west-1' }],
    ['INVENTORY_MAX_AGE_HOURS', '1', { maxAgeMs: 3_600_000 }],
    ['INVENTORY_MAX_AGE_HOURS', '168', { maxAgeMs: 604_800_000 }],
    ['INVENTORY_MAX_AGE_HOURS', '012', { maxAgeMs: 43_200_000 }],
  ])('%s = %s', (name, text, value) => {
    expect(parseInventoryAccess({ [name]: text })).toEqual({ ...ACCESS, ...value });
  });

  it.each([
    ['INVENTORY_BUCKET', '', 'the name of a bucket'],
    ['INVENTORY_BUCKET', 'a_b_c', 'the name of a bucket'],
    ['INVENTORY_BUCKET_OWNER', '4444', 'an account id of 12 digits'],
    ['INVENTORY_BUCKET_REGION', 'Ireland', 'a Region such as us-east-1'],
    ['INVENTORY_MAX_AGE_HOURS', '0', 'whole hours from 1 to 168'],
    ['INVENTORY_MAX_AGE_HOURS', '169', 'whole hours from 1 to 168'],
    ['INVENTORY_MAX_AGE_HOURS', '1.5', 'whole hours from 1 to 168'],
    ['INVENTORY_MAX_AGE_HOURS', '', 'whole hours from 1 to 168'],
  ])('%s = "%s" names the variable, its value and what is allowed', (name, text, allowed) => {
    expect(() => parseInventoryAccess({ [name]: text })).toThrow(refused(name, text, allowed));
  });
});

it('docs/operations.md lists every setting', () => {
  const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  for (const name of [...INVENTORY_SETTING_NAMES, ...INVENTORY_ACCESS_NAMES]) expect(page).toContain(`| \`${name}\` |`);
});
