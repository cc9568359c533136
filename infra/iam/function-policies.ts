import { logGroupName, PLANNER_FUNCTION, RULE_FUNCTION } from '../names.js';
import { PLANNER_ADAPTERS, RULE_ADAPTERS } from './adapters.js';
import { statementsFor } from './scopes.js';
import { ownArn, policyOf, type PolicyDocument, type Statement } from './statement.js';

/** What the Lambda runtime itself needs: the group is there already, so nothing may make one. */
const logs = (functionName: string): Statement => ({
  Sid: 'Logs',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [ownArn('logs', `log-group:${logGroupName(functionName)}:log-stream:*`)],
});

/** What the function of the AWS Config rule may do: read, and report to AWS Config and Security Hub. */
export const rulePolicy = (): PolicyDocument =>
  policyOf([...statementsFor(Object.values(RULE_ADAPTERS).flat()), logs(RULE_FUNCTION)]);

/** What the planner may do: read. */
export const plannerPolicy = (): PolicyDocument =>
  policyOf([...statementsFor(Object.values(PLANNER_ADAPTERS).flat()), logs(PLANNER_FUNCTION)]);
