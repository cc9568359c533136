import * as z from 'zod';
import { OriginGuardError } from '../../core/errors.js';
import { lowerFirstKeys } from '../../wire/shared.js';

/** One element of an answer, checked and in our terms. Raises `E2006` naming the field that cannot be read. */
export function readItem<S extends z.core.$ZodType>(schema: S, element: unknown, what: string): z.output<S> {
  const parsed = z.safeParse(schema, lowerFirstKeys(element));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new OriginGuardError(
    'E2006',
    `${what}: ${field === '' ? '' : `${field}: `}${issue?.message ?? 'not readable'}`,
  );
}
