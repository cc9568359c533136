import { Aws, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addCentralMonitoring } from './central-monitoring.js';
import { addInventory, INVENTORY_FUNCTION, type InventoryProps } from './inventory.js';
import { addMemberStackSet, type MemberStackSetProps } from './member-stack-set.js';
import { addOrganizationPack, RECONCILE_FUNCTION, type OrganizationPackProps } from './organization-pack.js';

type Shared = 'logRetentionDays' | 'logKmsKeyArn' | 'permissionsBoundaryArn' | 'excludedAccounts';

/** What is there once, in the Region from which the organization is governed. */
export interface HomeProps {
  readonly organizationId: string;
  readonly notificationEmail: string;
  readonly configRuleNames: readonly [string, ...string[]];
  readonly stackSet: Omit<MemberStackSetProps, 'excludedAccounts'>;
  /** The parameter of the member template that takes the ARN of the central bus. */
  readonly centralBusParameter: string;
  /** The parameters of the member template that lead to the inventory. */
  readonly inventoryParameters: {
    readonly bucketName: string;
    readonly bucketOwner: string;
    readonly bucketRegion: string;
  };
  /** @default - no inventory of origins in other accounts */
  readonly inventory?: Omit<InventoryProps, 'organizationId' | Shared>;
  /** Whether the accounts share their metrics with this one. @default false */
  readonly sharesMetrics?: boolean;
  /** @default 'OriginGuard' */
  readonly metricsNamespace?: string;
  /** @default - a key of its own */
  readonly topicKeyArn?: string;
}

export interface OrganizationProps {
  readonly pack: Omit<OrganizationPackProps, Shared | 'after'>;
  /** Neither the member stack nor the pack. */
  readonly excludedAccounts: readonly string[];
  /** The member stack, and not the pack. @default - none */
  readonly withoutPack?: readonly string[];
  /** StackSets never reach it, packs would: it gets the pack only where somebody deployed the member stack there. */
  readonly managementAccountId: string;
  /** @default false */
  readonly managementAccountHasMember?: boolean;
  /** @default - this is not the home Region: the pack and its keeper only */
  readonly home?: HomeProps;
  readonly logRetentionDays: number;
  /** @default - CloudWatch's own encryption */
  readonly logKmsKeyArn?: string;
  /** @default - none */
  readonly permissionsBoundaryArn?: string;
}

/**
 * Adds what the delegated administrator holds: in the home Region the StackSet, central monitoring and the inventory, and
 * in every governed Region the organization's conformance pack after them, with its keeper.
 */
export function addOrganization(scope: Construct, props: OrganizationProps): void {
  const { home, excludedAccounts, managementAccountId, managementAccountHasMember = false } = props;
  const common = {
    logRetentionDays: props.logRetentionDays,
    ...(props.logKmsKeyArn === undefined ? {} : { logKmsKeyArn: props.logKmsKeyArn }),
    ...(props.permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn: props.permissionsBoundaryArn }),
  };
  const after: CfnResource[] = [];
  if (home !== undefined)
    after.push(addHome(scope, home, { ...common, excludedAccounts, packName: props.pack.packName }));
  addOrganizationPack(scope, {
    ...props.pack,
    ...common,
    excludedAccounts: [
      ...excludedAccounts,
      ...(props.withoutPack ?? []),
      ...(managementAccountHasMember ? [] : [managementAccountId]),
    ],
    after,
  });
}

function addHome(
  scope: Construct,
  home: HomeProps,
  common: Pick<OrganizationPackProps, Shared | 'packName'>,
): CfnResource {
  const { inventory, stackSet, organizationId } = home;
  const { excludedAccounts, packName, ...own } = common;
  const { busArn } = addCentralMonitoring(scope, {
    ...own,
    organizationId,
    packName,
    notificationEmail: home.notificationEmail,
    configRuleNames: home.configRuleNames,
    functionNames: [RECONCILE_FUNCTION, ...(inventory === undefined ? [] : [INVENTORY_FUNCTION])],
    // The home Region is the first.
    otherRegions: stackSet.governedRegions.slice(1),
    ...(inventory === undefined ? {} : { inventoryMaxAgeHours: inventory.maxAgeHours }),
    sharesMetrics: home.sharesMetrics ?? false,
    ...(home.metricsNamespace === undefined ? {} : { metricsNamespace: home.metricsNamespace }),
    ...(home.topicKeyArn === undefined ? {} : { topicKeyArn: home.topicKeyArn }),
  });
  const published = inventory === undefined ? null : addInventory(scope, { ...inventory, ...own, organizationId });
  const leads = home.inventoryParameters;
  return addMemberStackSet(scope, {
    ...stackSet,
    excludedAccounts,
    memberParameters: {
      ...stackSet.memberParameters,
      [home.centralBusParameter]: busArn,
      ...(published === null
        ? {}
        : {
            [leads.bucketName]: published.bucketName,
            [leads.bucketOwner]: Aws.ACCOUNT_ID,
            [leads.bucketRegion]: Aws.REGION,
          }),
    },
  });
}
