import * as z from 'zod/mini';

const STATES = ['CREATE', 'UPDATE', 'DELETE'].flatMap((verb) =>
  ['SUCCESSFUL', 'IN_PROGRESS', 'FAILED'].map((end) => `${verb}_${end}`),
);

/** Where a pack stands. Source: API reference of AWS Config, OrganizationConformancePackStatus. */
const State = z
  .string()
  .check(z.refine((text) => STATES.includes(text), { error: `expected one of ${STATES.join(', ')}` }));

/** An organization's conformance pack, as `describe-organization-conformance-packs` gives it, as far as we read it. */
export const OrganizationPackItem = z.object({
  organizationConformancePackName: z.string(),
  lastUpdateTime: z.string(),
});

/** Where it stands as a whole. */
export const OrganizationPackStatusItem = z.object({
  organizationConformancePackName: z.string(),
  status: State,
});

/** Where it stands in one account. */
export const OrganizationPackMemberItem = z.object({
  accountId: z.string().check(z.regex(/^\d{12}$/, { error: 'expected an account id of 12 digits' })),
  status: State,
  errorMessage: z.nullish(z.string()),
});
