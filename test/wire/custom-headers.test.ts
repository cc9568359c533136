import { toCustomHeaders } from '../../wire/custom-headers.js';

const named = (headerName: string) => toCustomHeaders({ quantity: 1, items: [{ headerName, headerValue: 'open' }] });

test.each(['x-origin-verify', 'X_Origin.Verify', "!#$%&'*+-.^`|~"])('a header named %j is known', (name) =>
  expect(named(name)?.map((each) => each.name)).toEqual([name]),
);

test.each(['', 'two words', 'x-verify\n', 'x-verify\u001b[31m', 'x:y'])(
  'no header is named %j, so what is sent is not known',
  (name) => expect(named(name)).toBeNull(),
);
