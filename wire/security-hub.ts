import * as z from 'zod/mini';

/** A finding as `GetFindings` gives it, as far as we read it. */
export const FindingItem = z.object({
  id: z.string(),
  productArn: z.string(),
  generatorId: z.string(),
  awsAccountId: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  recordState: z.nullish(z.enum(['ACTIVE', 'ARCHIVED'])),
});

/** What `BatchImportFindings` answers. */
export const ImportAnswer = z.pipe(
  z
    .object({
      failedCount: z.int(),
      failedFindings: z.nullish(
        z.array(z.object({ id: z.string(), errorCode: z.string(), errorMessage: z.nullish(z.string()) })),
      ),
    })
    .check(
      z.refine(({ failedCount, failedFindings }) => failedCount === (failedFindings?.length ?? 0), {
        error: 'expected as many failedFindings as failedCount says',
      }),
    ),
  z.transform(({ failedFindings }) => failedFindings ?? []),
);
