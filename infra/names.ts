/** The names of what the member template makes; other parts of the deployment know it by them. */
export const RULE_FUNCTION = 'OriginGuardRule';
export const PLANNER_FUNCTION = 'OriginGuardPlanner';

/** Roles are global, and one account has a member stack in each Region: their names end with the Region. */
export const RULE_ROLE = 'OriginGuardRule';
export const PLANNER_ROLE = 'OriginGuardPlanner';
export const REMEDIATION_ROLE = 'OriginGuardRemediation';

/** What the conformance pack imports; renaming one while a pack imports it fails. */
export const RULE_FUNCTION_EXPORT = 'OriginGuard-RuleFunctionArn';
export const PLANNER_FUNCTION_EXPORT = 'OriginGuard-PlannerFunctionArn';

export const MEMBER_STACK = 'OriginGuardMember';
export const PACK_STACK = 'OriginGuardPack';
export const ORGANIZATION_STACK = 'OriginGuardOrganization';

/** Where the runbooks keep their records, as the start of a parameter's name. */
export const ROLLBACK_PATH = '/origin-guard/rollback';

export const logGroupName = (functionName: string): string => `/aws/lambda/${functionName}`;

/** The parameter of the member template that says where the inventory is; empty without one. */
export const INVENTORY_BUCKET_PARAMETER = 'InventoryBucketName';
