import { doubt, no, yes, type Answer } from '../answer.js';
import { IDLE_DOCUMENT, packName, packStack, packWith, reporting, ruleName, scheduledRule } from '../pack.js';
import { quote } from '../quote.js';
import type { Question, Step } from '../question.js';
import { arnOf, documentWith, nameIn, output, ref, runbookRole, type Setting } from '../template.js';

const PACK_OF_ONE =
  'a pack of this account was asked; for one of an organization, deploy it from the delegated administrator to one member and look there';

const evaluated: Step = {
  kind: 'evaluated',
  saves: 'evaluated',
  says: "waits until the pack's rule has a result",
  pack: 'main.Pack',
};

const noResult = doubt("the pack's rule had no result in time, so nothing was to be seen");

export const packFindings: Question = {
  id: 'U1',
  asks: 'Do results of pack rules appear in Security Hub by its own integration with AWS Config?',
  needs: ['recorder', 'security-hub'],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'a rule and a pack with the same rule, both of which report an unused group as non-compliant',
      template: (setting) => {
        const pack = packStack(setting, 'U1');
        return {
          ...pack,
          Resources: {
            ...pack.Resources,
            Plain: {
              ...scheduledRule(nameIn(setting.run, 'u1-plain'), arnOf('Reporter'), ref('Group')),
              DependsOn: ['Leave'],
            },
          },
          Outputs: { ...pack.Outputs, Plain: output(ref('Plain')) },
        };
      },
    },
    evaluated,
    {
      kind: 'findings',
      saves: 'findings',
      says: 'waits for the findings of both rules',
      group: 'main.Group',
      titles: ['main.Plain', ruleName('U1')],
    },
  ],
  open: PACK_OF_ONE,
  fallback: 'the function publishes its findings itself (`PublishFindings`, on by default)',
  estimate: { automationSteps: 0, evaluations: 4, configItems: 24 },
  answer: (seen) => {
    if (seen.of('evaluated', 'evaluated').at === null) return noResult;
    const { titles } = seen.of('findings', 'findings');
    const shows = (name: string): boolean => titles.some((title) => title.startsWith(name));
    if (shows(ruleName('U1'))) return yes('the finding of the pack rule is there');
    return shows(seen.output('main.Plain'))
      ? no('the finding of the plain rule is there, the one of the pack rule did not come while it was waited for')
      : doubt('the finding of the plain rule did not come either');
  },
};

export const importedFunction: Question = {
  id: 'U4',
  asks: 'Does a pack take `Fn::ImportValue` for the function of its rule, and does putting it again heal members that failed?',
  needs: ['recorder'],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'a function, and an export of its ARN',
      template: (setting) => ({
        Resources: reporting(setting),
        Outputs: {
          Group: output(ref('Group')),
          Function: { Value: arnOf('Reporter'), Export: { Name: exportOf(setting) } },
        },
      }),
    },
    {
      kind: 'stack',
      saves: 'pack',
      says: 'a pack whose rule imports the ARN',
      template: (setting) => ({
        Resources: {
          Pack: packWith({
            setting,
            question: 'U4',
            functionArn: { 'Fn::ImportValue': exportOf(setting) },
            groupId: 'sg-00000000000000000',
            after: [],
          }),
        },
        Outputs: { Pack: output(packName(setting.run, 'U4')) },
      }),
    },
  ],
  open: `${PACK_OF_ONE}; whether putting a pack again heals members needs a member that failed`,
  fallback: '`Fn::Sub` with pseudo parameters',
  estimate: { automationSteps: 0, evaluations: 2, configItems: 24 },
  onStackFailure: (reason) =>
    /ImportValue|No export named|SourceIdentifier|intrinsic/i.test(reason)
      ? no(`the pack was refused: ${quote(reason)}`)
      : null,
  answer: () => yes('a pack of this account was made, and its rule has the function'),
};

const exportOf = ({ run }: Setting): string => nameIn(run, 'u4-function');

const ATTEMPTS = 2;

