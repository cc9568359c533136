import { groupBy } from '../../core/group-by.js';

it('items under their key, in order of first appearance', () => {
  const groups = groupBy(['pear', 'apple', 'plum', 'avocado', 'kiwi'], (name) => name.charAt(0));
  expect([...groups]).toEqual([
    ['p', ['pear', 'plum']],
    ['a', ['apple', 'avocado']],
    ['k', ['kiwi']],
  ]);
});

it('nothing in, nothing out', () => expect(groupBy([], String).size).toBe(0));
