import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Asked, Place } from './asked-of.js';
import { deployedIn, type PlainPolicy } from './template-roles.js';

/**
 * Whether the policy of a role allows what is asked. Raises an error for an action or a type of resource that AWS does
 * not have, for a resource named where AWS lets nobody name one, and for a key of the context that the action lacks.
 */
export async function isAllowed(
  policy: PlainPolicy,
  { action, resource, context }: Asked,
  home: Place,
): Promise<boolean> {
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:iam::${home.accountId}:role/Tried`,
      action,
      resource: { resource, accountId: home.accountId },
      contextVariables: { ...context },
    },
    identityPolicies: [{ name: 'own', policy: deployedIn(policy, home) }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const answer = await runSimulation(simulation, {});
  if (answer.resultType === 'error') {
    throw new Error(`${action} on ${resource} cannot be asked: ${JSON.stringify(answer.errors)}`);
  }
  return answer.overallResult === 'Allowed';
}

/** Whether a role lets somebody take it: a service by its name, or a principal of IAM by its ARN. */
export async function mayAssume(
  trust: Readonly<Record<string, unknown>>,
  principal: string,
  context: Readonly<Record<string, string>>,
  home: Place,
): Promise<boolean> {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const answer = await runSimulation(
    {
      request: {
        principal,
        action: 'sts:AssumeRole',
        resource: { resource: `arn:aws:iam::${home.accountId}:role/Tried`, accountId: home.accountId },
        contextVariables: { ...context },
      },
      identityPolicies: principal.startsWith('arn:') ? [{ name: 'everything', policy: everything }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: deployedIn(trust, home),
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(`${principal}: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult === 'Allowed';
}
