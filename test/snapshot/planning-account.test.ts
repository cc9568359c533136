import { readSnapshot } from '../../snapshot/read-snapshot.js';
import {
  ACCOUNT,
  compliantFiles,
  GROUP,
  OTHER_ACCOUNT,
  REGION,
  writeFiles,
  type Files,
  type Json,
} from '../support/saved-files.js';
import { APP, AT, ELSEWHERE, planning, told, WEB } from './planning-answers.js';

describe('a quota', () => {
  const quota = (Value: number, account = ACCOUNT, code = 'L-0EA8095F'): Json => ({
    Quota: {
      ServiceCode: 'vpc',
      QuotaArn: `arn:aws:servicequotas:${REGION}:${account}:vpc/${code}`,
      QuotaCode: code,
      Value,
    },
  });
  const asked = async (files: Files, at = AT) =>
    told((await planning(compliantFiles(files))).quota('rules-per-group', at));

  test('is that of the account and Region', async () => {
    const files = {
      'a.json': quota(120),
      'b.json': quota(200, OTHER_ACCOUNT),
      'c.json': quota(5, ACCOUNT, 'L-2AFB9258'),
      'd.json': quota(60, ''),
    };
    expect(await asked(files)).toBe(120);
    expect(await asked(files, ELSEWHERE)).toBe(200);
    expect(await told((await planning(compliantFiles(files))).quota('groups-per-interface', AT))).toBe(5);
  });

  test('is the smaller one of two moments, and the default of AWS where no account is named', async () => {
    expect(await asked({ 'a.json': quota(120), 'b.json': quota(100) })).toBe(100);
    expect(await asked({ 'a.json': quota(60, '') })).toBe(60);
  });

  test('is a gap where it was not saved, or another one was', async () => {
    const gap = `not-seen: quota L-0EA8095F was not seen; add the output of aws service-quotas get-service-quota --service-code vpc --quota-code L-0EA8095F`;
    expect(await asked({})).toBe(gap);
    expect(await asked({ 'a.json': quota(1, ACCOUNT, 'L-F678F1CE') })).toBe(gap);
  });

  test('is a gap where reading it was denied to collect', async () => {
    const Denied = [{ fact: 'quota L-0EA8095F', detail: 'no', accountId: ACCOUNT, region: REGION }];
    expect(await asked({ 'denied.json': { Denied } })).toBe('access-denied: no');
  });

  test('of which the value is none is refused with the file and the field', async () => {
    const { Quota } = quota(1) as { readonly Quota: Json };
    await expect(asked({ 'a.json': { Quota: { ...Quota, Value: 'many' } } })).rejects.toMatchObject({
      code: 'E1005',
      detail: expect.stringMatching(/a\.json: Quota\.Value: found "many", expected number$/),
    });
  });
});

describe('rollback records', () => {
  const record = (id: string, LastModifiedDate: unknown = '2026-06-30T12:00:00Z', overrides: Json = {}): Json => ({
    Name: `/origin-guard/rollback/${GROUP}/${id}`,
    Type: 'String',
    Value: `{"of":"${id}"}`,
    Version: 1,
    LastModifiedDate,
    ARN: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/origin-guard/rollback/${GROUP}/${id}`,
    ...overrides,
  });
  const asked = async (files: Files, id = WEB) => told((await planning(compliantFiles(files))).rollbackRecords(id, AT));
  const NOT_SEEN =
    'not-seen: the rollback records of account 111122223333 in us-east-1 were not seen; add the output of aws ssm get-parameters-by-path --path /origin-guard/rollback --recursive';

  test('are told newest first, whether times are texts or seconds', async () => {
    const Parameters = [record('a'), record('b', 1_782_820_800), record('c', '2026-06-30T14:00:00+02:00')];
    expect(await asked({ 'records.json': { Parameters } })).toEqual([
      { id: 'a', text: '{"of":"a"}', savedAt: '2026-06-30T12:00:00.000Z' },
      { id: 'b', text: '{"of":"b"}', savedAt: '2026-06-30T12:00:00.000Z' },
      { id: 'c', text: '{"of":"c"}', savedAt: '2026-06-30T12:00:00.000Z' },
    ]);
    expect(
      await asked({ 'records.json': { Parameters: [record('a'), record('b', '2026-07-01T00:00:00Z')] } }),
    ).toMatchObject([{ id: 'b' }, { id: 'a' }]);
  });

  test('of two moments count as they were later', async () => {
    const later = record('a', '2026-06-30T13:00:00Z', { Value: 'later' });
    const files = { 'x.json': { Parameters: [record('a')] }, 'y.json': { Parameters: [later] } };
    expect(await asked(files)).toEqual([{ id: 'a', text: 'later', savedAt: '2026-06-30T13:00:00.000Z' }]);
  });

  test('are none where the list is empty, or has only those of other groups', async () => {
    expect(await asked({ 'records.json': { Parameters: [] } })).toEqual([]);
    expect(await asked({ 'records.json': { Parameters: [record('a')] } }, APP)).toEqual([]);
  });

  test('in a file named for one group say nothing of another', async () => {
    const files = { [`get-parameters-by-path-${GROUP}-1.json`]: { Parameters: [] } };
    expect(await asked(files)).toEqual([]);
    expect(await asked(files, APP)).toBe(NOT_SEEN);
    const part = { [`${GROUP}.json`]: { Parameters: [record('a')], NextToken: 'more' } };
    expect(await asked(part)).toBe(NOT_SEEN);
  });

  test('are a gap where they were not saved, or go on', async () => {
    expect(await asked({})).toBe(NOT_SEEN);
    expect(await asked({ 'records.json': { Parameters: [record('a')], NextToken: 'more' } })).toMatch(/^incomplete: /);
  });

  test('are a gap where reading them was denied to collect', async () => {
    const Denied = [{ fact: 'rollbackRecords', detail: 'no', accountId: ACCOUNT, region: REGION }];
    expect(await asked({ 'denied.json': { Denied } })).toBe('access-denied: no');
  });

  test.each<[string, unknown]>([
    ['other parameters of Parameter Store', [{ Name: '/app/password', Value: 'secret', LastModifiedDate: 'x' }]],
    ['parameters of a database', [{ ParameterName: 'max_connections', ParameterValue: '100' }]],
    ['parameters of a template', { Environment: { Type: 'String' } }],
    ['texts', ['a', 'b']],
  ])('are passed over in %s, which are not read', async (_, Parameters) => {
    const files = { 'other.json': { Parameters } };
    expect(await asked(files)).toBe(NOT_SEEN);
    const options = { flags: { accountId: null, region: null }, cloudfrontPrefixLists: [] };
    const { warnings } = await readSnapshot([writeFiles(compliantFiles(files))], options);
    expect(warnings).toEqual([expect.stringMatching(/other\.json: no key of this file is recognized/)]);
  });

  test('are taken from among other parameters; what lies there under another name is left out', async () => {
    const other = { Name: '/app/password', Value: 'secret', LastModifiedDate: 'x' };
    const stray = record('a', undefined, { Name: '/origin-guard/rollback/notes' });
    expect(await asked({ 'records.json': { Parameters: [other, stray, record('a')] } })).toMatchObject([{ id: 'a' }]);
  });

  test('without a value are refused with the file and the field', async () => {
    const Parameters = [record('a', undefined, { Value: undefined })];
    await expect(asked({ 'records.json': { Parameters } })).rejects.toMatchObject({
      code: 'E1005',
      detail: expect.stringMatching(/records\.json: Parameters\[0\]\.Value: found nothing, expected string$/),
    });
  });
});
