import { doubt, no, yes } from '../answer.js';
import { DONE, ec2Step, goingOn } from '../documents.js';
import type { Question } from '../question.js';
import { endOf, howEnded, isRefused, stepOf } from '../runs.js';
import {
  arnOf,
  documentWith,
  ec2Arn,
  FROM_DOCUMENTATION,
  groupWith,
  NETWORK,
  output,
  ref,
  runbookRole,
  type Resource,
} from '../template.js';

const EXEMPT_TAG = 'origin-guard:exempt';

/** Three times the same group and rule, in the order in which they are edited; only the second is exempt. */
const EDITED = ['Open', 'Exempt', 'Later'] as const;
/** The names of everything of them that a stack puts out and the document takes. */
const NAMES = EDITED.flatMap((name) => [name, `${name}Rule`]);

const ruleOf = (name: string): Resource => ({
  Type: 'AWS::EC2::SecurityGroupIngress',
  Properties: { GroupId: ref(name), ...FROM_DOCUMENTATION },
});

const revoke = (name: string) =>
  ec2Step(`Revoke${name}`, 'RevokeSecurityGroupIngress', {
    GroupId: `{{${name}}}`,
    SecurityGroupRuleIds: [`{{${name}Rule}}`],
  });

export const tagCondition: Question = {
  id: 'U9',
  asks: 'Does a `Null` condition on `aws:ResourceTag` hold for removing rules by their ids?',
  needs: [],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'three groups with a rule each, one of them exempt by its tag, and a role that may not touch exempt ones',
      template: (setting) => ({
        Resources: {
          Network: NETWORK,
          ...Object.fromEntries(
            EDITED.flatMap((name) => [
              [name, groupWith([], name === 'Exempt' ? { [EXEMPT_TAG]: 'prove' } : {})],
              [`${name}Rule`, ruleOf(name)],
            ]),
          ),
          Role: runbookRole(setting, [
            {
              Action: ['ec2:RevokeSecurityGroupIngress'],
              Resource: [ec2Arn(setting, 'security-group'), ec2Arn(setting, 'security-group-rule')],
              Condition: { Null: { [`aws:ResourceTag/${EXEMPT_TAG}`]: 'true' } },
            },
          ]),
          Document: documentWith({
            assumeRole: arnOf('Role'),
            parameters: Object.fromEntries(NAMES.map((name) => [name, { type: 'String' }])),
            mainSteps: [revoke('Open'), goingOn(revoke('Exempt'), 'RevokeLater'), revoke('Later'), DONE],
          }),
        },
        Outputs: {
          Document: output(ref('Document')),
          ...Object.fromEntries(
            EDITED.flatMap((name) => [
              [name, output({ 'Fn::GetAtt': [name, 'GroupId'] })],
              [`${name}Rule`, output({ 'Fn::GetAtt': [`${name}Rule`, 'Id'] })],
            ]),
          ),
        },
      }),
    },
    {
      kind: 'run',
      saves: 'run',
      says: 'removes the rules by their ids, as the role: that of the exempt group between the two others',
      document: 'main.Document',
      parameters: Object.fromEntries(NAMES.map((name) => [name, `main.${name}`])),
      // A refusal of the first step may only mean that the role is new; one of the second is the answer.
      again: (state) => isRefused(stepOf(state, 'RevokeOpen')?.failure),
    },
    ...EDITED.map((name) => ({
      kind: 'rules' as const,
      saves: name,
      says: `reads the rules of the group ${name}`,
      group: `main.${name}`,
    })),
  ],
  open: 'only removing was tried: adding takes no ids of rules',
  fallback: "the rule's own exemption check remains: the planner names no rule of an exempt group",
  estimate: { automationSteps: 12, evaluations: 0, configItems: 26 },
  answer: (seen) => {
    const end = endOf(seen.of('run', 'run'));
    if ('why' in end) return end.why;
    const [open, exempt, later] = EDITED.map((name) => ({
      step: stepOf(end.state, `Revoke${name}`),
      left: seen.of('rules', name).rules.length,
    }));
    const isGone = (each: typeof open): boolean => each?.step?.status === 'Success' && each.left === 0;
    const isKept = (each: typeof open): boolean => isRefused(each?.step?.failure) && each?.left === 1;
    if (isKept(open))
      return no(`the role is refused for a group without the tag too, several times over: ${howEnded(open?.step)}`);
    // Only between two removals that were let through does a refusal come from the tag.
    if (!isGone(open)) return doubt(`the first group without the tag: ${howEnded(open?.step)}`);
    if (isGone(exempt)) return no('the rule of an exempt group was removed too');
    if (!isGone(later)) return doubt(`the second group without the tag: ${howEnded(later?.step)}`);
    return isKept(exempt)
      ? yes('rules of groups without the tag were removed before and after, the one of the exempt group was refused')
      : doubt(`the exempt group: ${howEnded(exempt?.step)}`);
  },
};
