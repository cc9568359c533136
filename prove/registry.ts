import { QUESTION_IDS, type Question } from './question.js';
import {
  automaticRemediation,
  evaluationOnDemand,
  foreignRole,
  importedFunction,
  packFindings,
} from './questions/packs.js';
import { sourceOrganization } from './questions/organization.js';
import { tagCondition } from './questions/tags.js';
import { quotaFamilies } from './questions/quota.js';
import {
  crossAccountFunction,
  functionErrors,
  mapListOutput,
  skippedApproval,
} from './questions/steps-of-automation.js';

/** Everything that only an account can tell, in the order in which it is asked. */
export const QUESTIONS: readonly Question[] = [
  packFindings,
  crossAccountFunction,
  sourceOrganization,
  importedFunction,
  functionErrors,
  automaticRemediation,
  mapListOutput,
  foreignRole,
  tagCondition,
  skippedApproval,
  quotaFamilies,
  evaluationOnDemand,
];

export const isQuestionId = (text: string): text is Question['id'] =>
  (QUESTION_IDS as readonly string[]).includes(text);
