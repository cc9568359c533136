import * as z from 'zod';

/** The resource of a result of an AWS Config rule. Source: API reference of EvaluationResult. */
export const EvaluationResultItem = z
  .object({
    evaluationResultIdentifier: z.object({
      evaluationResultQualifier: z.object({ resourceType: z.string().min(1), resourceId: z.string().min(1) }),
    }),
  })
  .transform((item) => item.evaluationResultIdentifier.evaluationResultQualifier);

/** A result that AWS Config refused. Source: API reference of PutEvaluations. */
export const FailedEvaluationItem = z
  .object({ complianceResourceType: z.string(), complianceResourceId: z.string() })
  .transform((item) => ({ resourceType: item.complianceResourceType, resourceId: item.complianceResourceId }));

/**
 * The parts of a configuration item that name other resources. The API writes the configuration as JSON in a text,
 * where events have it as an object.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules.html
 */
export const HistoryItem = z.object({
  configuration: z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('expected JSON in a text');
      return z.NEVER;
    }
  }),
  relationships: z.unknown().optional(),
});
