import { json, serviceError } from './faults.js';
import type { StandIn } from './recording-proxy.js';

/** A conformance pack of an organization, which moto lacks. */
export interface OrganizationPackStandIn {
  readonly standIn: StandIn;
  /** Each template with which the pack was put again. */
  readonly put: () => readonly string[];
}

interface PackInput {
  readonly OrganizationConformancePackName?: string;
  readonly OrganizationConformancePackNames?: readonly string[];
  readonly TemplateBody?: string;
}

/** Makes a stand-in for one pack that failed in one account, a day ago; whoever puts it again finds it being updated. */
export function organizationPackStandIn(name: string, failedIn: string): OrganizationPackStandIn {
  const put: string[] = [];
  const dayAgo = Date.now() / 1000 - 86_400;
  return {
    put: () => put,
    standIn: ({ called }) => {
      const input = called.input as PackInput;
      if (called.service !== 'config' || !called.operation.includes('OrganizationConformancePack')) return null;
      const named = input.OrganizationConformancePackName ?? input.OrganizationConformancePackNames?.[0];
      if (named !== name) {
        return serviceError(called, {
          status: 400,
          code: 'NoSuchOrganizationConformancePackException',
          message: String(named),
        });
      }
      const arn = `arn:aws:config:${called.region}:111122223333:organization-conformance-pack/${name}-a1b2c3d4`;
      const ofPack = { OrganizationConformancePackName: name, OrganizationConformancePackArn: arn };
      switch (called.operation) {
        case 'DescribeOrganizationConformancePacks':
          return json(200, { OrganizationConformancePacks: [{ ...ofPack, LastUpdateTime: dayAgo }] });
        case 'DescribeOrganizationConformancePackStatuses':
          return json(200, {
            OrganizationConformancePackStatuses: [{ ...ofPack, Status: 'CREATE_FAILED', LastUpdateTime: dayAgo }],
          });
        case 'GetOrganizationConformancePackDetailedStatus':
          return json(200, {
            OrganizationConformancePackDetailedStatuses: [
              { AccountId: failedIn, ConformancePackName: name, Status: 'CREATE_FAILED', LastUpdateTime: dayAgo },
            ],
          });
        case 'PutOrganizationConformancePack':
          put.push(String(input.TemplateBody));
          return json(200, { OrganizationConformancePackArn: arn });
        default:
          return null;
      }
    },
  };
}
