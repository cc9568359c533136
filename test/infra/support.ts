import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, makeApp } from '../../infra/build-app.js';
import type { FunctionCode } from '../../infra/function-code.js';
import { parseSettings, type Settings } from '../../infra/settings.js';

/** Code that is small, so that a template in a test is about everything else. */
export const SMALL_CODE: FunctionCode = (name) => `exports.handler = async () => '${name}';`;

/** Settings as somebody writes them, over the defaults. */
export const settingsOf = (given: Readonly<Record<string, unknown>> = {}): Settings =>
  parseSettings({ 'origin-guard': given });

export const ORGANIZATION = { organizationId: 'o-abcd123456', managementAccountId: '111122223333' } as const;
export const APPROVED = {
  remediation: 'approved',
  approvers: ['arn:aws:iam::111122223333:role/Approver'],
  approvalTopicName: 'AutomationApprovals',
} as const;

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

export interface TemplateJson {
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

export interface Templates {
  readonly member: TemplateJson;
  readonly pack: TemplateJson;
  readonly organization: TemplateJson;
}

const rendered = new Map<string, Templates>();

/** The templates as the CDK writes them; each set of settings is synthesized once. */
export function templatesOf(given: Readonly<Record<string, unknown>> = {}, code: FunctionCode = SMALL_CODE): Templates {
  const key = `${code === SMALL_CODE ? 'small' : 'built'} ${JSON.stringify(given)}`;
  const made = rendered.get(key) ?? synthesize(given, code);
  rendered.set(key, made);
  return made;
}

function synthesize(given: Readonly<Record<string, unknown>>, code: FunctionCode): Templates {
  const outdir = mkdtempSync(join(tmpdir(), 'origin-guard-templates-'));
  try {
    const { app, member, pack, organization } = buildApp(makeApp(outdir), { settings: settingsOf(given), code });
    app.synth();
    const read = (file: string) => JSON.parse(readFileSync(join(outdir, file), 'utf8')) as TemplateJson;
    return {
      member: read(member.templateFile),
      pack: read(pack.templateFile),
      organization: read(organization.templateFile),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

export const ofType = ({ Resources }: TemplateJson, type: string): readonly Resource[] =>
  Object.values(Resources).filter(({ Type }) => Type === type);
