import { parseArgs } from 'node:util';
import { renderScp } from '../infra/organization/scp.js';

const USAGE = `usage: npm run --silent scp -- --break-glass ROLE --exempts ROLE [--deploys ROLE] [--tag-key KEY] > scp.json

  --break-glass ROLE  the ARN pattern of a role for emergencies, such as arn:aws:iam::*:role/BreakGlass
  --exempts ROLE      the ARN pattern of a role that may exempt resources
  --deploys ROLE      the ARN pattern of a role that deploys our stacks other than through StackSets
  --tag-key KEY       a tag key of ours beside origin-guard:*, where the setting exemptTagKey names another one

Each may be given several times.
`;

/** The service control policy of an organization as text, or how to ask for it and the exit code 2. */
export function scp(args: readonly string[]): {
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
    const policy = renderScp({
      breakGlassRoles: values['break-glass'],
      exemptionRoles: values.exempts,
      deployerRoles: values.deploys,
      tagKeys: ['origin-guard:*', ...values['tag-key'].flatMap((key) => [key, `${key}-until`])],
    });
    return { code: 0, stdout: `${JSON.stringify(policy)}\n`, stderr: '' };
  } catch (error) {
    return { code: 2, stdout: '', stderr: `${error instanceof Error ? error.message : String(error)}\n${USAGE}` };
  }
}

if (require.main === module) {
  const { code, stdout, stderr } = scp(process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}
