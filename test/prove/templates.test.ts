import { remediateRunbook } from '../../remediation/alb-sg-cloudfront-only/runbook.js';
import { renderRunbook } from '../../remediation/runbook/render.js';
import { ofFixer } from '../../prove/documents.js';
import { REPORTER, ruleName } from '../../prove/pack.js';
import { policyFor, templates } from '../../prove/policy.js';
import { QUESTIONS } from '../../prove/registry.js';
import { nameIn, type Json } from '../../prove/template.js';
import { iamActions } from '../../aws/prove/sandbox.js';
import { RUN_ID } from './fake-sandbox.js';

const resources = templates().flatMap(({ Resources }) => Object.entries(Resources));
const text = JSON.stringify(templates());

it('makes nothing that serves or costs by the hour, and no network that leads anywhere', () => {
  expect([...new Set(resources.map(([, { Type }]) => Type))].sort()).toEqual([
    'AWS::Config::ConfigRule',
    'AWS::Config::ConformancePack',
    'AWS::EC2::SecurityGroup',
    'AWS::EC2::SecurityGroupIngress',
    'AWS::EC2::VPC',
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::Lambda::Permission',
    'AWS::SSM::Document',
  ]);
});

it('turns on or changes no recorder, and no Security Hub', () => {
  expect(text).not.toMatch(/Recorder|DeliveryChannel|SecurityHub::Hub|EnableSecurityHub/);
  expect(iamActions.filter((action) => /Recorder|Hub/.test(action)).sort()).toEqual([
    'config:DescribeConfigurationRecorderStatus',
    'securityhub:DescribeHub',
  ]);
});

it('admits no address but those for documentation', () => {
  const blocks = [...text.matchAll(/"Cidr(?:Ip|Ipv6)":"([^"]+)"|CidrIp: '([^']+)'/g)].map(
    ([, json, code]) => json ?? code,
  );
  expect(new Set(blocks)).toEqual(new Set(['192.0.2.1/32']));
});

it('each template fits into a request', () => {
  for (const template of templates()) expect(JSON.stringify(template).length).toBeLessThan(51_200);
});

it('a role can do what its experiment takes, on nothing but groups and functions of its own', () => {
  const statements = resources.flatMap(([, { Type, Properties }]) =>
    Type === 'AWS::IAM::Role' ? (Properties['Policies'] as readonly Json[]) : [],
  );
  const actions = [...JSON.stringify(statements).matchAll(/"([a-z0-9]+:[A-Z]\w+)"/g)].map(([, action]) => action);
  expect([...new Set(actions)].sort()).toEqual([
    'config:PutEvaluations',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupIngress',
    'lambda:InvokeFunction',
  ]);
  // Of all of them, only the report to AWS Config has no resource to name.
  expect(JSON.stringify(statements).match(/"Resource":"\*"/g)?.length).toBe(
    resources.filter(([name]) => name === 'ReporterRole').length,
  );
});

it('U10 tries the steps of the fixer, and not others like them', () => {
  const fixer = renderRunbook(remediateRunbook()) as { readonly mainSteps: readonly { readonly name: string }[] };
  expect(ofFixer('Approve', ['Approvers'])).toEqual({
    step: fixer.mainSteps.find(({ name }) => name === 'Approve'),
    parameters: { Approvers: { type: 'StringList', description: expect.any(String), default: [] } },
  });
  const [template] = templates().filter((one) => JSON.stringify(one).includes('aws:approve'));
  expect(JSON.stringify(template)).toContain(
    '"NotificationArn":"{{NotificationTopicArn}}","Message":"nobody is asked","MinRequiredApprovals":1,"Approvers":"{{Approvers}}"',
  );
});

it('the function that reports says one group is non-compliant, with the token that it was given', async () => {
  const sent: unknown[] = [];
  const sdk = {
    ConfigServiceClient: class {
      send = async (command: { readonly input: unknown }) => sent.push(command.input);
    },
    PutEvaluationsCommand: class {
      constructor(readonly input: unknown) {}
    },
  };
  const exported: { handler?: (event: unknown) => Promise<void> } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('require', 'exports', REPORTER)(() => sdk, exported);
  await exported.handler?.({
    ruleParameters: '{"groupId":"sg-0a"}',
    invokingEvent: '{"notificationCreationTime":"2026-11-29T16:33:00.000Z"}',
    resultToken: 'token',
  });
  expect(sent).toEqual([
    {
      ResultToken: 'token',
      Evaluations: [
        {
          ComplianceResourceType: 'AWS::EC2::SecurityGroup',
          ComplianceResourceId: 'sg-0a',
          ComplianceType: 'NON_COMPLIANT',
          OrderingTimestamp: new Date('2026-11-29T16:33:00.000Z'),
        },
      ],
    },
  ]);
});

it('names fit: stacks within 128 characters, rules within what results can be asked for in a pack', () => {
  for (const { id, steps } of QUESTIONS) {
    expect(ruleName(id).length).toBeLessThanOrEqual(64 - 26);
    for (const { saves } of steps) expect(nameIn(RUN_ID, `${id}-${saves}`)).toMatch(/^[a-z0-9 -]{1,128}$/);
  }
});

it('the text of a pack holds no reference that nothing fills', () => {
  const bodies = resources.flatMap(([, { Properties }]) =>
    'TemplateBody' in Properties ? [Properties['TemplateBody']] : [],
  );
  expect(bodies.length).toBe(5);
  for (const body of bodies) {
    if (typeof body === 'string') {
      expect(body).not.toContain('${');
      continue;
    }
    const [template, values] = (body as { readonly 'Fn::Sub': readonly [string, Readonly<Record<string, Json>>] })[
      'Fn::Sub'
    ];
    const used = new Set([...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(values).sort());
  }
});

it('the policy lets whoever runs the kit edit nothing that they could tell from their own by its name', () => {
  const { Statement } = policyFor(iamActions);
  const everywhere = Statement.find(({ Resource }) => Resource === '*')?.Action ?? [];
  expect(everywhere.filter((action) => !/:(?:Describe|Get|List)/.test(action)).sort()).toEqual([
    'config:DeleteConfigRule',
    'config:PutConfigRule',
    'config:StartConfigRulesEvaluation',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateSecurityGroup',
    'ec2:CreateTags',
    'ec2:CreateVpc',
    'ec2:DeleteSecurityGroup',
    'ec2:DeleteVpc',
    'ec2:RevokeSecurityGroupIngress',
    'ssm:StartAutomationExecution',
  ]);
  const all = Statement.flatMap(({ Action }) => Action);
  expect(new Set(all).size).toBe(all.length);
  for (const action of iamActions) expect(all).toContain(action);
  expect(all.filter((action) => action.includes('*'))).toEqual([]);
});
