import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderScp } from '../infra/organization/scp.js';
import { parseSettings } from '../infra/settings.js';
import { contextOf } from './render.js';

const USAGE = `usage: npm run --silent scp -- --break-glass ROLE --exempts ROLE [--deploys ROLE] [--tag-key KEY] > scp.json

  --break-glass ROLE  the ARN pattern of a role for emergencies, such as arn:aws:iam::*:role/BreakGlass
  --exempts ROLE      the ARN pattern of a role that may exempt resources
  --deploys ROLE      the ARN pattern of a role that deploys our stacks other than through StackSets
  --tag-key KEY       a tag key of ours beside origin-guard:* and the setting exemptTagKey in cdk.json

Each may be given several times. The roles are kept too: nobody but those for emergencies and those that deploy may make
or change one of a name that is given.
`;

/** A pattern that no role could miss would leave nobody to deny. */
const ROLE = /^arn:[\w*-]+:iam::(?:\*|\d{12}):(?:role|user)\/(?!\*+$)[\w+=,.@/*?-]+$/;

/** The service control policy of an organization as text, or how to ask for it and the exit code 2. */
export function scp(
  args: readonly string[],
  context: Readonly<Record<string, unknown>> = {},
): {
  readonly code: 0 | 2;
  readonly stdout: string;
  readonly stderr: string;
} {
  try {
    const several = { type: 'string', multiple: true, default: [] as string[] } as const;
    const { values } = parseArgs({
      args: [...args],
      options: { 'break-glass': several, exempts: several, deploys: several, 'tag-key': several },
    });
    // Without one, nobody could repair a guard that StackSets cannot reach.
    if (values['break-glass'].length === 0)
      return { code: 2, stdout: '', stderr: `--break-glass is missing\n${USAGE}` };
    for (const option of ['break-glass', 'exempts', 'deploys'] as const) checkRoles(option, values[option]);
    const { exemptTagKey } = parseSettings(context);
    const policy = renderScp({
      breakGlassRoles: values['break-glass'],
      exemptionRoles: values.exempts,
      deployerRoles: values.deploys,
      tagKeys: ['origin-guard:*', ...keysBeside([exemptTagKey, ...values['tag-key']])],
    });
    return { code: 0, stdout: `${JSON.stringify(policy)}\n`, stderr: '' };
  } catch (error) {
    return { code: 2, stdout: '', stderr: `${error instanceof Error ? error.message : String(error)}\n${USAGE}` };
  }
}

function checkRoles(option: string, roles: readonly string[]): void {
  const wrong = roles.find((each) => !ROLE.test(each));
  if (wrong === undefined) return;
  throw new RangeError(
    `--${option} is "${wrong}"; allowed: the ARN pattern of a role such as arn:aws:iam::*:role/BreakGlass`,
  );
}

/** The keys that `origin-guard:*` does not cover, with those of their dates. */
const keysBeside = (keys: readonly string[]): readonly string[] =>
  [...new Set(keys)].filter((key) => !key.startsWith('origin-guard:')).flatMap((key) => [key, `${key}-until`]);

if (require.main === module) {
  const { code, stdout, stderr } = scp(process.argv.slice(2), contextOf(join(__dirname, '..', '..', 'cdk.json')));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}
