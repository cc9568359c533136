import { doubt } from '../answer.js';
import type { Question } from '../question.js';

export const sourceOrganization: Question = {
  id: 'U3',
  asks: 'Does AWS Config send `aws:SourceOrgID` when it asks a function?',
  needs: ['organization'],
  steps: [],
  open: "in a member account, give a function a policy of type `AWS::Lambda::ResourcePolicy` that lets `config.amazonaws.com` invoke it only with the organization's id as `aws:SourceOrgID`, make a custom rule of it, and see whether it is asked",
  fallback: 'one `SourceAccount` for each function, as the member template has it',
  estimate: { automationSteps: 0, evaluations: 0, configItems: 0 },
  answer: () => doubt('one account cannot tell'),
};
