import type { Gap } from '../../../../core/fact.js';
import type { LoadBalancerArn } from '../../../../core/ids.js';
import type { Distribution } from '../../../../core/model/distribution.js';
import type { PlanOptions } from '../../../../remediation/alb-sg-cloudfront-only/options.js';
import type { AlbSgParams } from '../../../../rules/alb-sg-cloudfront-only/params.js';
import type { World as Seen } from '../../../support/fake-ports.js';
import type { FakeAccount } from '../../../support/runbook/fake-aws.js';
import type { FakeState } from '../../../support/runbook/fake-state.js';
import type { RunOptions } from '../../../support/runbook/doors.js';
import type { Surroundings } from '../../../support/runbook/ports-of.js';

/** One account and Region with everything around it, and how the runbook is started on it. */
export interface LawWorld {
  readonly seed: number;
  readonly state: FakeState;
  readonly account: Pick<FakeAccount, 'counting' | 'quotas' | 'lag' | 'lists'>;
  readonly distributions: readonly Distribution[];
  /** Where origin names that are no load balancer's own lead in truth, whether or not anybody can resolve them. */
  readonly leadsTo: Readonly<Record<string, LoadBalancerArn>>;
  /** What can be seen besides: names, VPC origins, who owns what. */
  readonly seen: Partial<Seen>;
  readonly surroundings: Pick<Surroundings, 'peers' | 'forwarders'>;
  /** What cannot be read: the beginning of what a port is asked, as `portsOf` spells it. */
  readonly hidden: string | null;
  readonly params: AlbSgParams;
  readonly settings: Pick<PlanOptions, 'iacManaged' | 'portMerge' | 'quotaModel'>;
  /** Which group the runbook is started on. */
  readonly about: string;
  readonly parameters: Readonly<Record<'DryRun' | 'RequireApproval' | 'OnVerifyError', string>>;
  readonly optIns: Pick<
    PlanOptions,
    'allowSplit' | 'allowSwap' | 'revokePrivateSources' | 'revokeSecurityGroupSources'
  >;
  readonly approves: boolean;
  /** What AWS does not document. */
  readonly ssm: Pick<RunOptions, 'missingOutputs' | 'lambdaErrors'>;
}

export const GAP: Gap = { fact: 'hidden', cause: 'access-denied', detail: 'it cannot be read' };
