import { APPROVED, ORGANIZATION, templatesOf, type TemplateJson } from '../../infra/support.js';
import { rolesOf, type RolesTemplate, type TemplateRole } from './template-roles.js';

/** Settings with which a deployment may do everything that it can do. */
export const EVERYTHING: Readonly<Record<string, unknown>> = {
  ...ORGANIZATION,
  ...APPROVED,
  approvalTopicAccountId: '123456789012',
  allowSplit: true,
  allowSwap: true,
  inventory: true,
  inventoryBucketName: 'org-inventories',
  notificationEmail: 'somebody@example.org',
};

/** Every role that a deployment makes, in whichever template, by its name without the Region. */
export function deployedRoles(settings: Readonly<Record<string, unknown>> = {}): ReadonlyMap<string, TemplateRole> {
  const { member, organization } = templatesOf(settings);
  return new Map([member, organization].flatMap((each: TemplateJson) => [...rolesOf(each as RolesTemplate)]));
}
