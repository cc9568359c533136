import { stripVTControlCharacters } from 'node:util';
import { createColors } from 'picocolors';
import { REFUSALS, type Plan, type RefusalCode } from '../../core/plan.js';
import { renderPlan } from '../../report/plan-text.js';
import { fromCidr, fromGroup, groupId, open, securityGroup } from '../support/builders.js';
import { fix, grant, nothing, planned, refusal, revocable, split, swap } from '../support/plans.js';

const COMMAND = 'origin-guard plan sg-0web --from saved';
const render = (plan: Plan, isColored = false): string => renderPlan(planned(plan), createColors(isColored), COMMAND);

test('an edit, from the decision to the next command', () => {
  const plan = fix({
    grants: [grant(443), grant(8080, { toPort: 8081 })],
    revoke: [revocable({ description: 'Requests to the demo' }), revocable({ id: 'sgr-0b', protocol: '-1' })],
    kept: [open(fromCidr('10.0.0.0/8'))],
    owner: { kind: 'terraform', name: 'Terraform = true' },
    snippets: [{ language: 'terraform', code: 'resource "a" "b" {\n\n  c = 1\n}' }],
    risks: ['monitors are cut off'],
  });
  expect(render(plan)).toBe(`sg-0web (web)  111122223333 us-east-1
EDIT  add 2 rules, then remove 2 rules

Paths
  E1WEB → web → sg-0web

Why EDIT
  only load balancers behind CloudFront use the group, and what must be added
  fits beside the rules it has

Rules of sg-0web
  + tcp 443  pl-3b927c52 (CloudFront, IPv4)
  + tcp 8080-8081  pl-3b927c52 (CloudFront, IPv4)
  - tcp 443  0.0.0.0/0  sgr-0open  "Requests to the demo"
  - all traffic  0.0.0.0/0  sgr-0b
    tcp 443  10.0.0.0/8  stays: nobody opted in to removing it

Rules that count against the quota
  IPv4: 1 now, 56 while old and new stand side by side, 55 after
  IPv6: 0 now, 55 while old and new stand side by side, 55 after
  allowed: 60

Who manages the group
  terraform (Terraform = true); without a change there, the fix does not last

Change in terraform
  resource "a" "b" {

    c = 1
  }

What could break
  · monitors are cut off

Nothing was changed. The commands, for someone who applies it by hand:
  origin-guard plan sg-0web --from saved --format aws-cli
`);
});

test('a split shows the group to make, and the list that the load balancer gets', () => {
  const text = render(split());
  expect(text).toContain('SPLIT  attach 1 group, then add 1 rule, then remove 1 rule');
  expect(text).toContain(
    [
      'Groups to make or attach',
      '  + origin-guard-50dc6c495c0c9188-ipv4-80-80',
      '      + tcp 80  pl-3b927c52 (CloudFront, IPv4)',
      '',
      'Groups of web',
      '    sg-0web',
      '    sg-0app',
      '  + origin-guard-50dc6c495c0c9188-ipv4-80-80',
    ].join('\n'),
  );
});

test('a group of an earlier run that is there is told from one that is made', () => {
  const found = securityGroup({ id: groupId('sg-0made'), name: split().dedicated[0]?.name ?? '' });
  const text = renderPlan(
    { ...planned(split()), restsOn: { admitting: [], adopted: [found] } },
    createColors(false),
    COMMAND,
  );
  expect(text).toContain('ipv4-80-80  sg-0made, which is there\n');
});

test('a swap takes the group off the load balancer, and leaves its rules', () => {
  const text = render(swap());
  expect(text).toContain('SWAP  attach 1 group, then take the group off the load balancer');
  expect(text).toContain('Groups of web\n  - sg-0web\n    sg-0app\n  + origin-guard-');
  expect(text).toContain('Rules of sg-0web\n    stay as they are');
  expect(text).toContain('the group keeps its rules; each new group counts 55; allowed: 60');
});

test('a limit that nobody read is said to be the default', () => {
  const { quota } = fix();
  expect(render(fix({ quota: { ...quota, isAssumed: true } }))).toContain(
    "allowed: 60 (AWS's default; the account's own was not read)",
  );
});

test('sources without a note or an id are shown as they are', () => {
  const text = render(fix({ grants: [], kept: [open(fromGroup('sg-0peer'))] }));
  expect(text).toContain('EDIT  remove 1 rule\n');
  expect(text).toContain('    tcp 443  sg-0peer  stays: nobody opted in to removing it');
});

test.each(Object.keys(REFUSALS) as RefusalCode[])('%s: what it means, what was found, what to do next', (code) => {
  const text = render(refusal(code)).replaceAll(/\s+/g, ' ');
  expect(text).toContain(`REFUSE ${code}`);
  expect(text).toContain(`Why it is refused: ${code} ${REFUSALS[code].means}`);
  expect(text).toContain('What was found group sg-0web is used by network interface eni-0db too');
  expect(text).toContain(`What to do next ${REFUSALS[code].nextStep}`);
  expect(text).not.toContain('--format aws-cli Nothing was changed');
});

test('a refusal for an owner carries the code for the source', () => {
  const text = render(
    refusal('CONTROLLER_MANAGED', {
      owner: { kind: 'kubernetes', name: 'prod' },
      snippets: [{ language: 'kubernetes', code: 'metadata:' }],
    }),
  );
  expect(text).toContain('kubernetes (prod)');
  expect(text).toContain('Change in kubernetes\n  metadata:\n');
});

test('nothing to do, and why', () => {
  expect(render(nothing)).toBe(`sg-0web (web)  111122223333 us-east-1
NOOP  COMPLIANT

Paths
  E1WEB → web → sg-0web

Why nothing is to do
  group sg-0web admits only CloudFront or what the parameters allow
`);
});

test('a group of which neither name nor place nor path is known', () => {
  const nowhere = { name: null, scope: { accountId: null, region: null }, paths: [] };
  expect(renderPlan(planned(nothing, nowhere), createColors(false), COMMAND)).toMatch(/^sg-0web {2}- -\nNOOP/);
});

test('what people wrote cannot move on the terminal', () => {
  const evil = '\u001b[2J\nREFUSE';
  const plan = fix({
    revoke: [revocable({ description: evil })],
    owner: { kind: 'terraform', name: evil },
    risks: [evil],
  });
  const text = renderPlan(planned(plan, { name: evil }), createColors(false), COMMAND);
  expect(text).not.toContain('\u001b');
  expect(text).not.toMatch(/^REFUSE/m);
});

test('colour changes nothing but colour, and no line is wider than 80 columns', () => {
  const long = 'a-long-name-of-something-'.repeat(6);
  for (const plan of [
    nothing,
    refusal(),
    split({ revoke: [revocable({ description: long })] }),
    swap(),
    fix({ kept: [open(fromCidr('2001:db8:1111:2222:3333:4444:5555:6666/128'))], risks: [long] }),
  ]) {
    const text = render(plan);
    expect(stripVTControlCharacters(render(plan, true))).toBe(text);
    expect(render(plan, true)).toContain('\u001b[1m');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
  const wide = renderPlan(planned(nothing, { name: long }), createColors(false), COMMAND);
  expect(wide.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
