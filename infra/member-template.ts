import { join } from 'node:path';
import { makeApp } from './build-app.js';
import { MemberStack, type StackProps } from './stacks/member-stack.js';

/**
 * Writes the member template into a folder, by itself; the path of the file.
 *
 * @remarks The StackSet of the organization takes it as a file, and a file is there only when a stack has been synthesized.
 */
export function writeMemberTemplate(folder: string, props: StackProps): string {
  const app = makeApp(folder);
  const { templateFile } = new MemberStack(app, props);
  app.synth();
  return join(folder, templateFile);
}
