import { settingRows } from '../../infra/setting-meanings.js';
import { DEPLOYMENT_SETTING_NAMES } from '../../infra/settings.js';

const rows = new Map(settingRows().map(({ name, ...row }) => [name, row]));

it('has words for every setting: what it means, and what is allowed as a refusal says it', () => {
  expect([...rows.keys()]).toEqual(DEPLOYMENT_SETTING_NAMES);
  for (const { means, allowed } of rows.values()) {
    expect(means).toMatch(/^[A-Z].+\.$/);
    expect(allowed).toMatch(/^\S.{3,}/);
    expect(allowed).not.toMatch(/Invalid|expected/);
  }
});

it.each([
  ['remediation', 'manual', 'off, approved, manual, automatic'],
  ['governedRegions', 'us-east-1', 'a list; each: a Region such as us-east-1'],
  ['ruleParameters', 'none', 'an object of name and text, or its JSON'],
  ['publishFindings', 'true', 'true or false'],
  ['organizationId', 'none', 'the id of an organization such as o-abcd123456'],
  ['listenerPorts', '80,443', 'a list; each: a port from 1 to 65535'],
])('shows %s with its default and what is allowed', (name, fallback, allowed) => {
  expect(rows.get(name)).toMatchObject({ fallback, allowed });
});
