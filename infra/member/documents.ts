import type { Stack } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { renderRunbook } from '../../remediation/runbook/render.js';
import type { Settings } from '../settings.js';
import { memberRunbooks } from './runbooks.js';

/** Adds the runbooks to the member template, by the names under which the conformance pack and each other know them. */
export function memberDocuments(stack: Stack, settings: Settings): readonly CfnDocument[] {
  return memberRunbooks(settings).map(
    (runbook) =>
      new CfnDocument(stack, `Document${runbook.name.replaceAll('-', '')}`, {
        name: runbook.name,
        documentType: 'Automation',
        documentFormat: 'JSON',
        content: renderRunbook(runbook),
        targetType: '/AWS::EC2::SecurityGroup',
        // A document with a name of its own cannot be replaced by another one of the same name.
        updateMethod: 'NewVersion',
      }),
  );
}
