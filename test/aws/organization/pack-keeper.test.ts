import {
  ConfigServiceClient,
  DescribeOrganizationConformancePacksCommand,
  DescribeOrganizationConformancePackStatusesCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import {
  behindIamActions,
  packKeeper,
  readIamActions,
  writeIamActions,
} from '../../../aws/organization/pack-keeper.js';
import { awsError, testSession } from '../support/session.js';

const mock = mockClient(ConfigServiceClient);
const session = testSession();
const keeper = packKeeper(session, { name: 'OriginGuard', templateBody: '{"Resources":{}}' });

beforeEach(() => mock.reset());
afterAll(() => {
  session.budget.end();
});

const described = {
  OrganizationConformancePackName: 'OriginGuard',
  OrganizationConformancePackArn:
    'arn:aws:config:eu-central-1:111122223333:organization-conformance-pack/OriginGuard-x',
  LastUpdateTime: new Date('2026-10-01T00:00:00Z'),
  DeliveryS3Bucket: 'awsconfigconforms-x',
  ConformancePackInputParameters: [{ ParameterName: 'ports', ParameterValue: 'listeners' }],
  ExcludedAccounts: ['999988887777'],
};

function deployed() {
  mock.on(DescribeOrganizationConformancePacksCommand).resolves({ OrganizationConformancePacks: [described] });
  mock.on(DescribeOrganizationConformancePackStatusesCommand).resolves({
    OrganizationConformancePackStatuses: [
      { OrganizationConformancePackName: 'OriginGuard', Status: 'UPDATE_SUCCESSFUL', LastUpdateTime: new Date() },
    ],
  });
  mock
    .on(GetOrganizationConformancePackDetailedStatusCommand)
    .resolves({
      OrganizationConformancePackDetailedStatuses: [
        {
          AccountId: '111122223333',
          ConformancePackName: 'OrgConformsPack-OriginGuard-x',
          Status: 'CREATE_SUCCESSFUL',
        },
      ],
      NextToken: 'more',
    })
    .on(GetOrganizationConformancePackDetailedStatusCommand, { NextToken: 'more' })
    .resolves({
      OrganizationConformancePackDetailedStatuses: [
        {
          AccountId: '444455556666',
          ConformancePackName: 'OrgConformsPack-OriginGuard-x',
          Status: 'CREATE_FAILED',
          ErrorCode: 'CREATE_FAILED',
          ErrorMessage: 'No export named\n OriginGuard-RuleFunctionArn found.',
          LastUpdateTime: new Date(),
        },
      ],
    });
}

it('reads the pack of its name, with every page of its accounts', async () => {
  deployed();
  expect(await keeper.deployedPack()).toEqual({
    state: 'UPDATE_SUCCESSFUL',
    putAt: '2026-10-01T00:00:00.000Z',
    members: [
      { accountId: '111122223333', state: 'CREATE_SUCCESSFUL', why: null },
      { accountId: '444455556666', state: 'CREATE_FAILED', why: 'No export named OriginGuard-RuleFunctionArn found.' },
    ],
  });
  expect(mock.commandCalls(DescribeOrganizationConformancePacksCommand)[0]?.args[0].input).toMatchObject({
    OrganizationConformancePackNames: ['OriginGuard'],
  });
});

it('no pack of its name is no error', async () => {
  mock.on(DescribeOrganizationConformancePacksCommand).rejects(awsError('NoSuchOrganizationConformancePackException'));
  expect(await keeper.deployedPack()).toBeNull();
  mock.on(DescribeOrganizationConformancePacksCommand).resolves({ OrganizationConformancePacks: [] });
  expect(await keeper.deployedPack()).toBeNull();
});

it.each([
  [awsError('AccessDeniedException'), 'E2009', /allow config:DescribeOrganizationConformancePacks$/],
  [awsError('ThrottlingException'), 'E2001', /ThrottlingException/],
])('a read that fails with %s is %s', async (error, code, detail) => {
  mock.on(DescribeOrganizationConformancePacksCommand).rejects(error);
  await expect(keeper.deployedPack()).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) as string });
});

it('a state that AWS Config does not know is an answer that cannot be read', async () => {
  deployed();
  mock.on(DescribeOrganizationConformancePackStatusesCommand).resolves({
    OrganizationConformancePackStatuses: [
      { OrganizationConformancePackName: 'OriginGuard', Status: 'LOST' as never, LastUpdateTime: new Date() },
    ],
  });
  await expect(keeper.deployedPack()).rejects.toMatchObject({ code: 'E2006' });
});

it('an answer without the status of the pack cannot be read', async () => {
  deployed();
  mock.on(DescribeOrganizationConformancePackStatusesCommand).resolves({ OrganizationConformancePackStatuses: [] });
  await expect(keeper.deployedPack()).rejects.toMatchObject({ code: 'E2006' });
});

it('puts the same pack again, with all that it was put with', async () => {
  deployed();
  mock.on(PutOrganizationConformancePackCommand).resolves({});
  expect(await keeper.putAgain()).toBe('put');
  expect(mock.commandCalls(PutOrganizationConformancePackCommand).map(({ args }) => args[0].input)).toEqual([
    {
      OrganizationConformancePackName: 'OriginGuard',
      TemplateBody: '{"Resources":{}}',
      DeliveryS3Bucket: 'awsconfigconforms-x',
      DeliveryS3KeyPrefix: undefined,
      ConformancePackInputParameters: [{ ParameterName: 'ports', ParameterValue: 'listeners' }],
      ExcludedAccounts: ['999988887777'],
    },
  ]);
});

it('a pack that AWS Config is at work on is busy', async () => {
  deployed();
  mock.on(PutOrganizationConformancePackCommand).rejects(awsError('ResourceInUseException'));
  expect(await keeper.putAgain()).toBe('busy');
});

it('never makes a pack that is not there', async () => {
  mock.on(DescribeOrganizationConformancePacksCommand).resolves({ OrganizationConformancePacks: [] });
  await expect(keeper.putAgain()).rejects.toMatchObject({ code: 'E2009' });
  expect(mock.commandCalls(PutOrganizationConformancePackCommand)).toEqual([]);
});

it.each([
  ['AccessDeniedException', 'E2009', /was denied; allow config:PutOrganizationConformancePack$/],
  ['OrganizationConformancePackTemplateValidationException', 'E2009', /by AWS$/],
  ['OrganizationAccessDeniedException', 'E2009', /by AWS$/],
  ['InternalError', 'E2001', /by AWS$/],
])('%s is %s', async (name, code, detail) => {
  deployed();
  mock.on(PutOrganizationConformancePackCommand).rejects(awsError(name));
  await expect(keeper.putAgain()).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) as string });
});

it('reads, writes one thing, and calls nothing that it does not name', () => {
  for (const action of [...readIamActions, ...behindIamActions]) expect(action).toMatch(/:(?:Describe|Get|List)\w+$/);
  expect(writeIamActions).toEqual(['config:PutOrganizationConformancePack']);
});
