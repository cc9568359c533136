import * as z from 'zod/mini';

/** The resource of a result of an AWS Config rule. Source: API reference of EvaluationResult. */
export const EvaluationResultItem = z.pipe(
  z.object({
    evaluationResultIdentifier: z.object({
      evaluationResultQualifier: z.object({
        resourceType: z.string().check(z.minLength(1)),
        resourceId: z.string().check(z.minLength(1)),
      }),
    }),
  }),
  z.transform((item) => item.evaluationResultIdentifier.evaluationResultQualifier),
);

/** A result that AWS Config refused. Source: API reference of PutEvaluations. */
export const FailedEvaluationItem = z.pipe(
  z.object({ complianceResourceType: z.string(), complianceResourceId: z.string() }),
  z.transform((item) => ({ resourceType: item.complianceResourceType, resourceId: item.complianceResourceId })),
);

/**
 * The parts of a configuration item that name other resources. The API writes the configuration as JSON in a text,
 * where events have it as an object.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules.html
 */
export const HistoryItem = z.object({
  configuration: z.pipe(
    z.string(),
    z.transform((text, context): unknown => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'expected JSON in a text', input: text });
        return z.NEVER;
      }
    }),
  ),
  relationships: z.optional(z.unknown()),
});
