import type { Owner } from '../../core/plan.js';

type Tags = Readonly<Record<string, string>>;
type Detect = (tags: Tags, iacTagKeys: readonly string[]) => Owner | null;

/** What made a group, as far as its tags say; whoever puts rules back fastest counts first. `null` when none of them says. */
export function ownerOf(tags: Tags, iacTagKeys: readonly string[] = []): Owner | null {
  for (const detect of DETECTORS) {
    const owner = detect(tags, iacTagKeys);
    if (owner !== null) return owner;
  }
  return null;
}

/** A cluster marks what it uses by a tag whose key ends with the cluster's name. */
const CLUSTER_TAG = /^kubernetes\.io\/cluster\/(.+)$/;

/**
 * In this order: a Beanstalk environment and a Service Catalog product are CloudFormation stacks too, and a template may
 * pass its tags on to a group that a controller then manages.
 */
const DETECTORS: readonly Detect[] = [
  (tags) => owned('kubernetes', tags['elbv2.k8s.aws/cluster'] ?? tags['ingress.k8s.aws/stack'] ?? clusterIn(tags)),
  (tags) => owned('elastic-beanstalk', tags['elasticbeanstalk:environment-name']),
  (tags) =>
    owned(
      'service-catalog',
      valueAt(tags, (key) => key.startsWith('aws:servicecatalog:')),
    ),
  (tags) => owned('cloudformation', tags['aws:cloudformation:stack-name']),
  (tags, iacTagKeys) =>
    owned(
      'terraform',
      Object.entries(tags)
        .filter(([key, value]) => iacTagKeys.includes(key) || isTerraform(key, value))
        .map(([key, value]) => `${key} = ${value}`)
        .sort()[0],
    ),
];

const owned = (kind: Owner['kind'], name: string | undefined): Owner | null =>
  name === undefined ? null : { kind, name };

const clusterIn = (tags: Tags): string | undefined =>
  Object.keys(tags)
    .flatMap((key) => CLUSTER_TAG.exec(key)?.[1] ?? [])
    .sort()[0];

const valueAt = (tags: Tags, matches: (key: string) => boolean): string | undefined =>
  Object.keys(tags)
    .filter(matches)
    .sort()
    .map((key) => tags[key])[0];

/** Terraform leaves no mark of its own; these are the ones that people leave by habit. */
function isTerraform(key: string, value: string): boolean {
  switch (key.toLowerCase().replaceAll(/[-_: ]/g, '')) {
    case 'terraform':
      return !/^(?:false|no|0|off|none|)$/i.test(value.trim());
    case 'managedby':
    case 'createdby':
    case 'provisionedby':
      return /\b(?:terraform|terragrunt|opentofu)\b/i.test(value);
    default:
      return false;
  }
}
