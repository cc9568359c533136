import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  alb,
  albArn,
  albDns,
  distribution,
  evaluationOf,
  group,
  items,
  origin,
  permission,
  prefixList,
  run,
  scan as scanFiles,
  writeFiles,
  type Files,
  type Json,
  type Ran,
} from '../support/saved-files.js';

// Answers that AWS gave to others; the project did not write them. See ../shared/recorded/README.md.
const recorded = resolve(__dirname, '..', '..', process.env['ORIGIN_GUARD_RECORDED'] ?? '');
const at = (...names: readonly string[]): string => join(recorded, ...names);
const read = (...names: readonly string[]): Json => JSON.parse(readFileSync(at(...names), 'utf8')) as Json;

/** What was recorded holds no rule of a listener, so it is judged by the rule of the groups. */
const BY_GROUPS = ['--rule', 'alb-sg-cloudfront-only'];

/** A recorded folder, joined with what its account's owner would save beside it. */
const scanned = (folder: string, beside: Files = {}, ...options: readonly string[]): Promise<Ran> =>
  run([
    'scan',
    ...BY_GROUPS,
    '--format',
    'json',
    '--from',
    at(folder),
    '--from',
    writeFiles({ 'none.json': { Rules: [] }, ...beside }),
    ...options,
  ]);

const scan = (files: Files, ...options: readonly string[]): Promise<Ran> => scanFiles(files, ...BY_GROUPS, ...options);

const verdicts = ({ json }: Ran) => json.evaluations.map(({ resourceId, verdict }) => `${resourceId} ${verdict}`);
const foundIn = (ran: Ran, id: string) =>
  evaluationOf(ran, id).findings.map(
    ({ reason, source, protocol, fromPort }) => `${reason} ${String(source)} ${String(protocol)} ${String(fromPort)}`,
  );

const NO_DISTRIBUTION: Files = { 'distributions.json': { DistributionList: { Quantity: 0 } } };
const fronting = (domain: string, account: string): Files => ({
  'distributions.json': { DistributionList: { Items: [distribution({ Origins: items([origin(domain)]) }, account)] } },
});

describe('api/test_appelb_add_security_group', () => {
  const FOLDER = 'api/test_appelb_add_security_group';
  const [ACCOUNT, USED, OTHERS] = ['123412341234', 'sg-01a19f602ecaf25f4', ['sg-0b650189861ce4f6c', 'sg-c573e6b3']];
  const DOMAIN = 'internal-test-abc-398177229.us-east-1.elb.amazonaws.com';
  const linked = (lists: readonly Json[] = []): Files => ({
    ...fronting(DOMAIN, ACCOUNT),
    ...(lists.length === 0 ? {} : { 'lists.json': { PrefixLists: lists } }),
  });

  test('alone: nobody knows whether CloudFront fronts the load balancer', async () => {
    const ran = await scanned(FOLDER);
    expect(ran.code).toBe(3);
    expect(verdicts(ran)).toEqual([`${USED} INDETERMINATE`, ...OTHERS.map((id) => `${id} NOT_APPLICABLE`)]);
    expect(evaluationOf(ran, USED).gaps).toMatchObject([{ fact: 'distributions', cause: 'not-seen' }]);
  });

  test('with a list of no distributions: nothing is in scope', async () => {
    const ran = await scanned(FOLDER, NO_DISTRIBUTION);
    expect(ran.code).toBe(0);
    expect(verdicts(ran)).toEqual([USED, ...OTHERS].map((id) => `${id} NOT_APPLICABLE`));
  });

  test('the groups, which carry no ARN, are in the Region of the load balancer', async () => {
    const { json } = await scanned(FOLDER, NO_DISTRIBUTION);
    expect(new Set(json.evaluations.map(({ accountId, region }) => `${String(accountId)} ${String(region)}`))).toEqual(
      new Set([`${ACCOUNT} us-east-1`]),
    );
  });

  test('behind a distribution: the private range is a finding, the list that was not saved a gap', async () => {
    const ran = await scanned(FOLDER, linked());
    expect(ran.code).toBe(1);
    expect(foundIn(ran, USED)).toEqual(['private-cidr 192.168.0.1/31 tcp 80']);
    expect(evaluationOf(ran, USED)).toMatchObject({
      gaps: [{ fact: 'prefixList pl-63a5400b', cause: 'unresolved' }],
      paths: [{ linkedBy: 'dns-name', originDomain: DOMAIN }],
    });
  });

  test("the list is a finding where it is another of AWS's, and none where it is CloudFront's", async () => {
    const list = (name: string) => prefixList({ PrefixListId: 'pl-63a5400b', PrefixListName: name });
    const other = await scanned(FOLDER, linked([list('com.amazonaws.us-east-1.s3')]));
    expect(foundIn(other, USED)).toEqual([
      'other-prefix-list pl-63a5400b tcp 80',
      'private-cidr 192.168.0.1/31 tcp 80',
    ]);
    const own = await scanned(FOLDER, linked([list('com.amazonaws.global.cloudfront.origin-facing')]));
    expect(foundIn(own, USED)).toEqual(['private-cidr 192.168.0.1/31 tcp 80']);
    expect(evaluationOf(own, USED).gaps).toEqual([]);
    const allowed = await scanned(
      FOLDER,
      linked([list('com.amazonaws.global.cloudfront.origin-facing')]),
      '--param',
      'allowedCidrs=192.168.0.0/31',
    );
    expect([allowed.code, evaluationOf(allowed, USED).verdict]).toEqual([0, 'COMPLIANT']);
  });
});

