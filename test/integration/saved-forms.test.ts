import { ListDistributionsCommand, type ListDistributionsCommandOutput } from '@aws-sdk/client-cloudfront';
import {
  DescribeLoadBalancersCommand,
  type DescribeLoadBalancersCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  createDistribution,
  FROM_ANYWHERE,
  httpFrom,
  type Environment,
} from './support/article-environment.js';
import { aws, clientsFor, defaultCaller } from './support/caller.js';
import { saveByReadme, saveBySdk, writeFiles } from './support/save.js';
import { scan } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();
const clientsHere = () => clientsFor(world.moto, defaultCaller);
const scanSaved = (...options: string[]) => scan(world.folder, ['--from', 'saved', ...options]);

/** Two open groups behind two distributions, so that every list has a second page, and what a whole save says. */
async function buildAndSaveTwo() {
  const clients = clientsHere();
  const first = await buildEnvironment(clients, { name: 'first' });
  const second = await buildEnvironment(clients, { name: 'second' });
  await saveBySdk(clients, join(world.folder, 'saved'));
  const whole = await scanSaved();
  expect(whole.result.summary.nonCompliant).toBe(2);
  return { clients, first, second, whole };
}

/** Page after page of a list, until there is no token for a next one. */
async function pagesOf<P>(ask: (token: string | undefined) => Promise<P>, next: (page: P) => string | undefined) {
  const pages: P[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    pages.push(page);
    token = next(page);
  } while (token !== undefined && token !== '' && pages.length < 20);
  return pages;
}

/** A list as the CLI prints it in pieces of some size. */
const cliPages = (command: readonly string[], size: number): Promise<readonly string[]> =>
  pagesOf(
    (token) => {
      const from = token === undefined ? [] : ['--starting-token', token];
      return aws(world.moto, defaultCaller, world.folder, [...command, '--max-items', String(size), ...from]);
    },
    (page) => (JSON.parse(page) as { NextToken?: string }).NextToken,
  );

const numbered = (name: string, pages: readonly unknown[]) =>
  Object.fromEntries(pages.map((page, index) => [`saved/${name}-${String(index + 1)}.json`, page]));

describe("the SDK's own responses", () => {
  it("are judged the same as the CLI's files", async () => {
    const clients = clientsHere();
    await buildEnvironment(clients, { name: 'first' });
    await buildEnvironment(clients, { name: 'second', ingress: [] });
    await saveByReadme(world, defaultCaller);
    await saveBySdk(clients, join(world.folder, 'sdk'));
    expect(await readFile(join(world.folder, 'sdk', 'groups.json'), 'utf8')).toContain('"$metadata"');

    const byCli = await scanSaved();
    const bySdk = await scan(world.folder, ['--from', 'sdk']);
    expect(byCli.result.summary).toMatchObject({ compliant: 1, nonCompliant: 1 });
    expect(bySdk).toEqual({ ...byCli, of: expect.any(Function) });
  });

  it('are read as none, not as unseen, where there is no distribution and no load balancer', async () => {
    await saveBySdk(clientsHere(), join(world.folder, 'saved'));
    const { code, result, stderr } = await scanSaved();
    expect([code, result.summary.notApplicable, result.summary.indeterminate, stderr]).toEqual([0, 1, 0, '']);
  });
});

describe('what an unfinished list may still concern is indeterminate, and all pages together are judged as one file', () => {
  /** Scans with the first page, which tells of one environment, and then with both. */
  async function expectPagesToCount(
    name: string,
    pages: readonly unknown[],
    [seen, unseen]: readonly [Environment, Environment],
    whole: Awaited<ReturnType<typeof scan>>,
  ) {
    expect(pages).toHaveLength(2);
    await rm(join(world.folder, 'saved', `${name}.json`));
    await writeFiles(world.folder, numbered(name, pages.slice(0, 1)));
    const unfinished = await scanSaved();
    expect(unfinished.of(seen.groupId).verdict).toBe('NON_COMPLIANT');
    expect(unfinished.of(unseen.groupId)).toMatchObject({
      verdict: 'INDETERMINATE',
      gaps: [{ cause: 'incomplete' }],
    });
    await writeFiles(world.folder, numbered(name, pages));
    expect((await scanSaved()).result).toEqual(whole.result);
  }

  it("by CloudFront's own pages", async () => {
    const { clients, first, second, whole } = await buildAndSaveTwo();
    const pages = await pagesOf<ListDistributionsCommandOutput>(
      (Marker) => clients.cloudfront.send(new ListDistributionsCommand({ MaxItems: 1, Marker })),
      ({ DistributionList }) => DistributionList?.NextMarker,
    );
    expect(pages.map(({ DistributionList }) => DistributionList?.IsTruncated)).toEqual([true, false]);
    const isFirst = pages[0]?.DistributionList?.Items?.[0]?.Id === first.distributionId;
    await expectPagesToCount('distributions', pages, isFirst ? [first, second] : [second, first], whole);
  });

  it("by ELB's own pages", async () => {
    const { clients, first, second, whole } = await buildAndSaveTwo();
    const pages = await pagesOf<DescribeLoadBalancersCommandOutput>(
      (Marker) => clients.elbv2.send(new DescribeLoadBalancersCommand({ PageSize: 1, Marker })),
      ({ NextMarker }) => NextMarker,
    );
    const isFirst = pages[0]?.LoadBalancers?.[0]?.LoadBalancerArn === first.loadBalancerArn;
    await expectPagesToCount('balancers', pages, isFirst ? [first, second] : [second, first], whole);
  });

  it("by the CLI's pages of distributions", async () => {
    const { first, second, whole } = await buildAndSaveTwo();
    const pages = await cliPages(['cloudfront', 'list-distributions'], 1);
    const isFirst = pages[0]?.includes(first.distributionId ?? '') === true;
    await expectPagesToCount('distributions', pages, isFirst ? [first, second] : [second, first], whole);
  });
});

