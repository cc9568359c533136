import { logGroupName, PLANNER_FUNCTION, RULE_FUNCTION } from '../names.js';
import { PLANNER_ADAPTERS, RULE_ADAPTERS } from './adapters.js';
import { statementsFor } from './scopes.js';
import { ownArn, type Grant } from './statement.js';

/** What the Lambda runtime itself needs: the group is there already, so nothing may make one. */
const logs = (functionName: string): Grant => ({
  Sid: 'Logs',
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [ownArn('logs', `log-group:${logGroupName(functionName)}:log-stream:*`)],
  because: 'the Lambda runtime names the streams',
});

/** What the function of the AWS Config rule may do: read, and report to AWS Config and Security Hub. */
export const ruleGrants = (): readonly Grant[] => [
  ...statementsFor(Object.values(RULE_ADAPTERS).flat()),
  logs(RULE_FUNCTION),
];

/** What the planner may do: read. */
export const plannerGrants = (): readonly Grant[] => [
  ...statementsFor(Object.values(PLANNER_ADAPTERS).flat()),
  logs(PLANNER_FUNCTION),
];