describe('api/test_security_group_perm_expand', () => {
  const FOLDER = 'api/test_security_group_perm_expand';
  const [ACCOUNT, USED] = ['644160558196', 'sg-e3842c8a'];
  const place = { account: ACCOUNT };
  const webOf = (...SecurityGroups: readonly string[]): Files => ({
    'load-balancers.json': { LoadBalancers: [alb({ SecurityGroups, VpcId: 'vpc-c25285ab' }, place)] },
  });

  test('alone: neither load balancers nor the Region are known', async () => {
    const ran = await scanned(FOLDER);
    expect([ran.code, ran.json.summary.indeterminate]).toEqual([3, 4]);
    expect(ran.stderr).toContain('in which Region 4 security groups are');
  });

  test('with a load balancer behind a distribution: every source of the permission is a finding', async () => {
    const ran = await scanned(FOLDER, { ...webOf(USED), ...fronting(albDns(), ACCOUNT) });
    expect(ran.code).toBe(1);
    expect(foundIn(ran, USED)).toEqual([
      'security-group-source sg-e2842c8b tcp 443',
      'private-cidr 10.42.1.0/24 tcp 443',
      'private-cidr 10.42.2.0/24 tcp 443',
    ]);
    expect(ran.json.summary).toEqual({ compliant: 0, nonCompliant: 1, notApplicable: 3, indeterminate: 0 });
  });

  test('a default group admits its own members', async () => {
    const ran = await scanned(FOLDER, { ...webOf('sg-e0842c89', 'sg-e2842c8b'), ...fronting(albDns(), ACCOUNT) });
    expect(foundIn(ran, 'sg-e0842c89')).toEqual(['security-group-source sg-e0842c89 -1 null']);
    expect(evaluationOf(ran, 'sg-e2842c8b').verdict).toBe('COMPLIANT');
  });
});

describe('api/test_prefix_list_entry', () => {
  const FOLDER = 'api/test_prefix_list_entry';
  const place = { account: '644160558196' };
  const citing = (PrefixListId: string): Files => ({
    'groups.json': {
      SecurityGroups: [group({ IpPermissions: [permission({ PrefixListIds: [{ PrefixListId }] })] }, place)],
    },
    'load-balancers.json': { LoadBalancers: [alb({}, place)] },
    ...fronting(albDns(), place.account),
  });

  test('alone: there is nothing to judge, which is no pass', async () => {
    const ran = await scanned(FOLDER);
    expect([ran.code, ran.json.evaluations]).toEqual([3, []]);
  });

  test.each([
    ['pl-63a5400a', "another of AWS's"],
    ['pl-02d12d37020480a5f', "a customer's"],
  ])('%s, %s, is a finding', async (id) => {
    expect(foundIn(await scanned(FOLDER, citing(id)), 'sg-0web')).toEqual([`other-prefix-list ${id} tcp 443`]);
  });

  test("CloudFront's list is not in it, and --cloudfront-prefix-list does not overrule a list that was saved", async () => {
    const ran = await scanned(FOLDER, citing('pl-3b927c52'), '--cloudfront-prefix-list', 'pl-3b927c52');
    expect(evaluationOf(ran, 'sg-0web')).toMatchObject({ verdict: 'INDETERMINATE', gaps: [{ cause: 'unresolved' }] });
  });
});

