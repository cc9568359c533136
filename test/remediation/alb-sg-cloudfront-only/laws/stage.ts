import { createHash } from 'node:crypto';
import { OriginGuardError } from '../../../../core/errors.js';
import type { PlanningPorts } from '../../../../core/planning.js';
import { answerPlanner, type PlannerDeps } from '../../../../remediation/alb-sg-cloudfront-only/answer.js';
import { parsePlannerRequest, type PlannerRequest } from '../../../../remediation/alb-sg-cloudfront-only/request.js';
import type { PlanResult, VerifyResult } from '../../../../remediation/alb-sg-cloudfront-only/result.js';
import { ROLLBACK_DOCUMENT, rollbackRunbook } from '../../../../remediation/alb-sg-cloudfront-only/rollback-runbook.js';
import { remediateRunbook } from '../../../../remediation/alb-sg-cloudfront-only/runbook.js';
import { renderRunbook } from '../../../../remediation/runbook/render.js';
import { HOME } from '../../../support/builders.js';
import { parseDocument } from '../../../support/runbook/document.js';
import type { Caller, Doors, Payload, RunOptions } from '../../../support/runbook/doors.js';
import { fakeAws, type FakeAws } from '../../../support/runbook/fake-aws.js';
import { AwsError } from '../../../support/runbook/fake-state.js';
import { start, type Execution } from '../../../support/runbook/interpreter.js';
import { portsOf } from '../../../support/runbook/ports-of.js';
import { WEIGHTS } from './cast.js';
import { Memory, type Remembered } from './memory.js';
import { GAP, type LawWorld } from './world.js';

export type Planner = (request: PlannerRequest, deps: PlannerDeps) => Promise<PlanResult | VerifyResult>;

/** What runs: the two documents, and the planner that they ask. A mutant is another one of these. */
export interface Machine {
  readonly remediate: object;
  readonly rollback: object;
  readonly planner: Planner;
  /** Whether the planner's answers are kept, to be given again where nothing that it reads has changed. */
  readonly remembers: boolean;
}

export const MACHINE: Machine = {
  remediate: parseDocument(renderRunbook(remediateRunbook())),
  rollback: parseDocument(renderRunbook(rollbackRunbook())),
  planner: answerPlanner,
  remembers: true,
};

/** One answer of the planner. */
export interface Answered {
  readonly by: Caller;
  readonly request: PlannerRequest;
  readonly result: PlanResult | VerifyResult;
}

/** One account under test, and everything that happens to it. */
export interface Stage {
  readonly world: LawWorld;
  readonly fake: FakeAws;
  readonly machine: Machine;
  readonly answers: Answered[];
  /** Calls that the fake refused. */
  readonly refused: { readonly by: Caller; readonly api: string; readonly error: string }[];
  /** Makes every read of the planner fail, as when AWS throttles; while it is set. */
  isBlind: boolean;
  /** Makes the function itself fail; while it is set. */
  isBroken: boolean;
}

/** Sets up the account of a world. */
export const stageOf = (world: LawWorld, machine: Machine = MACHINE): Stage => ({
  world,
  fake: fakeAws({ state: world.state, ...world.account, weights: WEIGHTS }),
  machine,
  answers: [],
  refused: [],
  isBlind: false,
  isBroken: false,
});

const READS_PER_SLEEP = 6;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the planner needs, over the account as it is now. */
export function depsOf(stage: Stage, hidden: (call: string) => boolean = () => false): PlannerDeps {
  const { world, fake } = stage;
  const hide = (call: string) =>
    hidden(call) || (world.hidden !== null && call.startsWith(world.hidden)) ? GAP : null;
  const seen = { ...world.seen, distributions: world.distributions };
  return {
    own: HOME,
    freshPorts: () => {
      const ports = portsOf(fake, { world: seen, ...world.surroundings, hide });
      return stage.isBlind ? blinded(ports) : ports;
    },
    params: world.params,
    settings: { iacTagKeys: [], ...world.settings },
    remediationMode: 'automatic',
    now: () => new Date(fake.now()).toISOString(),
    digest,
    sleep: async (milliseconds) => {
      fake.elapse(milliseconds / 1000);
      // What is hidden comes to light by time too, of which the fake knows only reads.
      for (let read = 0; read < READS_PER_SLEEP; read += 1) fake.read();
    },
  };
}

/** Ports of which every answer is a failure of AWS's. */
const blinded = (ports: PlanningPorts): PlanningPorts =>
  new Proxy(ports, {
    get: () => () => Promise.reject(new OriginGuardError('E2001', 'AWS does not answer')),
  });

/** Answers one question as the function in AWS does. */
export async function ask(stage: Stage, payload: Payload, by: Caller): Promise<PlanResult | VerifyResult> {
  if (stage.isBroken) throw new Error('the function failed');
  const live = () => answerNow(stage, payload);
  const isSteady = stage.fake.isSettled() && !stage.isBlind && stage.machine.remembers;
  const { request, result } = isSteady
    ? await Memory.of(stage.machine.planner, stage.world).answer(stage.fake, payload, live)
    : await live();
  stage.answers.push({ by, request, result });
  return result;
}

async function answerNow(stage: Stage, payload: Payload): Promise<Remembered> {
  const waits: number[] = [];
  const deps = depsOf(stage);
  const request = parsePlannerRequest(payload);
  const sleep = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    return deps.sleep(milliseconds);
  };
  return { request, result: await stage.machine.planner(request, { ...deps, sleep }), waits };
}

/** The account's answers, with every refusal written down. */
function doorsOf(stage: Stage): Doors {
  const { fake, machine, world } = stage;
  return {
    invokeLambda: (_name, payload, by) => ask(stage, payload, by),
    callApi: async (service, api, params, by) => {
      try {
        return await fake.callApi(service, api, params, by);
      } catch (error) {
        if (error instanceof AwsError) stage.refused.push({ by, api, error: error.name });
        throw error;
      }
    },
    approve: () => Promise.resolve(world.approves),
    documentNamed: (name) => (name === ROLLBACK_DOCUMENT ? machine.rollback : null),
  };
}

const optionsOf = (stage: Stage, executionId: string, hooks: RunOptions['hooks']) => ({
  ...stage.world.ssm,
  doors: doorsOf(stage),
  executionId,
  hooks,
  now: () => stage.fake.now(),
});

/** Starts the fixer on a stage, with what the world's operator chose. */
export function startFix(stage: Stage, executionId: string, hooks: RunOptions['hooks'] = {}): Execution {
  const { about, parameters, optIns } = stage.world;
  const given = {
    SecurityGroupId: about,
    ...parameters,
    AllowSplit: String(optIns.allowSplit),
    AllowSwap: String(optIns.allowSwap),
    RevokePrivateSources: String(optIns.revokePrivateSources),
    RevokeSecurityGroupSources: String(optIns.revokeSecurityGroupSources),
  };
  return start(stage.machine.remediate, given, optionsOf(stage, executionId, hooks));
}

/** Starts the undoing of a run. */
export const startUndo = (stage: Stage, recordId: string, executionId: string, hooks: RunOptions['hooks'] = {}) =>
  start(
    stage.machine.rollback,
    { SecurityGroupId: stage.world.about, RecordId: recordId, RequireApproval: approvalOfUndoing(stage.world) },
    optionsOf(stage, executionId, hooks),
  );

/** Who approves fixes is asked about undoing them too; who does not would leave nothing to see. */
const approvalOfUndoing = ({ approves, parameters }: LawWorld): string =>
  approves ? parameters.RequireApproval : 'false';
