import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as accounts from '../../aws/accounts.js';
import * as distributions from '../../aws/read/distributions.js';
import * as aggregator from '../../aws/read/aggregator.js';
import * as inventory from '../../aws/read/inventory.js';
import * as groupReferences from '../../aws/read/group-references.js';
import * as groupUses from '../../aws/read/group-uses.js';
import * as listeners from '../../aws/read/listeners.js';
import * as loadBalancers from '../../aws/read/load-balancers.js';
import * as networkInterfaces from '../../aws/read/network-interfaces.js';
import * as prefixLists from '../../aws/read/prefix-lists.js';
import * as quotas from '../../aws/read/quotas.js';
import * as rollbackRecords from '../../aws/read/rollback-records.js';
import * as route53 from '../../aws/read/route53.js';
import * as securityGroups from '../../aws/read/security-groups.js';
import * as targetGroups from '../../aws/read/target-groups.js';
import * as tenants from '../../aws/read/tenants.js';
import * as vpcOrigins from '../../aws/read/vpc-origins.js';
import * as config from '../../aws/report/config.js';
import * as inventoryStore from '../../aws/report/inventory-store.js';
import * as securityHub from '../../aws/report/security-hub.js';

const READERS = [
  distributions,
  listeners,
  loadBalancers,
  networkInterfaces,
  prefixLists,
  route53,
  securityGroups,
  targetGroups,
  tenants,
  vpcOrigins,
].flatMap(({ iamActions }) => [...iamActions]);
/** What plans read besides, of which a scan reads some too. */
const PLANNING = [groupReferences, groupUses, quotas, rollbackRecords].flatMap(({ iamActions }) => [...iamActions]);
const REPORTS = [...config.reportIamActions, ...securityHub.reportIamActions];
const REPORT_READS = [...config.readIamActions, ...securityHub.readIamActions];

it('everything that reads only reads, and names no action twice', () => {
  const reads = [...READERS, ...REPORT_READS];
  const all = [...reads, ...PLANNING];
  for (const action of all) expect(action).toMatch(/^[a-z0-9]+:(?:Describe|Get|List)[A-Z]\w+$/);
  expect(new Set(reads).size).toBe(reads.length);
});

it('the rule may report, and write nothing else', () => {
  expect(REPORTS.sort()).toEqual(['config:PutEvaluations', 'securityhub:BatchImportFindings']);
});

it('the inventory function reads an aggregator and writes objects; whoever reads an inventory reads objects only', () => {
  expect([...aggregator.iamActions, ...inventoryStore.readIamActions]).toEqual([
    'config:SelectAggregateResourceConfig',
    's3:ListBucket',
  ]);
  expect([inventoryStore.reportIamActions, inventory.iamActions]).toEqual([['s3:PutObject'], ['s3:GetObject']]);
});

it('docs/operations.md lists what the command line asks for, and nothing more', () => {
  const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  const listed = /These are the permissions it asks for:\n\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '';
  const actions = [...listed.matchAll(/`([a-z0-9]+:\w+)`/g)].map(([, action]) => action);
  expect(actions.sort()).toEqual([...new Set([...READERS, ...PLANNING, ...accounts.iamActions])].sort());
});
