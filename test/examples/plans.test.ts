import { join } from 'node:path';
import type * as z from 'zod';
import type { PlanDocument } from '../../report/plan-json.js';
import { run } from '../support/saved-files.js';

const examples = join(__dirname, '..', '..', 'examples');
type Document = z.infer<typeof PlanDocument>;

/** What comes, what goes and what stays, for a plan that applies; else the reason. */
function gistOf({ decision, reasonCode, add, remove, keep }: Document): string {
  if (reasonCode !== null) return `${decision} ${reasonCode}`;
  const words = [
    ...add.map(({ family, fromPort, toPort }) => `+${family}:${String(fromPort)}-${String(toPort)}`),
    ...remove.map(({ source }) => `-${source}`),
    ...keep.map(({ source }) => `=${source}`),
  ];
  return [decision, ...words].join(' ');
}

async function planned(example: string, id: string): Promise<Document> {
  const { code, stdout, stderr } = await run(['plan', id, '--from', join(examples, example), '--format', 'json']);
  expect([id, stderr, [0, 1]]).toEqual([id, '', expect.arrayContaining([code])]);
  return JSON.parse(stdout) as Document;
}

/** The groups of an example with what the plan must be, worked out from its files and its README. */
type Expected = readonly (readonly [why: string, ids: Readonly<Record<string, string>>])[];

/** One port of HTTPS in, everybody out. */
const CLOSED = 'EDIT +ipv4:443-443 -0.0.0.0/0';

const ORGANIZATION: Expected = [
  [
    'open to everybody, on a load balancer of its own that listens on that port only',
    {
      'sg-058563df1247b6af3': CLOSED,
      'sg-0ee44fa5c4f940e06': CLOSED,
      'sg-016ba7ace37b0df75': CLOSED,
      'sg-0d4c37f17f3be34bf': CLOSED,
      'sg-0afa7c5ebf9095bab': CLOSED,
      'sg-08473c63310998d42': CLOSED,
      'sg-0c7f68049ba9bef65': CLOSED,
      'sg-015aaaa9603782825': CLOSED,
      'sg-04586622f79f61a9c': 'EDIT +ipv4:80-80 -0.0.0.0/0',
    },
  ],
  ['half the world is public', { 'sg-08d280b44b015afdc': 'EDIT +ipv4:443-443 -0.0.0.0/1' }],
  [
    'a list that is not CloudFront may be what lets it in today, so its port stays open to CloudFront',
    {
      'sg-0e1b70b242fa8fc94': 'EDIT +ipv4:443-443 -pl-63a5400a',
      // The list of a customer weighs the five entries that it may hold: 5 + 55 is all of 60.
      'sg-04b5993cf706096d5': 'EDIT +ipv4:443-443 -pl-0e1f5b7c9d2a4680f',
    },
  ],
  [
    'CloudFront is admitted already, so nothing comes',
    {
      'sg-0eae71d265e3c5e58': 'EDIT -pl-0d94c1e7b3a5f2860',
      'sg-002dd5d3c9963cd93': 'EDIT -198.51.100.0/24',
      'sg-03c03ee51f8013663': 'EDIT -0.0.0.0/0',
    },
  ],
  [
    'only private ranges or groups are left, and nobody opted in',
    {
      'sg-0d4326573155e6a4c': 'REFUSE PRIVATE_SOURCE_RULE',
      'sg-02edc89e36a7cfee0': 'REFUSE PRIVATE_SOURCE_RULE',
      'sg-0560ca674352f3641': 'REFUSE SG_SOURCE_RULE',
    },
  ],
  ['CloudFront comes as a VPC origin', { 'sg-09e6a46c39f391fc0': 'REFUSE VPC_ORIGIN' }],
  [
    'the exemption tag is there, whatever its date or reason',
    {
      'sg-09b5af3a88fee989c': 'REFUSE EXEMPT',
      'sg-025f360343f1d8a63': 'REFUSE EXEMPT',
      'sg-0c126c8e9977a4bd0': 'REFUSE EXEMPT',
      'sg-05d3e62f5aa0d4988': 'REFUSE EXEMPT',
      'sg-06540b98ba277deea': 'REFUSE EXEMPT',
    },
  ],
  [
    'a list that was not seen',
    { 'sg-0397f0c66aaebd057': 'REFUSE LOOKUP_FAILED', 'sg-02f789ae6f9f3e452': 'REFUSE LOOKUP_FAILED' },
  ],
  [
    'eu-west-1 has no security-group-rules.json and AWS Config records no rule ids, by which rules are removed',
    {
      'sg-04b58582ec49d7729': 'REFUSE LOOKUP_FAILED',
      'sg-05324ab6caa45e0a9': 'REFUSE LOOKUP_FAILED',
      'sg-0c9c7cf1295fef8d0': 'REFUSE LOOKUP_FAILED',
      'sg-022df95ffe6b7ea83': 'REFUSE LOOKUP_FAILED',
      'sg-0efa12966284ba057': 'REFUSE LOOKUP_FAILED',
      'sg-00fb445a00f3df9f7': 'REFUSE LOOKUP_FAILED',
    },
  ],
  [
    'no distribution that is known fronts it, and two origins are not resolved',
    {
      'sg-017ac2f5eafb33709': 'REFUSE UNKNOWN_ORIGIN',
      'sg-0e1afa905ee28f653': 'REFUSE UNKNOWN_ORIGIN',
      'sg-04d2ed2e5ec3f508d': 'REFUSE UNKNOWN_ORIGIN',
    },
  ],
  [
    'nobody but CloudFront is admitted',
    {
      'sg-08af7ff375cae232a': 'NOOP COMPLIANT',
      'sg-058a0a13d4d0accd1': 'NOOP COMPLIANT',
      'sg-05a009231ab4ff455': 'NOOP COMPLIANT',
      'sg-07d48ecfefe9bd59c': 'NOOP COMPLIANT',
      'sg-0f0aa85821c28da16': 'NOOP COMPLIANT',
      'sg-0c65d047e0a0fa7e0': 'NOOP COMPLIANT',
      'sg-0fc3fd2828858b634': 'NOOP COMPLIANT',
      'sg-05c1c513a782ed517': 'NOOP COMPLIANT',
      'sg-0efc53b213c1dfcd5': 'NOOP COMPLIANT',
      'sg-071303cf4530ad917': 'NOOP COMPLIANT',
      'sg-08ae7b555ed91e993': 'NOOP COMPLIANT',
    },
  ],
  [
    'no Application Load Balancer uses it',
    {
      'sg-0031edbdd6096eb2c': 'NOOP NOT_ATTACHED',
      'sg-033d6235802987c35': 'NOOP NOT_ATTACHED',
      'sg-034ff8a1f743e4cce': 'NOOP NOT_ATTACHED',
      'sg-078aecf0d3c63f4ff': 'NOOP NOT_ATTACHED',
      'sg-01bae97a494cc8061': 'NOOP NOT_ATTACHED',
      'sg-01b9e9280610ef473': 'NOOP NOT_ATTACHED',
      'sg-077f6450c8c135a85': 'NOOP NOT_ATTACHED',
      'sg-0a1d99c05e2211f2d': 'NOOP NOT_ATTACHED',
      'sg-0d4ceb7ab33ddd140': 'NOOP NOT_ATTACHED',
      'sg-0cdce7c16f4eec88b': 'NOOP NOT_ATTACHED',
      'sg-098b924b38d1a412a': 'NOOP NOT_ATTACHED',
      'sg-03acc065dbabd2154': 'NOOP NOT_ATTACHED',
      'sg-0fe61508f2242f86f': 'NOOP NOT_ATTACHED',
    },
  ],
  [
    'it is open by IPv6 beside the CloudFront list, and no origin comes by IPv6',
    { 'sg-0efa8546716f3fc3b': 'EDIT -::/0' },
  ],
  ['AWS Config says that it is gone', { 'sg-0d8be239d82d55e4a': 'NOOP DELETED' }],
];

