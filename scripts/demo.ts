import { main } from '../cli/main.js';
import type { Io } from '../cli/io.js';

const BEFORE = 'examples/article-before';
const RESTRICTED = 'examples/article-restricted';
const AFTER = 'examples/article-after';
const GROUP = 'sg-0482d99e7921588bc';

/** What each rule tells of a site, in the words of the demo. */
const LAYERS = {
  'alb-sg-cloudfront-only': 'restricted to CloudFront',
  'alb-origin-authenticated': 'knows its own distribution',
} as const;

/** Tells the story of the article's environment: what is wrong, why, and how both layers are closed. */
export async function demo(io: Io): Promise<number> {
  const say = (text: string): void => {
    io.stdout.write(`${text}\n`);
  };
  say('A website: CloudFront (with WAF, DDoS protection and cache) in front of a load');
  say('balancer. Its security group was left open, as saved by the AWS command line in');
  say(`${BEFORE}. Who can reach the load balancer?\n`);
  say(`$ origin-guard scan --from ${BEFORE}`);
  const before = await main(['scan', '--from', BEFORE], io);
  say(`\n${await layersOf(BEFORE, io)}`);
  say('\nThe internet walks around CloudFront. Why, rule by rule:\n');
  say(`$ origin-guard explain ${GROUP} --from ${BEFORE}`);
  await main(['explain', GROUP, '--from', BEFORE], io);
  say(`\nThe same environment with that change made, in ${RESTRICTED}:\n`);
  say(`$ origin-guard scan --from ${RESTRICTED}`);
  const restricted = await main(['scan', '--from', RESTRICTED], io);
  say(`\n${await layersOf(RESTRICTED, io)}\n`);
  say('The prefix list admits the distributions of every AWS customer: anybody may');
  say('point one at this load balancer. So CloudFront adds a secret header, a listener');
  say('rule verifies it, and the default action answers 403, as saved in');
  say(`${AFTER}:\n`);
  say(`$ origin-guard scan --from ${AFTER}`);
  const after = await main(['scan', '--from', AFTER], io);
  say(`\n${await layersOf(AFTER, io)}\n`);
  const codes = [before, restricted, after].map(String).join(', ');
  say(`Exit codes: ${codes} (1: something is open, 0: both layers are closed).`);
  return before === 1 && restricted === 1 && after === 0 ? 0 : 1;
}

/** Both layers in a line, as the verdicts have them: `restricted to CloudFront: yes; knows its own distribution: no`. */
async function layersOf(folder: string, io: Io): Promise<string> {
  let said = '';
  const stdout = { write: (text: string) => (said += text) };
  await main(['scan', '--from', folder, '--format', 'json'], { ...io, stdout });
  const { evaluations } = JSON.parse(said) as {
    readonly evaluations: readonly { readonly ruleId: string; readonly verdict: string }[];
  };
  return Object.entries(LAYERS)
    .map(([id, layer]) => {
      const judged = evaluations.filter(({ ruleId, verdict }) => ruleId === id && verdict !== 'NOT_APPLICABLE');
      const isClosed = judged.length > 0 && judged.every(({ verdict }) => verdict === 'COMPLIANT');
      return `${layer}: ${isClosed ? 'yes' : 'no'}`;
    })
    .join('; ');
}

if (require.main === module) {
  const { stdout, stderr, env } = process;
  void demo({ stdout, stderr, env, now: () => new Date() }).then((code) => {
    process.exitCode = code;
  });
}
