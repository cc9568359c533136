import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { REFUSALS, type Plan, type RefusalCode } from '../../core/plan.js';
import { PlanDocument, renderPlanJson, toPlanDocument } from '../../report/plan-json.js';
import { fromCidr, groupId, open, securityGroup } from '../support/builders.js';
import { fix, nothing, planned, refusal, revocable, split, swap } from '../support/plans.js';

const file = join(__dirname, '..', '..', 'docs', 'schemas', 'plan-v1.json');
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
  JSON.parse(readFileSync(file, 'utf8')) as object,
);

const owner = { kind: 'terraform', name: 'Terraform = true' } as const;
const snippets = [{ language: 'terraform', code: 'resource' }] as const;

const cases: readonly (readonly [string, Plan])[] = [
  ['nothing to do', nothing],
  ['an edit', fix({ kept: [open(fromCidr('10.0.0.0/8'))], owner, snippets, risks: ['monitors'] })],
  ['a split', split()],
  ['a swap', swap()],
  ['a refusal for an owner', refusal('IAC_MANAGED', { owner, snippets })],
  ...(Object.keys(REFUSALS) as RefusalCode[]).map((code) => [code, refusal(code)] as const),
];

test.each(cases)('%s is valid by the published schema, and by the one it is rendered from', (_, plan) => {
  const document = JSON.parse(renderPlanJson(planned(plan))) as unknown;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  expect(PlanDocument.safeParse(document).success).toBe(true);
});

test('the schema refuses what the contract does not have', () => {
  const document = toPlanDocument(planned(fix()));
  for (const wrong of [
    { ...document, schemaVersion: '2' },
    { ...document, more: 1 },
    { ...document, decision: 'APPLY' },
    { ...document, add: undefined },
  ])
    expect(validate(JSON.parse(JSON.stringify(wrong)))).toBe(false);
});

test('a plan that applies says what changes, in full', () => {
  const revoke = [revocable({ description: 'everybody' })];
  expect(toPlanDocument(planned(fix({ revoke, kept: [open(fromCidr('10.0.0.0/8'), '-1', null)] })))).toMatchObject({
    decision: 'EDIT',
    reasonCode: null,
    because: expect.stringContaining('only load balancers behind CloudFront use the group'),
    nextStep: null,
    securityGroupId: 'sg-0web',
    securityGroupName: 'web',
    accountId: '111122223333',
    region: 'us-east-1',
    vpcId: 'vpc-0a1',
    paths: [{ distributionId: 'E1WEB' }],
    requiredPorts: [{ family: 'ipv4', port: 443 }],
    add: [
      {
        family: 'ipv4',
        prefixListId: 'pl-3b927c52',
        prefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
      },
    ],
    remove: [
      {
        securityGroupRuleId: 'sgr-0open',
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        source: '0.0.0.0/0',
        description: 'everybody',
      },
    ],
    keep: [
      {
        securityGroupRuleId: null,
        protocol: '-1',
        fromPort: null,
        toPort: null,
        source: '10.0.0.0/8',
        description: null,
      },
    ],
    dedicatedGroups: [],
    loadBalancer: null,
    quota: { before: { ipv4: 1, ipv6: 0 }, limit: 60, isAssumed: false },
    fingerprint: 'abc.def',
  });
});

test('a split names the groups, their rules and the list as it is now', () => {
  expect(toPlanDocument(planned(split()))).toMatchObject({
    decision: 'SPLIT',
    dedicatedGroups: [{ name: 'origin-guard-50dc6c495c0c9188-ipv4-80-80', prefixListId: 'pl-3b927c52', fromPort: 80 }],
    loadBalancer: { arn: expect.stringContaining('/web/'), securityGroups: ['sg-0web', 'sg-0app'] },
  });
});

test('a plan that does not apply says why, and changes nothing', () => {
  const nothingChanges = { add: [], remove: [], keep: [], dedicatedGroups: [], loadBalancer: null, quota: null };
  expect(toPlanDocument(planned(refusal('SHARED_SG')))).toMatchObject({
    ...nothingChanges,
    decision: 'REFUSE',
    reasonCode: 'SHARED_SG',
    because: 'group sg-0web is used by network interface eni-0db too',
    nextStep: REFUSALS.SHARED_SG.nextStep,
    vpcId: null,
    fingerprint: null,
  });
  expect(toPlanDocument(planned(nothing))).toMatchObject({
    ...nothingChanges,
    decision: 'NOOP',
    reasonCode: 'COMPLIANT',
    nextStep: null,
    owner: null,
    snippets: [],
  });
});

test('a group that is there has its id, and one to make has none', () => {
  const found = securityGroup({ id: groupId('sg-0made'), name: split().dedicated[0]?.name ?? '' });
  const adopting = { ...planned(split()), restsOn: { admitting: [], adopted: [found] } };
  expect(toPlanDocument(adopting).dedicatedGroups).toMatchObject([{ securityGroupId: 'sg-0made' }]);
  expect(toPlanDocument(planned(split())).dedicatedGroups).toMatchObject([{ securityGroupId: null }]);
});
