import { readDistributions } from '../../aws/read/distributions.js';
import { readListenerRules, readListeners } from '../../aws/read/listeners.js';
import { readLoadBalancers } from '../../aws/read/load-balancers.js';
import { readBalancerInterfaces } from '../../aws/read/network-interfaces.js';
import { readPrefixLists } from '../../aws/read/prefix-lists.js';
import { readSecurityGroups } from '../../aws/read/security-groups.js';
import { readAlbTargets } from '../../aws/read/target-groups.js';
import { readTenants } from '../../aws/read/tenants.js';
import { readVpcOrigin, readVpcOrigins } from '../../aws/read/vpc-origins.js';
import {
  installedVersions,
  OLDEST_FOR_PLANS,
  OLDEST_TESTED,
  showsCertificates,
  versionGap,
} from '../../aws/runtime-versions.js';
import type { Session } from '../../aws/session.js';
import { known } from '../../core/fact.js';
import { ListenerArn, LoadBalancerArn } from '../../core/ids.js';
import { localAws, whole, type LocalAws } from '../aws/support/local-aws.js';
import { testSession } from '../aws/support/session.js';
import { distributionId, groupId, vpcOriginId } from '../support/builders.js';
import * as answers from './answers.js';

// By itself, this runs with the clients that are installed. `npm run test:oldest-clients` runs it with the oldest ones
// on which we rely, once for verdicts and once for plans, in whose answers nothing may be missing.

let aws: LocalAws;
let session: Session;

beforeAll(async () => {
  aws = await localAws();
  session = testSession({ clients: aws.clients });
});
afterAll(async () => {
  session.budget.end();
  await aws.close();
});

const answer = (...bodies: readonly string[]): void => {
  aws.answer(...bodies.map((body) => whole(body)));
};

test('the clients are those that this run is about', () => {
  const oldest = { verdicts: OLDEST_TESTED, plans: OLDEST_FOR_PLANS };
  const purpose = process.env['ORIGIN_GUARD_OLDEST_CLIENTS_FOR'];
  expect(installedVersions()).toEqual(
    purpose === 'verdicts' || purpose === 'plans' ? oldest[purpose] : installedVersions(),
  );
  expect(versionGap(installedVersions())).toBeNull();
});

describe('CloudFront', () => {
  test('distributions show VPC origins and the defaults of parameters', async () => {
    answer(answers.distributions, answers.distribution);
    await expect(readDistributions(session)).resolves.toMatchObject(
      known([
        {
          id: 'E1',
          enabled: true,
          origins: [
            { id: 'inside', vpcOriginId: 'vo_1' },
            { id: 'tenants', domainName: '{{tenant}}.example.com', vpcOriginId: null },
          ],
          parameterDefaults: known({ tenant: 'web' }),
        },
      ]),
    );
  });

  test('origins show how CloudFront connects, wherever plans are made', async () => {
    answer(answers.distributions, answers.distribution);
    const read = await readDistributions(session);
    const [, tenants] = read.known ? (read.value[0]?.origins ?? []) : [];
    const isEnough = versionGap(installedVersions(), OLDEST_FOR_PLANS) === null;
    expect(tenants?.custom).toEqual({
      httpPort: 80,
      httpsPort: 443,
      protocolPolicy: 'https-only',
      // An older client leaves the type out without a word, and no plan is made with it.
      ipAddressType: isEnough ? 'dualstack' : null,
      // An older client leaves the certificate out without a word, and then it counts as hidden.
      ...(showsCertificates(installedVersions())
        ? { clientCertificateArn: answers.CERTIFICATE }
        : { hidesCertificate: true }),
    });
  });

  test('origins show the headers that CloudFront adds, and none where it adds none', async () => {
    answer(answers.distributions, answers.distribution);
    const read = await readDistributions(session);
    const origins = read.known ? (read.value[0]?.origins ?? []) : [];
    expect(origins.map(({ customHeaders }) => customHeaders?.map(({ name, value }) => [name, value.length]))).toEqual([
      [],
      [['X-Origin-Verify', 25]],
    ]);
  });

  test('tenants show their parameters', async () => {
    answer(answers.tenants, answers.tenant);
    await expect(readTenants(session, distributionId('E1'))).resolves.toEqual(
      known([{ id: 'dt_1', distributionId: 'E1', enabled: true, parameters: known({ tenant: 'api' }) }]),
    );
  });

  test('VPC origins show where they lead', async () => {
    const id = vpcOriginId('vo_1');
    answer(answers.vpcOrigins);
    await expect(readVpcOrigins(session)).resolves.toEqual(known(new Map([[id, { id, endpointArn: answers.ALB }]])));
    answer(answers.vpcOrigin);
    await expect(readVpcOrigin(session, id)).resolves.toEqual(known({ id, endpointArn: answers.ALB }));
    aws.answer(whole(answers.notFound, 404));
    await expect(readVpcOrigin(session, id)).resolves.toMatchObject({ known: false, gap: { cause: 'unresolved' } });
  });
});

