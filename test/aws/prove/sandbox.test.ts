import {
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConformancePackComplianceCommand,
  DescribeRemediationExceptionsCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupRulesCommand } from '@aws-sdk/client-ec2';
import { GetFindingsCommand } from '@aws-sdk/client-securityhub';
import {
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
  StartAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { liveSandbox } from '../../../aws/prove/sandbox.js';
import type { ProvingSession } from '../../../aws/prove/session.js';
import type { Sandbox } from '../../../core/proving.js';
import { provingSession, refusedBy } from './session.js';

let session: ProvingSession;
let sandbox: Sandbox;
beforeEach(() => {
  session = provingSession();
  sandbox = liveSandbox(session);
});

describe('executions', () => {
  test('one is started with its parameters, and the refusal of one is an answer', async () => {
    const ssm = mockClient(session.proving.ssm);
    ssm.on(StartAutomationExecutionCommand).resolves({ AutomationExecutionId: 'run-1' });
    await expect(sandbox.startRun('doc', { Group: ['sg-0a'] })).resolves.toEqual({ ok: true, value: 'run-1' });
    expect(ssm.calls()[0]?.args[0].input).toEqual({ DocumentName: 'doc', Parameters: { Group: ['sg-0a'] } });
    ssm.on(StartAutomationExecutionCommand).rejects(refusedBy('InvalidAutomationExecutionParametersException', 'x'));
    await expect(sandbox.startRun('doc', {})).resolves.toMatchObject({ ok: false, message: 'x' });
    ssm.on(StartAutomationExecutionCommand).resolves({});
    await expect(sandbox.startRun('doc', {})).rejects.toMatchObject({ code: 'E2006' });
  });

  test('the state has every step, with what it said', async () => {
    const ssm = mockClient(session.proving.ssm);
    ssm.on(GetAutomationExecutionCommand).resolves({
      AutomationExecution: {
        AutomationExecutionStatus: 'Failed',
        FailureMessage: 'Step fails',
        StepExecutions: [
          { StepName: 'Ask', StepStatus: 'Success', FailureMessage: '', Outputs: { word: ['heard'] } },
          { StepName: 'Call', StepStatus: 'Failed', FailureMessage: 'no' },
        ],
      },
    });
    await expect(sandbox.run('run-1')).resolves.toEqual({
      status: 'Failed',
      failure: 'Step fails',
      steps: [
        { name: 'Ask', status: 'Success', failure: null, outputs: { word: ['heard'] } },
        { name: 'Call', status: 'Failed', failure: 'no', outputs: {} },
      ],
    });
    ssm.on(GetAutomationExecutionCommand).resolves({});
    await expect(sandbox.run('run-1')).rejects.toMatchObject({ code: 'E2006' });
    ssm.on(GetAutomationExecutionCommand).rejects(refusedBy('AutomationExecutionNotFoundException'));
    await expect(sandbox.run('run-1')).rejects.toMatchObject({ code: 'E2001' });
  });

  test('those of a document are listed to the last page', async () => {
    const ssm = mockClient(session.proving.ssm);
    ssm
      .on(DescribeAutomationExecutionsCommand, { NextToken: undefined })
      .resolves({ AutomationExecutionMetadataList: [{ AutomationExecutionStatus: 'Success' }], NextToken: 'more' })
      .on(DescribeAutomationExecutionsCommand, { NextToken: 'more' })
      .resolves({ AutomationExecutionMetadataList: [{ AutomationExecutionStatus: 'Failed' }] });
    await expect(sandbox.runsOf('doc')).resolves.toEqual(['Success', 'Failed']);
    expect(ssm.calls()[0]?.args[0].input).toMatchObject({ Filters: [{ Key: 'DocumentNamePrefix', Values: ['doc'] }] });
    ssm.reset();
    ssm.on(DescribeAutomationExecutionsCommand).rejects(refusedBy('AccessDeniedException'));
    await expect(sandbox.runsOf('doc')).rejects.toMatchObject({
      code: 'E2003',
      detail: expect.stringContaining('allow ssm:DescribeAutomationExecutions') as string,
    });
  });
});

describe('groups', () => {
  test('the ingress rules are read, whatever their source', async () => {
    const ec2 = mockClient(session.clients.ec2);
    const rule = { SecurityGroupRuleId: 'sgr-1', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({
      SecurityGroupRules: [
        { ...rule, CidrIpv4: '192.0.2.1/32', Description: 'd' },
        { ...rule, CidrIpv6: '2001:db8::1/128' },
        { ...rule, PrefixListId: 'pl-1' },
        { IpProtocol: '-1', ReferencedGroupInfo: { GroupId: 'sg-1' } },
        { ...rule, CidrIpv4: '0.0.0.0/0', IsEgress: true },
      ],
    });
    const seen = { id: 'sgr-1', protocol: 'tcp', fromPort: 443, toPort: 443, description: '' };
    await expect(sandbox.rulesOf('sg-0a')).resolves.toEqual([
      { ...seen, source: '192.0.2.1/32', description: 'd' },
      { ...seen, source: '2001:db8::1/128' },
      { ...seen, source: 'pl-1' },
      { id: '', protocol: '-1', fromPort: null, toPort: null, source: 'sg-1', description: '' },
    ]);
  });

  test('blocks of both families are added in one call, and the quota is an answer', async () => {
    const ec2 = mockClient(session.clients.ec2);
    ec2.on(AuthorizeSecurityGroupIngressCommand).resolves({});
    await expect(sandbox.admit('sg-0a', ['192.0.2.1/32', '2001:db8::1/128'])).resolves.toMatchObject({ ok: true });
    expect(ec2.calls()[0]?.args[0].input).toEqual({
      GroupId: 'sg-0a',
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          IpRanges: [{ CidrIp: '192.0.2.1/32' }],
          Ipv6Ranges: [{ CidrIpv6: '2001:db8::1/128' }],
        },
      ],
    });
    ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(refusedBy('RulesPerSecurityGroupLimitExceeded'));
    await expect(sandbox.admit('sg-0a', [])).resolves.toMatchObject({ code: 'RulesPerSecurityGroupLimitExceeded' });
  });
});

