import { packMetricLine } from '../../report/pack-metrics.js';

it('is one line of the embedded metric format, by the name of the pack', () => {
  const line = packMetricLine(
    { members: 12, failedMembers: 2, putAgain: 1 },
    { namespace: 'OriginGuard', packName: 'OriginGuard', epochMs: 1_700_000_000_000 },
  );
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_700_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'OriginGuard',
          Dimensions: [['PackName']],
          Metrics: [
            { Name: 'PackMembers', Unit: 'Count' },
            { Name: 'PackMembersFailed', Unit: 'Count' },
            { Name: 'PackPutAgain', Unit: 'Count' },
          ],
        },
      ],
    },
    PackName: 'OriginGuard',
    PackMembers: 12,
    PackMembersFailed: 2,
    PackPutAgain: 1,
  });
});