describe('EC2', () => {
  test('groups show every kind of source, and their tags', async () => {
    answer(answers.securityGroupRules, answers.securityGroups);
    const { groups } = await readSecurityGroups(session, new Set([groupId('sg-0web')]));
    expect(groups).toMatchObject(
      known([
        {
          id: 'sg-0web',
          vpcId: 'vpc-0a1',
          tags: known({ owner: 'team' }),
          ingress: known([
            { ruleId: 'sgr-0a', source: { kind: 'cidr' } },
            { ruleId: 'sgr-0b', source: { kind: 'cidr' } },
            { ruleId: 'sgr-0c', source: { kind: 'prefix-list', prefixListId: 'pl-3b927c52' } },
            {
              ruleId: 'sgr-0d',
              source: { kind: 'security-group', groupId: 'sg-0other', vpcId: 'vpc-0b2', accountId: '444455556666' },
            },
          ]),
        },
      ]),
    );
  });

  test('network interfaces show every public address', async () => {
    answer(answers.networkInterfaces);
    await expect(readBalancerInterfaces(session, { kind: 'described' })).resolves.toMatchObject(
      known([{ publicAddresses: ['203.0.113.1', '203.0.113.2', '2001:db8::1'] }]),
    );
  });

  test('prefix lists show their owner', async () => {
    answer(answers.prefixLists);
    await expect(readPrefixLists(session)).resolves.toMatchObject(known([{ id: 'pl-3b927c52', ownerId: 'AWS' }]));
  });
});

describe('Elastic Load Balancing', () => {
  test('load balancers show their names, groups and ports', async () => {
    answer(answers.loadBalancers);
    await expect(readLoadBalancers(session)).resolves.toMatchObject(
      known([
        {
          arn: answers.ALB,
          type: 'application',
          scheme: 'internet-facing',
          dnsName: 'web-1234567890.us-east-1.elb.amazonaws.com',
          securityGroups: ['sg-0web'],
        },
      ]),
    );
    answer(answers.listeners);
    await expect(readListeners(session, LoadBalancerArn.parse(answers.ALB))).resolves.toMatchObject(
      known([
        {
          arn: answers.LISTENER,
          port: 443,
          mutualAuthentication: { mode: 'verify', trustStoreArn: answers.TRUST_STORE, isRemoved: false },
          defaultActions: [{ type: 'fixed-response' }],
        },
      ]),
    );
  });

  test('listener rules show what they ask for, and what nobody can see they ask for cannot be read', async () => {
    answer(answers.listenerRules);
    const read = await readListenerRules(session, ListenerArn.parse(answers.LISTENER));
    const rules = read.known ? read.value : [];
    expect(rules.map(({ priority, conditions }) => [priority, conditions?.map((each) => each.kind)])).toEqual([
      ['10', ['http-header']],
      ['20', [expect.stringMatching(/^(?:http-header|unreadable)$/)]],
      ['default', []],
    ]);
    // A client that is older than regular expressions leaves them out without a word; one that has them says any value.
    const [byRegex] = rules[1]?.conditions ?? [];
    const isSeen = byRegex?.kind === 'http-header';
    expect(isSeen ? byRegex.accepted : byRegex).toEqual(
      isSeen ? [{ kind: 'wildcard' }] : { kind: 'unreadable', field: 'http-header' },
    );
  });

  test('target groups show the load balancers on both sides', async () => {
    answer(answers.targetGroups, answers.targetHealth);
    await expect(readAlbTargets(session)).resolves.toEqual(
      known([{ loadBalancerArns: [answers.NLB], vpcId: 'vpc-0a1', targets: [answers.ALB] }]),
    );
  });
});
