import type { LoadBalancerArn } from '../../core/ids.js';
import { parseParams } from '../../core/params.js';
import { guideLoadBalancer } from '../../remediation/alb-origin-authenticated/gather-guide.js';
import type { GuidedLoadBalancer } from '../../remediation/alb-origin-authenticated/guide.js';
import { renderGuideJson } from '../../report/guide-json.js';
import { renderGuideCommands } from '../../report/guide-script.js';
import { renderGuide } from '../../report/guide-text.js';
import { params, type AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import { selectRules } from '../../rules/registry.js';
import { EXIT } from '../exit-codes.js';
import { inputText, prepareRules, readParams, type InputOptions, type planInput } from '../input.js';
import { styleFor, type Io } from '../io.js';
import { writeResult } from '../output.js';

interface GuideOptions extends InputOptions {
  readonly format: 'table' | 'json' | 'aws-cli';
  readonly output?: string;
  readonly rotate?: boolean;
}

/** Plans the order for one load balancer and writes it; the exit code is the answer. */
export async function planLoadBalancer(
  arn: LoadBalancerArn,
  options: GuideOptions,
  io: Io,
  input: typeof planInput,
): Promise<number> {
  const chosen = await readAlbOriginParams(options);
  const settings = { params: chosen, rotate: options.rotate === true, now: io.now().toISOString() };
  const guided = await input(options, io, (ports) => guideLoadBalancer(ports, arn, settings));
  await writeResult([render(guided, options, io)], options, io);
  return guided.guide.kind === 'refuse' ? EXIT.nonCompliant : EXIT.clean;
}

/** The parameters of the rule whose findings are put right, checked as a scan checks them. */
async function readAlbOriginParams(options: InputOptions): Promise<AlbOriginParams> {
  const given = await readParams(options);
  prepareRules(selectRules(options.rule), given);
  return parseParams(params, Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(params, name))));
}

function render(guided: GuidedLoadBalancer, options: GuideOptions, io: Io): string {
  switch (options.format) {
    case 'json':
      return renderGuideJson(guided);
    case 'aws-cli':
      return renderGuideCommands(guided);
    case 'table':
      return renderGuide(guided, styleFor(io, options), commandText(guided, options));
  }
}

/** The command line as it would be typed again, without the format. */
const commandText = ({ loadBalancerArn, guide }: GuidedLoadBalancer, options: GuideOptions): string =>
  [
    'origin-guard plan',
    loadBalancerArn,
    inputText(options),
    options.rotate === true && guide.kind !== 'nothing-to-do' ? '--rotate' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
