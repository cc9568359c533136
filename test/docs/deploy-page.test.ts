import { MOST_SCP_CHARACTERS } from '../../infra/organization/scp.js';
import { MEMBER_STACK, ORGANIZATION_STACK, PACK_STACK } from '../../infra/names.js';
import { PACK_LIMITS, renderPack } from '../../infra/pack/render-pack.js';
import { CONTEXT_KEY, DEPLOYMENT_SETTING_NAMES, parseSettings } from '../../infra/settings.js';
import { metricLine } from '../../report/log-lines.js';
import { scp } from '../../scripts/scp.js';
import { artifacts } from '../../scripts/render.js';
import { SMALL_CODE, templatesOf } from '../infra/support.js';
import { fencesOf, read } from './support.js';

const page = read('docs/deploy.md');
const fences = fencesOf(page.replace(/^ {3}/gm, ''));
const commands = fences.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
const cdk = commands.filter((line) => /\bnpx cdk\b/.test(line));

/** The first cells of a table, without their marks. */
const firstCells = (text: string): readonly string[] =>
  [...text.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, cell]) => cell ?? '');

const between = (mark: string): string => {
  const [, after = ''] = page.split(`<!-- begin: ${mark} -->`);
  return after.split(`<!-- end: ${mark} -->`)[0] ?? '';
};

it('shows commands in fences of shell only', () => {
  expect([...new Set(fences.map(({ language }) => language))].sort()).toEqual(['json', 'sh']);
  expect(fences.length).toBe([...page.matchAll(/^ *```\w/gm)].length);
});

it('lists every setting, and no other', () => {
  expect(firstCells(between('rendered from infra/settings.ts by `npm run docs`'))).toEqual(DEPLOYMENT_SETTING_NAMES);
});

it.each(cdk)('%s', (line) => {
  const [, verb = '', ...rest] = (line.split('npx cdk')[1] ?? '').split(' ');
  const given = Object.fromEntries(
    rest.flatMap((word, at) => {
      if (word !== '-c') return [];
      const [name = '', ...value] = (rest[at + 1] ?? '').split('=');
      return [[name, value.join('=')] as const];
    }),
  );
  expect(() => parseSettings(given)).not.toThrow();
  for (const name of Object.keys(given)) expect(name).toMatch(new RegExp(`^${CONTEXT_KEY}:`));
  const stacks = rest.filter((word, at) => !word.startsWith('-') && rest[at - 1] !== '-c');
  if (verb === 'bootstrap') return;
  expect(['deploy', 'diff', 'destroy', 'list']).toContain(verb);
  const known = [MEMBER_STACK, PACK_STACK, ORGANIZATION_STACK, `${ORGANIZATION_STACK}-eu-west-1`];
  for (const name of stacks) {
    const pattern = new RegExp(`^${name.replaceAll("'", '').replace('*', '.*')}$`);
    expect([name, known.some((each) => pattern.test(each))]).toEqual([name, true]);
  }
});

it('takes settings, and not the parameters of before, wherever something that is deployed changes', () => {
  const upgrade = page.slice(page.indexOf('## Upgrade'), page.indexOf('## Removal'));
  const deploys = [...upgrade.matchAll(/npx cdk deploy [^\n`]+/g)].map(([line]) => line);
  expect(deploys.length).toBe(2);
  for (const line of deploys) expect(line).toMatch(/ --no-previous-parameters$/);
});

it('shows the one command for one account, which names the stacks to deploy', () => {
  expect(cdk).toContain(`npx cdk deploy ${MEMBER_STACK} ${PACK_STACK}`);
});

it.each(fences.filter(({ language }) => language === 'json').map(({ text }) => text))(
  'a cdk.json that is taken: %s',
  (text) => {
    const { app, context } = JSON.parse(text) as { app: string; context: Record<string, unknown> };
    expect(app).toBe((JSON.parse(read('cdk.json')) as { app: string }).app);
    expect(() => parseSettings(context)).not.toThrow();
  },
);

it('asks for the pack of the organization by the name that it is given', () => {
  const asked = [...page.matchAll(/--(?:organization-conformance-pack-name|conformance-pack-names) (\S+)/g)];
  expect(asked.map(([, name]) => name)).toEqual([parseSettings({}).packName, parseSettings({}).packName]);
});

it('lists what is rendered, and says what each is', () => {
  const rows = firstCells(page.slice(page.indexOf('| artifact |'), page.indexOf('Nothing is fixed before')));
  const rendered = [...artifacts(parseSettings({}), SMALL_CODE).keys()];
  const listed = [...page.matchAll(/`((?:runbooks|iam)\/\*\.json)`/g)].map(([, name]) => name ?? '');
  const kinds = new Set(rendered.map((path) => path.replace(/\/[^/]+$/, '/*.json')));
  expect(new Set([...rows, ...listed])).toEqual(kinds);
});

