import {
  GetParametersByPathCommand,
  type GetParametersByPathCommandInput,
  type GetParametersByPathCommandOutput,
  type Parameter,
} from '@aws-sdk/client-ssm';
import { compareText, known, type Fact } from '../../core/fact.js';
import type { SecurityGroupId } from '../../core/ids.js';
import { recordsPath, type StoredRecord } from '../../core/planning.js';
import { ParameterItem } from '../../wire/planning.js';
import type { PlanningSession } from '../planning-session.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything this reader may call. */
export const iamActions = ['ssm:GetParametersByPath'] as const;

/** The largest page. Source: API reference of GetParametersByPath. */
const PAGE_SIZE = 10;

/** The rollback records of a group, newest first. */
export async function readRollbackRecords(
  session: PlanningSession,
  group: SecurityGroupId,
): Promise<Fact<readonly StoredRecord[]>> {
  const pages = await readRecordPages(session, {
    fact: `rollback records of ${group}`,
    what: `the rollback records of ${group}`,
    path: { Path: recordsPath(group) },
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.Parameters, 'Parameters'))
      .map(toRecord)
      .sort((a, b) => compareText(b.savedAt, a.savedAt)),
  );
}

/** Reads the rollback records of every group, for those who keep the pages. */
export const readEveryRollbackRecord = (session: PlanningSession): Promise<Fact<readonly object[]>> =>
  readRecordPages(session, {
    fact: 'rollbackRecords',
    what: 'rollback records',
    path: { Path: recordsPath('').replace(/\/$/, ''), Recursive: true },
  });

interface Records {
  readonly fact: string;
  readonly what: string;
  readonly path: Pick<GetParametersByPathCommandInput, 'Path' | 'Recursive'>;
}

const readRecordPages = (session: PlanningSession, { fact, what, path }: Records) =>
  readPages<GetParametersByPathCommandOutput>(session, {
    fact,
    what,
    action: iamActions[0],
    command: 'get-parameters-by-path',
    page: (NextToken, options) =>
      session.planning.ssm.send(new GetParametersByPathCommand({ ...path, NextToken, MaxResults: PAGE_SIZE }), options),
    next: ({ NextToken }) => NextToken,
  });

const toRecord = (parameter: Parameter): StoredRecord => {
  const { Name, LastModifiedDate } = parameter;
  const given = { ...parameter, LastModifiedDate: LastModifiedDate?.toISOString() };
  const { name, value, lastModifiedDate } = readItem(ParameterItem, given, `parameter ${Name ?? '?'}`);
  return { id: name.slice(name.lastIndexOf('/') + 1), text: value, savedAt: lastModifiedDate };
};
