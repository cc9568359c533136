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
  const code = readFileSync(path, 'utf8');
  // The compiler leaves a file of the same name, which the bundler replaces.
  if (/require\(["']\.{1,2}\//.test(code)) {
    throw new OriginGuardError('E1004', `${path} is not bundled; run npm run build first`);
  }
  return code;
};
