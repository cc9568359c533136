import {
  compliantFiles,
  filesWith,
  GROUP,
  OPEN,
  permission,
  run,
  scan,
  without,
  writeFiles,
  type Files,
} from '../support/saved-files.js';

const UNSEEN = permission({ PrefixListIds: [{ PrefixListId: 'pl-0unseen' }] });

const cases: readonly (readonly [name: string, files: Files, code: number])[] = [
  ['everything is closed', compliantFiles(), 0],
  ['nothing is in scope', compliantFiles({ 'load-balancers.json': { LoadBalancers: [] } }), 0],
  ['something is open', filesWith([OPEN]), 1],
  ['something is open beside what cannot be told', filesWith([OPEN, UNSEEN]), 1],
  ['something cannot be told', filesWith([UNSEEN]), 3],
  ['a needed file is absent', without(compliantFiles(), 'distributions.json'), 3],
];

describe('scan', () => {
  test.each(cases)('%s', async (_name, files, code) => {
    expect((await scan(files, '--rule', 'alb-sg-cloudfront-only')).code).toBe(code);
  });

  test('the input cannot be read', async () => {
    expect((await scan({ 'broken.json': '{' })).code).toBe(2);
  });
});

describe('explain', () => {
  test.each(cases)('%s', async (_name, files, code) => {
    expect((await run(['explain', GROUP, '--from', writeFiles(files)])).code).toBe(code);
  });

  test('the code is that of the resource that is explained, not of the others', async () => {
    const files = filesWith([OPEN], { 'more.json': { SecurityGroups: [{ GroupId: 'sg-0else', IpPermissions: [] }] } });
    const folder = writeFiles(files);
    expect(
      (await run(['explain', 'sg-0else', '--from', folder, '--region', 'us-east-1', '--account', '111122223333'])).code,
    ).toBe(0);
    expect((await run(['scan', '--from', folder, '--region', 'us-east-1', '--account', '111122223333'])).code).toBe(1);
  });

  test('the resource is not in the input', async () => {
    expect((await run(['explain', 'sg-0none', '--from', writeFiles(compliantFiles())])).code).toBe(2);
  });
});

describe('our own fault is 4, with the stack and a word to whom', () => {
  const boom = new Error('boom: the pipe broke');
  const breaks: readonly (readonly [string, Parameters<typeof run>[1]])[] = [
    [
      'the clock',
      {
        now: () => {
          throw boom;
        },
      },
    ],
    [
      'standard output',
      {
        stdout: {
          write: () => {
            throw boom;
          },
        },
      },
    ],
  ];

  test.each(['scan', 'explain'].flatMap((command) => breaks.map(([name, world]) => [command, name, world] as const)))(
    '%s: %s raises',
    async (command, _name, world) => {
      const id = command === 'explain' ? [GROUP] : [];
      const ran = await run([command, ...id, '--from', writeFiles(compliantFiles())], world);
      expect(ran.code).toBe(4);
      expect(ran.stderr).toMatch(
        /^origin-guard: this is our own fault, please open an issue with this text\nError: boom/,
      );
      expect(ran.stderr).toContain('exit-codes.test');
      expect(ran.stdout).toBe('');
    },
  );

  test('what is thrown need not be an error', async () => {
    const world = { now: () => ({ toISOString: () => raiseWords() }) as unknown as Date };
    const ran = await run(['scan', '--from', writeFiles(compliantFiles())], world);
    expect([ran.code, ran.stderr.split('\n')[1]]).toEqual([4, 'words']);
  });
});

/** Raises a text, as a library may. */
function raiseWords(): never {
  const words: unknown = 'words';
  throw words as Error;
}
