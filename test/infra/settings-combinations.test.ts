import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { buildApp, makeApp } from '../../infra/build-app.js';
import { PACK_LIMITS } from '../../infra/pack/render-pack.js';
import { APPROVED, ofType, ORGANIZATION, settingsOf, SMALL_CODE, type TemplateJson } from './support.js';

type Given = Readonly<Record<string, unknown>>;

const MEMBER = { approvalTopicAccountId: '777788889999' };
const REGIONS = {
  governedRegions: 'us-east-1,eu-west-1,ap-southeast-2',
  organizationTargets: 'r-abcd,ou-abcd-12345678',
};

/** What may be chosen, each beside each of the others. */
const CHOICES: readonly (readonly Given[])[] = [
  [{}, { remediation: 'off' }, { ...APPROVED, ...MEMBER }, { remediation: 'automatic' }],
  [{}, { publishFindings: false }],
  [{}, { allowSplit: true }, { allowSwap: true }],
  [{}, { logKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd' }],
  [{}, { topicKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd' }],
  [{}, { permissionsBoundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }],
  [{}, { flowLogGroupName: '/vpc/flow', directAttemptsAlarm: 'on', loadBalancerAddresses: '10.0.1.*' }],
  [{}, { notificationEmail: 'network@example.com', noticedChanges: 'every' }],
  [{}, { inventoryBucketName: 'acme-inventory' }],
  [{}, { managedRules: ['cloudfront-associated-with-waf', 'vpc-sg-open-only-to-authorized-ports'] }],
  [{}, { ruleParameters: { allowedCidrs: '198.51.100.0/24', resolveOrigins: 'off' } }],
  [{}, { exemptTagKey: 'acme:exempt' }],
  [
    {},
    { ...ORGANIZATION, excludedAccounts: [ORGANIZATION.managementAccountId, '444455556666'] },
    { ...ORGANIZATION, ...REGIONS, logKmsKeyArn: undefined },
    { ...ORGANIZATION, managementAccountHasMember: true, sharesMetrics: true },
  ],
];

const together = fc
  .tuple(...CHOICES.map((choice) => fc.constantFrom(...choice)))
  .map((chosen): Given => Object.assign({}, ...chosen) as Given);

/** What the CDK writes of its checks; what the code acknowledges with a reason is not among the violations. */
interface ValidationReport {
  readonly pluginReports: readonly { readonly violations: readonly unknown[] }[];
}

/** Every template of the app, and what the checks of the CDK have against them. */
function synthesize(given: Given): {
  readonly templates: readonly TemplateJson[];
  readonly complaints: readonly unknown[];
} {
  const outdir = mkdtempSync(join(tmpdir(), 'origin-guard-combinations-'));
  try {
    const { app, member, pack, organization, regions } = buildApp(makeApp(outdir), {
      settings: settingsOf(given),
      code: SMALL_CODE,
    });
    app.synth();
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as ValidationReport;
    return {
      templates: [member, pack, organization, ...regions].map(
        ({ templateFile }) => JSON.parse(readFileSync(join(outdir, templateFile), 'utf8')) as TemplateJson,
      ),
      complaints: report.pluginReports.flatMap(({ violations }) => violations),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The names that a template reads, by the function that reads them. */
function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    const own =
      key === 'Ref' || key === 'Condition'
        ? [held]
        : key === 'Fn::GetAtt' || key === 'Fn::If'
          ? [(held as readonly unknown[])[0]]
          : key === 'DependsOn'
            ? [held].flat()
            : key === 'Fn::Sub' && typeof held === 'string'
              ? [...held.matchAll(/\$\{([^.}]+)/g)].map(([, name]) => name)
              : [];
    return [...own.filter((name) => typeof name === 'string'), ...namesIn(held)];
  });
}

it('whatever is chosen together makes templates that hold together and fit', () => {
  fc.assert(
    fc.property(together, (given) => {
      const { templates, complaints } = synthesize(given);
      expect(complaints).toEqual([]);
      for (const template of templates) {
        const { Parameters, Conditions, Resources } = template;
        const known = new Set([Parameters, Conditions, Resources].flatMap((part) => Object.keys(part ?? {})));
        const unknown = namesIn([Resources, Conditions, template.Outputs]).filter(
          (name) => !known.has(name) && !name.startsWith('AWS::'),
        );
        expect(unknown).toEqual([]);
        expect(JSON.stringify(template)).not.toMatch(/undefined|\[object |\$\{Token/);
        // Sources: quotas of IAM (policies of one role), of Systems Manager (a document) and of AWS Config (a pack).
        for (const { Properties } of ofType(template, 'AWS::IAM::Role'))
          expect(JSON.stringify(Properties['Policies']).length).toBeLessThan(10_240);
        for (const { Properties } of ofType(template, 'AWS::SSM::Document'))
          expect(JSON.stringify(Properties['Content']).length).toBeLessThan(65_536);
        for (const { Type, Properties } of Object.values(Resources).filter((each) =>
          each.Type.endsWith('ConformancePack'),
        ))
          expect([Type, JSON.stringify(Properties['TemplateBody']).length < PACK_LIMITS.bytes]).toEqual([Type, true]);
      }
    }),
    {
      numRuns: 8,
      examples: [[{ ...ORGANIZATION, managementAccountHasMember: true, remediation: 'off' }]],
    },
  );
});
