import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  admit,
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  disableDistribution,
  given,
  httpFrom,
  revoke,
} from './support/article-environment.js';
import { clientsFor, DEFAULT_ACCOUNT, defaultCaller } from './support/caller.js';
import { saveByReadme } from './support/save.js';
import { scan } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();

/** Saves by the commands of the README and scans by its command. */
async function saveAndScan() {
  await saveByReadme(world, defaultCaller);
  return scan(world.folder, ['--from', 'saved']);
}

// moto's prefix lists are AWS's in name, owner and form; their entries are a sample, and they weigh nothing in a group.
it('the article from the open door to the closed one, saved with the real AWS CLI', async () => {
  const clients = clientsFor(world.moto, defaultCaller);
  const { groupId, ruleIds, loadBalancerArn, dnsName, distributionId } = await buildEnvironment(clients);
  const place = { ruleId: 'alb-sg-cloudfront-only', accountId: DEFAULT_ACCOUNT, region: 'us-east-1' };
  const paths = [
    {
      distributionId,
      originId: 'demo-sbx-alb',
      originDomain: dnsName,
      linkedBy: 'dns-name',
      loadBalancerArn,
      otherEntrances: [],
    },
  ];

  const open = await saveAndScan();
  expect(open.code).toBe(1);
  expect(open.stderr).toBe('');
  const http = { protocol: 'tcp', fromPort: 80, toPort: 80 };
  expect(open.of(groupId)).toMatchObject({
    ...place,
    verdict: 'NON_COMPLIANT',
    paths,
    findings: [{ reason: 'world-ipv4', securityGroupRuleId: ruleIds[0], ...http, source: '0.0.0.0/0' }],
  });
  expect(ruleIds[0]).toMatch(/^sgr-/);

  const prefixListId = await awsPrefixList(clients, CLOUDFRONT_LIST);
  await admit(clients, groupId, httpFrom({ PrefixListIds: [{ PrefixListId: prefixListId }] }));
  await revoke(clients, groupId, ruleIds);
  const closed = await saveAndScan();
  expect(closed.code).toBe(0);
  expect(closed.of(groupId)).toMatchObject({ ...place, verdict: 'COMPLIANT', paths, findings: [], gaps: [] });

  const etag = await disableDistribution(clients, given(distributionId ?? undefined));
  const disabled = await saveAndScan();
  expect([disabled.code, disabled.of(groupId).verdict]).toEqual([0, 'NOT_APPLICABLE']);

  await clients.cloudfront.send(new DeleteDistributionCommand({ Id: distributionId ?? '', IfMatch: etag }));
  const deleted = await saveAndScan();
  expect(deleted.code).toBe(0);
  expect(deleted.of(groupId)).toMatchObject({ verdict: 'NOT_APPLICABLE', paths: [], gaps: [] });
});

it('an open group is not applicable in an account that never had a distribution', async () => {
  const { groupId } = await buildEnvironment(clientsFor(world.moto, defaultCaller), { originDomain: null });
  const { code, of, stderr } = await saveAndScan();
  expect([code, of(groupId).verdict, stderr]).toEqual([0, 'NOT_APPLICABLE', '']);
});

it('every group of an account without any load balancer is not applicable', async () => {
  const { code, result } = await saveAndScan();
  expect(code).toBe(0);
  expect(result.evaluations.map(({ verdict }) => verdict)).toEqual(['NOT_APPLICABLE']);
});
