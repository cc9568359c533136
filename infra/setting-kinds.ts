import * as z from 'zod';

/** A text of one form; the message says what is allowed. */
const text = (pattern: RegExp, allowed: string) =>
  z.string({ error: `allowed: ${allowed}` }).regex(pattern, { error: `allowed: ${allowed}` });

/** One of a few words. */
export const oneOf = <const Word extends string>(words: readonly [Word, ...Word[]]) =>
  z.enum(words, { error: `allowed: ${words.join(', ')}` });

/** `true` or `false`; on the command line of the CDK it arrives as text. */
export const flag = () =>
  z
    .union([z.boolean(), z.enum(['true', 'false'])], { error: 'allowed: true or false' })
    .transform((given) => given === true || given === 'true');

/** Distinct values; on the command line of the CDK one text with commas between, where `none` is the empty list. */
export const list = <S extends z.ZodType<string>>(item: S, { most }: { readonly most: number }) =>
  z
    .preprocess(
      (given) => (typeof given === 'string' ? splitList(given) : given),
      z.array(item, { error: 'allowed: a list, or a text with commas between' }).max(most, {
        error: `allowed: at most ${String(most)} of them`,
      }),
    )
    .refine((values) => new Set(values).size === values.length, { error: 'allowed: each value once' });

const splitList = (given: string): readonly string[] =>
  given.trim() === '' || given.trim() === 'none' ? [] : given.split(',').map((part) => part.trim());

const RECORD = 'allowed: an object of name and text, or its JSON';

/** Names and texts; on the command line of the CDK one JSON text. */
export const record = () =>
  z.preprocess(
    (given) => (typeof given === 'string' ? readJson(given) : given),
    z.record(z.string(), z.string({ error: RECORD }), { error: RECORD }),
  );

function readJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

export const Region = text(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, 'a Region such as us-east-1');
export const AccountId = text(/^\d{12}$/, 'an account id of 12 digits, as text');
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Root.html, API_OrganizationalUnit.html */
export const OrganizationTarget = text(
  /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/,
  'the id of a root such as r-abcd, or of an organizational unit such as ou-abcd-12345678',
);
export const OrganizationId = text(/^o-[a-z0-9]{10,32}$/, 'the id of an organization such as o-abcd123456');

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
export const TagKey = text(
  /^(?!aws:)[\p{L}\p{N}_.:/=+@-]{1,100}$/u,
  'a tag key of at most 100 characters, without spaces, that does not start with aws:',
);

/** A tag key that is the name of a condition too: a policy of IAM takes no letters but those of ASCII and Latin-1. */
export const ExemptTagKey = text(
  /^(?!aws:)[\w.:/=+@-]{1,100}$/i,
  'a tag key of at most 100 letters of ASCII, digits and _ . : / = + @ - that does not start with aws:',
);

/** Systems Manager sends approvals only to topics of this name. Source: automation-action-approve.html, NotificationArn */
export const ApprovalTopicName = text(
  /^Automation[\w-]{0,246}$/,
  'the name of an SNS topic that starts with Automation, of letters, digits, _ and -',
);

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html */
export const Approver = text(
  /^(?:arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|role|assumed-role)\/[\w+=,.@/-]{1,150}|[\w+=.@-]{1,64})$/,
  'the ARN of a user, role or assumed role, or the name of a user',
);

const KEY_ARN = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]{1,80}$/;
export const LogKeyArn = text(KEY_ARN, 'the ARN of a KMS key in the Region, whose policy lets CloudWatch Logs use it');
export const TopicKeyArn = text(
  KEY_ARN,
  'the ARN of a KMS key in the Region, whose policy lets CloudWatch and the roles of the events use it',
);
export const PolicyArn = text(
  /^arn:[\w-]+:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]{1,200}$/,
  'the ARN of a managed policy of the account',
);
export const BusArn = text(
  /^arn:[\w-]+:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/,
  'the ARN of an EventBridge bus',
);
export const LogGroup = text(/^[\w./#-]{1,512}$/, 'the name of a log group');
export const BucketName = text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket');
/** Without what a template would read as its own. */
export const Email = text(/^[^\s@,;<>"${}]{1,64}@[^\s@,;<>"${}]{1,255}$/, 'one e-mail address without $, { and }');
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html, Namespace */
export const Namespace = text(
  /^(?!AWS\/)[\w.\-/#:]{1,255}$/,
  '1 to 255 letters, digits and . - _ / # : that do not start with AWS/',
);

/** Whether alarms and a dashboard are in the account itself, or with the administrator of the organization. */
export const ALARMS = ['local', 'central'] as const;

/** The word for every group and load balancer of an account. */
export const EVERY = 'every';

/** Whose changes people are told. */
export const NoticedChange = text(
  /^(?:every|sg-[0-9a-f]{8,17}|arn:[\w-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/app\/[\w-]{1,32}\/[0-9a-f]{16})$/,
  'every, the id of a security group, or the ARN of an Application Load Balancer',
);

/** An address in flow logs; `*` stands for any rest. */
export const FlowLogAddress = text(/^[0-9A-Fa-f.:]{1,39}\*?$/, 'an IPv4 or IPv6 address, with * for any rest');

/** A whole number from 1 on; on the command line of the CDK it arrives as text. */
const whole = (most: number, allowed: string) =>
  z
    .union([z.number(), z.string().regex(/^[1-9]\d{0,4}$/, { error: allowed })], { error: allowed })
    .transform(Number)
    .refine((given) => Number.isInteger(given) && given >= 1 && given <= most, { error: allowed });

/** A port, as text. */
export const Port = whole(65_535, 'allowed: a port from 1 to 65535').transform(String);

/** Whole hours up to a week. */
export const Hours = whole(168, 'allowed: whole hours from 1 to 168');

/** Source: pattern of ConformancePackName and OrganizationConformancePackName, API reference of AWS Config. */
export const PackName = text(/^[a-zA-Z][-a-zA-Z0-9]{0,50}$/, 'a letter, then at most 50 letters, digits and -');

/** The days that CloudWatch Logs accepts. Source: API reference of PutRetentionPolicy, retentionInDays. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const Retention = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,4}$/, { error: 'allowed: a number of days' })
        .transform(Number),
    ],
    { error: 'allowed: a number of days' },
  )
  .refine((days) => RETENTION_DAYS.some((each) => each === days), { error: `allowed: ${RETENTION_DAYS.join(', ')}` });

/** How much the functions can be told to log. */
export const LOG_LEVELS = ['info', 'warn', 'error'] as const;

/** Rules of AWS's own that the pack can hold too. */
export const MANAGED_RULES = [
  'cloudfront-associated-with-waf',
  'cloudfront-viewer-policy-https',
  'alb-http-to-https-redirection-check',
  'vpc-sg-open-only-to-authorized-ports',
] as const;
export type ManagedRule = (typeof MANAGED_RULES)[number];