const ROWS = ORGANIZATION.flatMap(([why, ids]) => Object.entries(ids).map(([id, gist]) => ({ id, why, gist })));

test.each(ROWS)('organization, $id: $gist, since $why', async ({ id, gist }) => {
  expect(gistOf(await planned('organization', id))).toBe(gist);
});

test.each([
  ['sg-0397f0c66aaebd057', /pl-0f6a2b8c4d1e7395a/],
  ['sg-02f789ae6f9f3e452', /pl-0f6a2b8c4d1e7395a/],
  ['sg-04b58582ec49d7729', /describe-security-group-rules/],
  ['sg-05324ab6caa45e0a9', /describe-security-group-rules/],
  ['sg-0c9c7cf1295fef8d0', /describe-security-group-rules/],
  ['sg-022df95ffe6b7ea83', /describe-security-group-rules/],
  ['sg-0efa12966284ba057', /describe-security-group-rules/],
  ['sg-00fb445a00f3df9f7', /describe-security-group-rules/],
])('organization, %s: what is missing is named', async (id, missing) => {
  expect((await planned('organization', id)).because).toMatch(missing);
});

test('every group of the organization is in the table', async () => {
  const { json } = await run(['scan', '--from', join(examples, 'organization'), '--format', 'json']);
  expect([...ROWS.map(({ id }) => id)].sort()).toEqual(json.evaluations.map(({ resourceId }) => resourceId).filter((id) => id.startsWith('sg-')).sort());
});

test.each([
  ['article-before', 'sg-0482d99e7921588bc', 'EDIT +ipv4:80-80 -0.0.0.0/0'],
  ['article-before', 'sg-06062cd8fc302fd71', 'NOOP NOT_ATTACHED'],
  ['article-restricted', 'sg-0482d99e7921588bc', 'NOOP COMPLIANT'],
  ['article-restricted', 'sg-06062cd8fc302fd71', 'NOOP NOT_ATTACHED'],
])('%s, %s: %s', async (example, id, gist) => {
  expect(gistOf(await planned(example, id))).toBe(gist);
});
