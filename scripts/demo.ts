import { main } from '../cli/main.js';
import type { Io } from '../cli/io.js';

const BEFORE = 'examples/article-before';
const AFTER = 'examples/article-after';
const GROUP = 'sg-0482d99e7921588bc';

/** Tells the story of the article's environment: what is wrong, why, and what the fixed state looks like. */
export async function demo(io: Io): Promise<number> {
  const say = (text: string): void => {
    io.stdout.write(`${text}\n`);
  };
  say('A website: CloudFront (with WAF, DDoS protection and cache) in front of a load');
  say('balancer. Its security group was left open, as saved by the AWS command line in');
  say(`${BEFORE}. Who can reach the load balancer?\n`);
  say(`$ origin-guard scan --from ${BEFORE}`);
  const before = await main(['scan', '--from', BEFORE], io);
  say('\nThe internet walks around CloudFront. Why, rule by rule:\n');
  say(`$ origin-guard explain ${GROUP} --from ${BEFORE}`);
  await main(['explain', GROUP, '--from', BEFORE], io);
  say(`\nThe same environment with that change made, in ${AFTER}:\n`);
  say(`$ origin-guard scan --from ${AFTER}`);
  const after = await main(['scan', '--from', AFTER], io);
  say(`\nExit codes: ${String(before)} before (something is open), ${String(after)} after (all closed).`);
  return before === 1 && after === 0 ? 0 : 1;
}

if (require.main === module) {
  const { stdout, stderr, env } = process;
  void demo({ stdout, stderr, env, now: () => new Date() }).then((code) => {
    process.exitCode = code;
  });
}