it('an unfinished list is exit code 3 where nothing in it is open', async () => {
  const clients = clientsHere();
  await createDistribution(clients, 'elsewhere', 'www.example.com');
  const { groupId } = await buildEnvironment(clients);
  await saveBySdk(clients, join(world.folder, 'saved'));
  const { cloudfront } = clients;
  const page = await cloudfront.send(new ListDistributionsCommand({ MaxItems: 1 }));
  await writeFiles(world.folder, { 'saved/distributions.json': page });
  const { code, of } = await scanSaved();
  expect([code, of(groupId).verdict]).toEqual([3, 'INDETERMINATE']);
});

// moto answers with all groups and rules at once, so these pages are cut by the CLI, as with a real `--max-items`.
describe('security groups saved by page', () => {
  it('never pass while the page with an attached group is not there', async () => {
    const clients = clientsHere();
    const { groupId } = await buildEnvironment(clients);
    await saveBySdk(clients, join(world.folder, 'saved'));
    const whole = await scanSaved();
    const pages = await cliPages(['ec2', 'describe-security-groups'], 1);
    expect(pages).toHaveLength(3);

    await rm(join(world.folder, 'saved', 'rules.json'));
    await writeFiles(world.folder, {
      'saved/groups.json': pages.find((page) => page.includes('NextToken') && !page.includes(groupId)),
    });
    const unfinished = await scanSaved();
    expect([unfinished.code, unfinished.of(groupId).verdict]).toEqual([3, 'INDETERMINATE']);
    expect(unfinished.stderr).toContain('security groups goes on in a page that is not in the input');

    await rm(join(world.folder, 'saved', 'groups.json'));
    await writeFiles(world.folder, numbered('groups', pages));
    const all = await scanSaved();
    expect([all.code, all.stderr]).toEqual([1, '']);
    expect(all.result.summary).toEqual(whole.result.summary);
  });

  it('are judged by their own permissions while a page of the rules is missing, and by the rules afterwards', async () => {
    const clients = clientsHere();
    const https = { ...FROM_ANYWHERE, FromPort: 443, ToPort: 443 };
    const { groupId, ruleIds } = await buildEnvironment(clients, { ingress: [FROM_ANYWHERE, https] });
    await saveBySdk(clients, join(world.folder, 'saved'));
    const whole = await scanSaved();
    const pages = await cliPages(['ec2', 'describe-security-group-rules'], 3);
    expect(pages).toHaveLength(2);

    await rm(join(world.folder, 'saved', 'rules.json'));
    await writeFiles(world.folder, numbered('rules', pages.slice(0, 1)));
    const unfinished = await scanSaved();
    expect(unfinished.code).toBe(1);
    expect(unfinished.stderr).toContain('security group rules goes on in a page that is not in the input');
    expect(unfinished.of(groupId).findings.map((finding) => finding.securityGroupRuleId)).toEqual([null, null]);

    await writeFiles(world.folder, numbered('rules', pages));
    const all = await scanSaved();
    expect(all.result).toEqual(whole.result);
    expect(
      all
        .of(groupId)
        .findings.map((finding) => finding.securityGroupRuleId)
        .sort(),
    ).toEqual([...ruleIds].sort());
  });
});

it("a rule from CloudFront's list passes without saved prefix lists only when --cloudfront-prefix-list names it", async () => {
  const clients = clientsHere();
  const id = await awsPrefixList(clients, CLOUDFRONT_LIST);
  const { groupId } = await buildEnvironment(clients, {
    ingress: [httpFrom({ PrefixListIds: [{ PrefixListId: id }] })],
  });
  await saveBySdk(clients, join(world.folder, 'saved'));
  await rm(join(world.folder, 'saved', 'prefix-lists.json'));
  const unnamed = await scanSaved();
  expect([unnamed.code, unnamed.of(groupId).verdict]).toEqual([3, 'INDETERMINATE']);
  expect(unnamed.of(groupId).gaps).toMatchObject([{ fact: `prefixList ${id}`, cause: 'unresolved' }]);
  const named = await scanSaved('--cloudfront-prefix-list', id);
  expect([named.code, named.of(groupId).verdict]).toEqual([0, 'COMPLIANT']);
});