describe('config-items', () => {
  const [GROUP, ACCOUNT] = ['sg-1d56fc66', '264683526309'];
  const DOMAIN = 'test-load-balancer-160681750.us-east-1.elb.amazonaws.com';

  test('alone: no load balancer uses the group, and the origin leads to one that is not there', async () => {
    const ran = await scanned('config-items');
    expect(ran.code).toBe(0);
    expect(verdicts(ran)).toEqual([`${GROUP} NOT_APPLICABLE`]);
    expect(evaluationOf(ran, GROUP)).toMatchObject({ accountId: ACCOUNT, region: 'us-east-1' });
    expect(ran.json.unresolvedOrigins).toEqual([
      {
        distributionId: 'E31V0VAAPINP3I',
        originId: 'ELB-test-load-balancer-160681750',
        domain: DOMAIN,
        why: 'no load balancer in the input has this DNS name',
      },
    ]);
    expect(ran.stderr).toContain('account id "12345678912" does not have 12 digits; --account applies');
  });

  test('of another account, the distribution says nothing of those of this one', async () => {
    const ran = await scanned('config-items', {}, '--account', '111111111111');
    expect(ran.code).toBe(3);
    expect(verdicts(ran)).toEqual([`${GROUP} NOT_APPLICABLE`, 'sg-2ed0d557 INDETERMINATE']);
  });

  test('with a load balancer of that name: linked, and the port that is open to the world is found', async () => {
    const ours = alb({ SecurityGroups: [GROUP], DNSName: DOMAIN }, { account: ACCOUNT });
    const ran = await scanned('config-items', { 'load-balancers.json': { LoadBalancers: [ours] } });
    expect(ran.code).toBe(1);
    expect(foundIn(ran, GROUP)).toEqual(['world-ipv4 0.0.0.0/0 tcp 22']);
    expect(evaluationOf(ran, GROUP).paths).toMatchObject([{ distributionId: 'E31V0VAAPINP3I', linkedBy: 'dns-name' }]);
    expect(ran.json.unresolvedOrigins).toEqual([]);
  });

  test('the recorded listener of a load balancer counts under ports = listeners', async () => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/app/test/abcd95d05fc9fc53';
    const ours = alb({ LoadBalancerArn: arn, SecurityGroups: [GROUP], DNSName: DOMAIN });
    const files = { 'load-balancers.json': { LoadBalancers: [ours] } };
    // The group opens port 22 only; the listener is on 80.
    const ran = await scanned('config-items', files, '--param', 'ports=listeners');
    expect(evaluationOf(ran, GROUP).verdict).toBe('COMPLIANT');
  });
});

describe('events', () => {
  const { invokingEvent } = read('events', 'config-rule-security-group.json');
  const { configurationItem } = JSON.parse(String(invokingEvent)) as { readonly configurationItem: Json };
  const [GROUP, place] = ['sg-e2fb6999', { account: '123456789012', region: 'eu-west-1' }];

  test('the item of the event is read by itself', async () => {
    const ran = await scan({ 'item.json': configurationItem });
    expect([ran.code, ran.stderr.includes('warning')]).toEqual([3, false]);
    expect(evaluationOf(ran, GROUP)).toMatchObject({
      verdict: 'INDETERMINATE',
      accountId: place.account,
      region: place.region,
    });
  });

  test('ipRanges and ipv4Ranges of one permission are one finding', async () => {
    const ran = await scan({
      'item.json': configurationItem,
      'load-balancers.json': { LoadBalancers: [alb({ SecurityGroups: [GROUP] }, place)] },
      ...fronting(albDns('web', place.region), place.account),
    });
    expect(foundIn(ran, GROUP)).toEqual(['world-ipv4 0.0.0.0/0 tcp 22']);
    expect(evaluationOf(ran, GROUP).paths[0]?.loadBalancerArn).toBe(albArn('web', place));
  });

  test('the event itself is no saved data', async () => {
    const ran = await run(['scan', '--from', at('events')]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('holds no file with a recognized key');
  });
});
