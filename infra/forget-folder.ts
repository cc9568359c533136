import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the CDK writes for people about an assembly; nobody deploys it, and no name is made of what is in it. */
const NOTES = /^(?:.+\.metadata|validation-report)\.json$/;

/**
 * Takes the folder of the project out of what the CDK notes in an assembly, so that it is the same on every machine.
 *
 * @remarks With each acknowledgement of a finding the CDK notes the line of code, whatever it is told about stack traces.
 */
export function forgetFolder(outdir: string, folder: string): void {
  for (const name of readdirSync(outdir).filter((each) => NOTES.test(each))) {
    const path = join(outdir, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(`${folder}/`, ''));
  }
}
