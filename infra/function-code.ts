import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OriginGuardError } from '../core/errors.js';

/** The code of one Lambda function by its file in `functions/`, as it stands in a template. */
export type FunctionCode = (name: string) => string;

const ABOVE = dirname(__dirname);
const DIST = basename(ABOVE) === 'dist' ? ABOVE : join(ABOVE, 'dist');

/** Takes the code that `npm run build` has bundled; raises `E1004` when it has not. */
export const builtFunctionCode: FunctionCode = (name) => {
  const path = join(DIST, 'functions', `${name}.js`);
  if (!existsSync(path)) throw new OriginGuardError('E1004', `${path} does not exist; run npm run build first`);
  return readFileSync(path, 'utf8');
};
