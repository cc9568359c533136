import { gzipSync } from 'node:zlib';
import { compliantFiles, filesWith, OPEN, scan, verdictOn, type Json } from '../support/saved-files.js';

describe('files', () => {
  test('gzip is recognized by content, whatever the name', async () => {
    const { 'security-groups.json': groups, ...rest } = filesWith([OPEN]);
    const gzipped = gzipSync(JSON.stringify(groups));
    expect(await verdictOn({ ...rest, 'groups.json.gz': gzipped })).toBe('NON_COMPLIANT world-ipv4');
    expect(await verdictOn({ ...rest, 'groups.json': gzipped })).toBe('NON_COMPLIANT world-ipv4');
  });

  test('several kinds may stand in one file', async () => {
    const everything = Object.assign({}, ...Object.values(filesWith([OPEN]))) as Json;
    expect(await verdictOn({ 'everything.json': everything })).toBe('NON_COMPLIANT world-ipv4');
  });

  test('an unrecognized file is a warning that names it', async () => {
    const ran = await scan(
      compliantFiles({ 'instances.json': { Reservations: [] }, 'notes.txt': 'no JSON' }),
      '--rule',
      'alb-sg-cloudfront-only',
    );
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^warning: .*instances\.json: no key of this file is recognized.*\n$/);
  });
});