it('calls no setting by another name', () => {
  const named = [page, read('README.md')].flatMap((text) => [...text.matchAll(/\borigin-guard:(\w+)=/g)]);
  for (const [, name] of named) expect([...DEPLOYMENT_SETTING_NAMES, 'NAME']).toContain(name);
});

it('lists every parameter of the member template with its default and what it says', () => {
  const { Parameters } = templatesOf().member;
  const rows = Object.entries(Parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { Default, Description }]) => {
      const fallback = String(Default) === '' ? 'empty' : `\`${String(Default)}\``;
      return `| \`${name}\` | ${fallback} | ${String(Description)} |`;
    });
  const shown = between('parameters of the member template').trim().split('\n');
  expect(shown).toEqual(['| parameter | default | what it says |', '| --- | --- | --- |', ...rows]);
});

it('overrides only parameters that there are', () => {
  const { Parameters } = templatesOf().member;
  const overridden = [...page.matchAll(/ParameterKey=(\w+)/g)].map(([, name]) => name ?? '');
  expect(overridden.length).toBeGreaterThan(0);
  for (const name of [...overridden, 'FlowLogGroupName']) expect(Object.keys(Parameters)).toContain(name);
});

it('names what the member template makes as it is called there', () => {
  const text = JSON.stringify(templatesOf().member);
  const names = [...commands.join('\n').matchAll(/\/aws\/lambda\/(\w+)|--document-name (\S+)/g)];
  const own = names.map(([, log, document]) => log ?? document ?? '');
  for (const name of own.filter((each) => !/Reconcile|Inventory/.test(each))) expect(text).toContain(`"${name}"`);
  expect(own.length).toBeGreaterThan(3);
});

it('calls the script of the management account with options that it has', () => {
  const script = read('infra/management-account/set-up.sh');
  const calls = commands.filter((line) => line.startsWith('infra/management-account/set-up.sh'));
  const options = calls.flatMap((line) => [...line.matchAll(/(--[\w-]+)/g)].map(([, option]) => option ?? ''));
  expect(calls.length).toBe(3);
  for (const option of options) expect(script).toMatch(new RegExp(`^ +(?:--\\w+ \\| )*${option}\\b.*\\)`, 'm'));
  expect(script).toContain('docs/deploy.md, "The management account"');
});

it('writes a service control policy by the command that it shows', () => {
  const [line = ''] = commands.filter((each) => each.includes('npm run --silent scp'));
  const args = (line.split(' -- ')[1]?.split(' > ')[0] ?? '').split(' ').map((word) => word.replaceAll("'", ''));
  const { code, stdout, stderr } = scp(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ Version: '2012-10-17' });
  expect(stdout.trim().length).toBeLessThan(MOST_SCP_CHARACTERS);
});

it('says what AWS Config and AWS Organizations take, and counts what there is', () => {
  for (const limit of [PACK_LIMITS.bytes, PACK_LIMITS.inputCharacters, MOST_SCP_CHARACTERS])
    expect(page).toContain(limit.toLocaleString('en-US'));
  expect(page).toContain(`${String(PACK_LIMITS.parameters)} parameters`);
  expect(page).toContain(`at most ${String(PACK_LIMITS.ruleNameCharacters)} characters`);
  const pack = renderPack({ ...parseSettings({}), roleAccount: '${AWS::AccountId}' });
  expect(page).toContain(`bytes and ${String(Object.keys(pack['Parameters'] as object).length)};`);
  const quiet = { judged: 1, nonCompliant: 0, indeterminate: 0, kept: 0, failed: 0, apiCalls: 5, durationMs: 900 };
  const line = metricLine(quiet, { namespace: 'OriginGuard', ruleId: 'a-rule', epochMs: 0 });
  expect(page).toContain(`| custom metrics | ${String(line.split('"Name":').length - 1)} metrics`);
});

describe('the cost', () => {
  const rows = page
    .slice(page.indexOf('## Cost'), page.indexOf('What drives it:'))
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('$'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const dollars = (cell = ''): number => Number(/\$([\d,.]+)/.exec(cell)?.[1]?.replaceAll(',', '') ?? 0);

  it.each(rows.filter(([, , how]) => how?.includes(' = ')))('adds up: %s %s', (_, what, how = '', each) => {
    const [sum = '', result = ''] = how.split(' = ');
    const added = sum
      .replaceAll(/ [a-z][a-z ]*/g, ' ')
      .split('+')
      .map((part) => part.split('×').reduce((product, factor) => product * Number(factor.trim()), 1))
      .reduce((total, part) => total + part, 0);
    expect([what, added]).toEqual([what, Number.parseInt(result, 10)]);
    expect(dollars(each)).toBeCloseTo(added * dollars(how), 2);
  });

  it('is the sum of its rows, in round numbers', () => {
    const [total] = rows.slice(-1);
    const sum = rows.slice(0, -1).reduce((added, [, , , , all]) => added + dollars(all), 0);
    expect(Math.round(sum / 100) * 100).toBe(dollars(total?.[4]));
  });
});
