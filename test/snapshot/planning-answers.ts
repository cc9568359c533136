import type { Fact } from '../../core/fact.js';
import { AccountId, Region, SecurityGroupId } from '../../core/ids.js';
import type { PlanningPorts } from '../../core/planning.js';
import { readSnapshot } from '../../snapshot/read-snapshot.js';
import { ACCOUNT, GROUP, OTHER_ACCOUNT, REGION, writeFiles, type Files } from '../support/saved-files.js';

export const WEB = SecurityGroupId.parse(GROUP);
export const APP = SecurityGroupId.parse('sg-0app');
export const AT = { accountId: AccountId.parse(ACCOUNT), region: Region.parse(REGION) };
export const ELSEWHERE = { accountId: AccountId.parse(OTHER_ACCOUNT), region: Region.parse(REGION) };

/** The ports of a plan over these files. */
export async function planning(files: Files): Promise<PlanningPorts> {
  const options = { flags: { accountId: null, region: null }, cloudfrontPrefixLists: [] };
  return (await readSnapshot([writeFiles(files)], options)).planning;
}

/** The value of an answer, or its gap in a line. */
export async function told<T>(answer: Promise<Fact<T>>): Promise<T | string> {
  const fact = await answer;
  return fact.known ? fact.value : `${fact.gap.cause}: ${fact.gap.detail}`;
}
