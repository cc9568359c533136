import { main } from '../cli/main.js';
import type { Io } from '../cli/io.js';

const BEFORE = 'examples/article-before';
const AFTER = 'examples/article-after';
const AUTHENTICATED = 'examples/article-authenticated';
const GROUP = 'sg-0482d99e7921588bc';

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
  say('\nThe internet walks around CloudFront. Why, rule by rule:\n');
  say(`$ origin-guard explain ${GROUP} --from ${BEFORE}`);
  await main(['explain', GROUP, '--from', BEFORE], io);
  say(`\nThe same environment with that change made, in ${AFTER}:\n`);
  say(`$ origin-guard scan --from ${AFTER}`);
  const after = await main(['scan', '--from', AFTER], io);
  say('\nrestricted to CloudFront: yes; knows its own distribution: no\n');
  say('The prefix list admits the distributions of every AWS customer: anybody may');
  say('point one at this load balancer. So CloudFront adds a secret header, a listener');
  say('rule verifies it, and the default action answers 403, as saved in');
  say(`${AUTHENTICATED}:\n`);
  say(`$ origin-guard scan --from ${AUTHENTICATED}`);
  const authenticated = await main(['scan', '--from', AUTHENTICATED], io);
  say('\nrestricted to CloudFront: yes; knows its own distribution: yes\n');
  const codes = [before, after, authenticated].map(String).join(', ');
  say(`Exit codes: ${codes} (1: something is open, 0: both layers are closed).`);
  return before === 1 && after === 1 && authenticated === 0 ? 0 : 1;
}

if (require.main === module) {
  const { stdout, stderr, env } = process;
  void demo({ stdout, stderr, env, now: () => new Date() }).then((code) => {
    process.exitCode = code;
  });
}
