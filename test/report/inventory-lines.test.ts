import { inventoryMetricLine } from '../../report/inventory-lines.js';

it('a line from which CloudWatch makes the metrics of a run', () => {
  const measured = {
    written: 4,
    crossAccountOrigins: 3,
    unresolvedOrigins: 2,
    unfollowed: 1,
    succeeded: 1,
    apiCalls: 9,
    durationMs: 1234,
  };
  expect(JSON.parse(inventoryMetricLine(measured, { namespace: 'OriginGuard', epochMs: 7 }))).toEqual({
    _aws: {
      Timestamp: 7,
      CloudWatchMetrics: [
        {
          Namespace: 'OriginGuard',
          Dimensions: [[]],
          Metrics: [
            { Name: 'InventoriesWritten', Unit: 'Count' },
            { Name: 'CrossAccountOrigins', Unit: 'Count' },
            { Name: 'UnresolvedOrigins', Unit: 'Count' },
            { Name: 'UnfollowedReasons', Unit: 'Count' },
            { Name: 'InventorySucceeded', Unit: 'Count' },
            { Name: 'InventoryApiCalls', Unit: 'Count' },
            { Name: 'InventoryDuration', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    InventoriesWritten: 4,
    CrossAccountOrigins: 3,
    UnresolvedOrigins: 2,
    UnfollowedReasons: 1,
    InventorySucceeded: 1,
    InventoryApiCalls: 9,
    InventoryDuration: 1234,
  });
});
