import { dollarsOf, inDollars, totalDollars } from './estimate.js';
import { policyFor } from './policy.js';
import { QUESTIONS } from './registry.js';
import type { Need } from './question.js';

const NEEDS: Readonly<Record<Need, string>> = {
  organization: 'an organization',
  recorder: 'a recorder of AWS Config',
  'security-hub': 'Security Hub',
  'ipv4-list': "CloudFront's prefix list",
};

/** The page of the experiments: questions, costs, what is made, and the policy that a run takes. */
export function renderPage(called: readonly string[], table: Table): string {
  return [
    '<!-- rendered from prove/registry.ts by `npm run docs` -->',
    '# What `npm run prove` asks',
    'The questions of [prove.md](prove.md), what is done for each, and what it takes. Nothing here says that it has been asked.',
    '## The questions',
    table(
      ['id', 'question', 'needs', 'at most'],
      QUESTIONS.map(({ id, asks, needs, steps, estimate }) => [
        id,
        asks,
        needs.map((need) => NEEDS[need]).join(', ') || 'nothing',
        steps.length === 0 ? 'not asked here' : inDollars(dollarsOf(estimate)),
      ]),
    ),
    `Together at most ${inDollars(totalDollars(QUESTIONS.map(({ estimate }) => estimate)))}, counted without any free tier, and with a recorder that records every resource.`,
    '## What it does for each',
    ...QUESTIONS.map(({ id, steps, open, fallback }) =>
      [
        `**${id}**`,
        ...(steps.length === 0
          ? ['- not asked here']
          : steps.map(({ kind, says }) => `- ${kind === 'stack' ? `makes ${says}` : says}`)),
        ...(open === null ? [] : [`- leaves open: ${open}`]),
        `- without it: ${fallback}`,
      ].join('\n'),
    ).map((text) => text.replace('\n', '\n\n')),
    '## The permissions it takes',
    'A run takes these, as the policy of whoever runs it. What CloudFormation calls in their name is in it.',
    `\`\`\`json\n${JSON.stringify(policyFor(called), null, 2)}\n\`\`\``,
  ].join('\n\n');
}

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;