export const automaticRemediation: Question = {
  id: 'U6',
  asks: 'Is automatic remediation of a pack rule tried again while the resource stays non-compliant, and do exceptions end that?',
  needs: ['recorder'],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: `a pack whose rule stays non-compliant, with a remediation that does nothing, of ${String(ATTEMPTS)} attempts`,
      template: (setting) => {
        const pack = packStack(
          setting,
          'U6',
          { Document: documentWith(IDLE_DOCUMENT), Role: runbookRole(setting, []) },
          { document: ref('Document'), role: arnOf('Role'), automatic: true, attempts: ATTEMPTS },
        );
        return { ...pack, Outputs: { ...pack.Outputs, Document: output(ref('Document')) } };
      },
    },
    evaluated,
    {
      kind: 'remediations',
      saves: 'remediations',
      says: 'watches what AWS Config starts, and whether it makes an exception',
      pack: 'main.Pack',
      document: 'main.Document',
      group: 'main.Group',
    },
  ],
  open: PACK_OF_ONE,
  fallback: 'the planner refuses with `FLAP_DETECTED` after two fixes in 24 hours',
  estimate: { automationSteps: 30, evaluations: 4, configItems: 26 },
  answer: (seen) => {
    if (seen.of('evaluated', 'evaluated').at === null) return noResult;
    const { runs, exceptions, minutes } = seen.of('remediations', 'remediations');
    const says = `${String(runs.length)} runs in ${String(minutes)} minutes, with ${String(ATTEMPTS)} attempts allowed`;
    const [exception] = exceptions;
    if (exception !== undefined && runs.length > 0) return yes(`${says}, then an exception: ${quote(exception)}`);
    if (exceptions.length === 0 && runs.length > ATTEMPTS) return no(`${says}, and no exception`);
    return doubt(`${says}, ${exceptions.length === 0 ? 'and no exception' : 'and an exception'}`);
  },
};

/** An account of AWS's own examples; nothing is ever started as its role. */
const foreignAccount = (accountId: string): string => (accountId === '111122223333' ? '444455556666' : '111122223333');

export const foreignRole: Question = {
  id: 'U8',
  asks: "Is a role of another account accepted as `AutomationAssumeRole` of a pack's remediation?",
  needs: ['recorder'],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: "a pack with a remediation that is never started, and that names a role of an example's account",
      template: (setting) =>
        packStack(
          setting,
          'U8',
          { Document: documentWith(IDLE_DOCUMENT) },
          {
            document: ref('Document'),
            role: `arn:${setting.partition}:iam::${foreignAccount(setting.accountId)}:role/OriginGuardRemediation`,
            automatic: false,
            attempts: 1,
          },
        ),
    },
  ],
  open: `${PACK_OF_ONE}; that a run then takes the role of its own account is seen only when a member's remediation is started`,
  fallback: 'a role of the same name in all accounts, as the documentation asks for',
  estimate: { automationSteps: 0, evaluations: 2, configItems: 24 },
  onStackFailure: (reason) =>
    /AutomationAssumeRole|assume ?role|cross.?account/i.test(reason)
      ? no(`the pack was refused: ${quote(reason)}`)
      : null,
  answer: () => yes('a pack of this account was made with it'),
};

export const evaluationOnDemand: Question = {
  id: 'U12',
  asks: 'Does `StartConfigRulesEvaluation` work on a pack rule?',
  needs: ['recorder'],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'a pack with a rule that is asked daily',
      template: (setting) => packStack(setting, 'U12'),
    },
    evaluated,
    { kind: 'evaluate', saves: 'again', says: 'asks for an evaluation, and watches for it', pack: 'main.Pack' },
  ],
  open: PACK_OF_ONE,
  fallback: "a distribution's change waits for the schedule in other Regions",
  estimate: { automationSteps: 0, evaluations: 4, configItems: 22 },
  answer: (seen) => {
    if (seen.of('evaluated', 'evaluated').at === null) return noResult;
    const { refusal, before, after } = seen.of('evaluate', 'again');
    if (refusal !== null) return refused(refusal);
    return after !== null && before !== null && after > before
      ? yes('it was taken, and the function was asked again')
      : doubt('it was taken, but the function was not seen to be asked again in time');
  },
};

const refused = ({ code, message }: { readonly code: string; readonly message: string }): Answer =>
  (code === 'InvalidParameterValueException' || (/service.?linked/i.test(message) && code.startsWith('AccessDenied'))
    ? no
    : doubt)(`it was refused: ${code}: ${quote(message)}`);
