import { LISTS, PAGE_TOKENS } from '../../snapshot/kinds.js';
import { ResolutionItem } from '../../wire/names.js';
import { fencesOf, read } from './support.js';

const page = read('docs/input.md');
const table = page.split('\n').filter((line) => line.startsWith('| `'));
const listed = table.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([A-Za-z]+)`/g)].map(([, key]) => key));

it('lists every key that is recognized, and no other', () => {
  const keys = [...Object.keys(LISTS), ...['Entries', 'configurationItems', 'resourceType', 'configuration']];
  const fields = Object.keys(ResolutionItem.shape);
  expect([...listed].sort()).toEqual([...keys, ...fields].sort());
});

it('names every page token', () => {
  for (const token of PAGE_TOKENS) expect(page).toContain(`\`${token}\``);
});

it('shows saved DNS answers that are read', () => {
  const [example] = fencesOf(page).filter(({ language }) => language === 'json');
  const { Resolutions } = JSON.parse(example?.text ?? '{}') as { Resolutions: unknown[] };
  expect(Resolutions.map((each) => ResolutionItem.parse(each).status)).toEqual(['answered', 'no-such-name', 'failed']);
});
