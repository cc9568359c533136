import { OriginGuardError } from '../../core/errors.js';

/** One statement of a policy; texts may hold `${AWS::Region}` and its like, which the template fills in. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A statement with the reason why it names no resource more closely; it has one wherever a resource holds `*`. */
export interface Grant extends Statement {
  readonly because?: string;
  /** The parameter of the template without which there is no such statement. */
  readonly onlyWith?: string;
}

/** The statements as a policy, with those that hang on a parameter; the reasons stay in the code. */
export const policyOf = (grants: readonly Grant[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: grants.map(toStatement),
});

/** The statement as a policy holds it. */
export const toStatement = ({ because: _reason, onlyWith: _parameter, ...statement }: Grant): Statement => statement;

/** Each resource with `*` in it, and why it is so wide. Raises `E9001` for one without a reason. */
export function widths(grants: readonly Grant[]): ReadonlyMap<string, string> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { Sid, Resource, because } of grants) {
    for (const resource of Resource.filter((each) => each.includes('*'))) {
      if (because === undefined) throw new OriginGuardError('E9001', `statement ${Sid} has ${resource} and no reason`);
      found.set(resource, new Set([...(found.get(resource) ?? []), because]));
    }
  }
  return new Map([...found].map(([resource, reasons]) => [resource, [...reasons].join('; ')]));
}

/** The ARN of something of this account and Region. */
export const ownArn = (service: string, resource: string): string =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;

/** The ARN of something of this account that belongs to no Region. */
export const globalArn = (service: string, resource: string): string =>
  `arn:\${AWS::Partition}:${service}::\${AWS::AccountId}:${resource}`;

export const IN_THIS_REGION = { StringEquals: { 'aws:RequestedRegion': '${AWS::Region}' } } as const;
