import { Fn, Token, type CfnResource } from 'aws-cdk-lib';
import { CfnOrganizationConformancePack } from 'aws-cdk-lib/aws-config';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  behindIamActions as packBehindIamActions,
  readIamActions as packReadIamActions,
  writeIamActions as packWriteIamActions,
} from '../../aws/organization/pack-keeper.js';
import { addScheduledFunction, ownArn, type FunctionOptions } from './scheduled-function.js';

/** What AWS Config takes as the body of a pack, in bytes. Source: API reference of PutOrganizationConformancePack. */
const MOST_BYTES = 51_200;

export interface OrganizationPackProps {
  readonly packName: string;
  /** The body of the pack as text; it may hold intrinsic functions of CloudFormation as tokens. */
  readonly packBody: string;
  /** Parameters of the pack that differ from its defaults. @default - none */
  readonly packInputs?: readonly { readonly parameterName: string; readonly parameterValue: string }[];
  /** Accounts that do not get the pack; an account with the pack and without the member stack fails. */
  readonly excludedAccounts: readonly string[];
  /** What has to be there before the pack. @default - nothing in this stack */
  readonly after?: readonly CfnResource[];
  readonly reconcile: FunctionOptions;
  readonly logRetentionDays: number;
  readonly logKmsKeyArn?: string;
  readonly permissionsBoundaryArn?: string;
}

export const RECONCILE_FUNCTION = 'OriginGuardReconcile';

/** Adds the organization's conformance pack of this Region, and the function that puts it again where it failed. */
export function addOrganizationPack(
  scope: Construct,
  props: OrganizationPackProps,
): { readonly pack: CfnOrganizationConformancePack; readonly reconcile: CfnFunction } {
  const { packName, packBody, excludedAccounts } = props;
  checkSize(packBody);
  const pack = new CfnOrganizationConformancePack(scope, 'OrganizationPack', {
    organizationConformancePackName: packName,
    templateBody: packBody,
    ...(props.packInputs === undefined ? {} : { conformancePackInputParameters: [...props.packInputs] }),
    ...(excludedAccounts.length === 0 ? {} : { excludedAccounts: [...excludedAccounts] }),
  });
  for (const each of props.after ?? []) pack.addResourceDependency(each);
  const reconcile = addScheduledFunction(scope, {
    name: RECONCILE_FUNCTION,
    description: 'Origin Guard: puts the conformance pack again where it failed in an account',
    // The function itself waits hours between two attempts; looking often finds a new account soon.
    schedule: 'rate(1 hour)',
    timeoutSeconds: 120,
    memoryMb: 256,
    code: withPack(props.reconcile.code, packBody),
    environment: { PACK_NAME: packName, ...props.reconcile.environment },
    statements: [
      {
        Sid: 'OwnPack',
        Effect: 'Allow',
        Action: [...packReadIamActions.filter(isAboutOne), ...packWriteIamActions],
        Resource: ownArn('config', `organization-conformance-pack/${packName}-*`),
      },
      {
        Sid: 'Look',
        Effect: 'Allow',
        Action: [...packReadIamActions.filter((action) => !isAboutOne(action)), ...packBehindIamActions],
        Resource: '*',
      },
    ],
    whyAnyResource:
      'AWS Config knows no resource for describing organization packs, and adds a random suffix to the name of ours',
    logRetentionDays: props.logRetentionDays,
    ...(props.logKmsKeyArn === undefined ? {} : { logKmsKeyArn: props.logKmsKeyArn }),
    ...(props.permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn: props.permissionsBoundaryArn }),
  });
  reconcile.addResourceDependency(pack);
  return { pack, reconcile };
}

/** Which actions can be narrowed to one pack. Source: Service Authorization Reference of AWS Config. */
const isAboutOne = (action: string): boolean => !action.startsWith('config:Describe');

/**
 * The code of the function with the pack in it. AWS Config does not give a pack's template back, environment variables
 * take 4 KB, and a copy elsewhere would be one more thing to read, guard and keep the same: this one is deployed together
 * with the pack. Base64, because CloudFormation can make it of a text that it fills in itself.
 */
const withPack = (code: string, packBody: string): string =>
  Fn.join('', [
    'process.env.PACK_TEMPLATE??=Buffer.from("',
    Fn.base64(packBody),
    '","base64").toString("utf8");\n',
    code,
  ]);

function checkSize(packBody: string): void {
  if (Token.isUnresolved(packBody)) return;
  const bytes = Buffer.byteLength(packBody, 'utf8');
  if (bytes > MOST_BYTES) throw new RangeError(`the pack takes ${String(bytes)} bytes; allowed: ${String(MOST_BYTES)}`);
}
