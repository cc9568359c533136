import { GetFindingsCommand, type GetFindingsCommandOutput } from '@aws-sdk/client-securityhub';
import { listOf } from '../read/pages.js';
import { wholeList } from './lists.js';
import type { ProvingSession } from './session.js';

/** Everything these calls take. */
export const iamActions = ['securityhub:GetFindings'] as const;

/** The titles of the findings that AWS Config sent about a resource, whether they name its ARN or its id. */
export async function readFindingTitles(session: ProvingSession, arn: string): Promise<readonly string[]> {
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  const pages = await wholeList<GetFindingsCommandOutput>(session, {
    fact: `findings of ${id}`,
    what: `the findings of ${id}`,
    action: iamActions[0],
    command: 'get-findings',
    page: (NextToken, options) =>
      session.clients.securityHub.send(
        new GetFindingsCommand({
          Filters: {
            ResourceId: [arn, id].map((Value) => ({ Value, Comparison: 'EQUALS' })),
            ProductName: [{ Value: 'Config', Comparison: 'EQUALS' }],
          },
          NextToken,
        }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages.flatMap((page) => listOf(page.Findings, 'Findings')).flatMap(({ Title }) => Title ?? []);
}
