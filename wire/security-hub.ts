import * as z from 'zod';

/** A finding as `GetFindings` gives it, as far as we read it. */
export const FindingItem = z.object({
  id: z.string(),
  productArn: z.string(),
  generatorId: z.string(),
  awsAccountId: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  recordState: z.enum(['ACTIVE', 'ARCHIVED']).nullish(),
});

/** What `BatchImportFindings` answers. */
export const ImportAnswer = z
  .object({
    failedCount: z.int(),
    failedFindings: z
      .array(z.object({ id: z.string(), errorCode: z.string(), errorMessage: z.string().nullish() }))
      .nullish(),
  })
  .refine(({ failedCount, failedFindings }) => failedCount === (failedFindings?.length ?? 0), {
    error: 'expected as many failedFindings as failedCount says',
  })
  .transform(({ failedFindings }) => failedFindings ?? []);