describe('rules of packs', () => {
  test('names, times, exceptions and evaluations', async () => {
    const config = mockClient(session.clients.config);
    config
      .on(DescribeConformancePackComplianceCommand)
      .resolves({ ConformancePackName: 'p', ConformancePackRuleComplianceList: [{ ConfigRuleName: 'r-1' }] })
      .on(DescribeConfigRuleEvaluationStatusCommand)
      .resolves({ ConfigRulesEvaluationStatus: [{ LastSuccessfulInvocationTime: new Date(0) }] })
      .on(DescribeRemediationExceptionsCommand)
      .resolves({
        RemediationExceptions: [{ ConfigRuleName: 'r-1', ResourceType: 't', ResourceId: 'i', Message: 'm' }],
      })
      .on(StartConfigRulesEvaluationCommand)
      .resolves({});
    await expect(sandbox.rulesOfPack('p')).resolves.toEqual(['r-1']);
    await expect(sandbox.ruleStatus('r-1')).resolves.toEqual({
      invokedAt: '1970-01-01T00:00:00.000Z',
      evaluatedAt: null,
    });
    await expect(sandbox.exceptionsOf('r-1', 'sg-0a')).resolves.toEqual(['m']);
    await expect(sandbox.evaluate('r-1')).resolves.toEqual({ ok: true, value: null });
    config.on(StartConfigRulesEvaluationCommand).rejects(refusedBy('InvalidParameterValueException', 'x'));
    await expect(sandbox.evaluate('r-1')).resolves.toMatchObject({ ok: false, code: 'InvalidParameterValueException' });
  });
});

test('findings are looked for by the ARN and by the id, and only those of AWS Config', async () => {
  const hub = mockClient(session.clients.securityHub);
  hub.on(GetFindingsCommand).resolves({ Findings: [{ Title: 'a rule' } as never] });
  await expect(sandbox.findingTitles('arn:aws:ec2:us-east-1:111122223333:security-group/sg-0a')).resolves.toEqual([
    'a rule',
  ]);
  expect(hub.calls()[0]?.args[0].input).toMatchObject({
    Filters: {
      ResourceId: [
        { Value: 'arn:aws:ec2:us-east-1:111122223333:security-group/sg-0a', Comparison: 'EQUALS' },
        { Value: 'sg-0a', Comparison: 'EQUALS' },
      ],
      ProductName: [{ Value: 'Config', Comparison: 'EQUALS' }],
    },
  });
});
