import type * as z from 'zod';
import { SecurityGroupId, type Scope } from '../core/ids.js';
import { recordsPath } from '../core/planning.js';
import { ParameterItem, QuotaItem, quotaNameOf } from '../wire/planning.js';
import { isRecord } from '../wire/shared.js';
import type { Collected } from './collected.js';
import { fileNameOf, place, reader, type FileContext, type ListReader } from './list-reader.js';

const RECORDS = recordsPath('');
const RECORD_NAME = /^(sg-[0-9a-z]+)\/([\w-]+)$/;

function keepQuota({ quotaCode, quotaArn: arn, value }: QuotaItem, into: Collected, file: FileContext): null {
  const name = quotaNameOf(quotaCode);
  if (name !== null) into.quotas.push({ name, value, scope: place(file, { arn }) });
  return null;
}

function keepRollbackRecord(
  { name, value: text, aRN: arn, lastModifiedDate: savedAt }: z.output<typeof ParameterItem>,
  into: Collected,
  file: FileContext,
): Scope {
  const [, group, id = ''] = RECORD_NAME.exec(name.slice(RECORDS.length)) ?? [];
  const groupId = SecurityGroupId.safeParse(group);
  if (groupId.success) into.rollbackRecords.push({ groupId: groupId.data, id, text, savedAt });
  return place(file, { arn });
}

/** The group whose records a file holds: the command does not print the path that it was asked for. */
function groupIdOfFile({ path }: Pick<FileContext, 'path'>): SecurityGroupId | null {
  return SecurityGroupId.safeParse(/(?<![a-z0-9])sg-[0-9a-z]+/.exec(fileNameOf(path))?.[0]).data ?? null;
}

const textIn = (element: unknown, key: string): string | null => {
  const value = isRecord(element) ? element[key] : null;
  return typeof value === 'string' ? value : null;
};

/** The top-level keys of AWS command output that only a plan needs. Templates and other services have them too. */
export const PLANNING_LISTS: Readonly<Record<string, ListReader>> = {
  Quota: reader(null, QuotaItem, keepQuota, {
    single: true,
    isOurs: (element) => textIn(element, 'quotaCode') !== null,
  }),
  Parameters: reader('rollbackRecords', ParameterItem, keepRollbackRecord, {
    isOurs: (element) => textIn(element, 'name')?.startsWith(RECORDS) === true,
    ownerOf: groupIdOfFile,
  }),
};
