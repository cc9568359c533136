import * as z from 'zod';
import { OriginGuardError } from '../core/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings from environment variables; raises `E1011` with the variable, its value and what is allowed. */
export function parseEnvironment<S extends z.core.$ZodType>(schema: S, env: Environment): z.output<S> {
  try {
    return z.parse(schema, env);
  } catch (error) {
    const [issue] = (error as z.ZodError).issues;
    const name = String(issue?.path[0]);
    const detail = `${name} is "${env[name] ?? ''}"; ${issue?.message ?? 'it is not valid'}`;
    throw new OriginGuardError('E1011', detail, { cause: error });
  }
}
