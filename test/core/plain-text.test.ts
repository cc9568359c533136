import { plain } from '../../core/plain-text.js';

test.each([
  ['Requests to the demo', 'Requests to the demo'],
  ['Zürich, 東京', 'Zürich, 東京'],
  ['two\nlines\r\nthree', 'two lines three'],
  ['\u001b[2Jgone', ' [2Jgone'],
  ['a\u2028b\u202ec\u200bd', 'a b c d'],
])('%j stays on its line', (text, shown) => {
  expect(plain(text)).toBe(shown);
});
