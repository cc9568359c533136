import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SSMClient } from '@aws-sdk/client-ssm';
import { clientSettings, equip, type ClientOptions } from './clients.js';
import type { Session } from './session.js';

/** The clients that only plans need: the function of the AWS Config rule loads none of them. */
export interface PlanningClients {
  readonly serviceQuotas: ServiceQuotasClient;
  readonly ssm: SSMClient;
}

/** A session in which plans can be made. */
export interface PlanningSession extends Session {
  readonly planning: PlanningClients;
}

/** Makes the clients that plans need beside the others; nothing is sent before a command is. */
export function makePlanningClients(options: ClientOptions): PlanningClients {
  const settings = clientSettings(options);
  const clients: PlanningClients = {
    serviceQuotas: new ServiceQuotasClient(settings),
    ssm: new SSMClient(settings),
  };
  for (const client of Object.values(clients) as readonly { readonly middlewareStack: unknown }[])
    equip(client, options.counter);
  return clients;
}
