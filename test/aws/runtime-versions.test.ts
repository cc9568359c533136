import {
  OLDEST_FOR_PLANS,
  OLDEST_TESTED,
  installedVersions,
  showsCertificates,
  versionGap,
} from '../../aws/runtime-versions.js';
import packageJson from '../../package.json';

const CLOUDFRONT = '@aws-sdk/client-cloudfront';
const ODD: readonly (readonly [string, string])[] = [
  ['3.797.9', 'older'],
  ['3.99.0', 'older, though its text sorts later'],
  ['2.9999.0', 'older'],
  ['3.800.0-beta.1', 'one before a release'],
  ['4', 'no version'],
  ['', 'empty'],
];

test('the oldest that were tested are good enough', () => {
  expect(versionGap(OLDEST_TESTED)).toBeNull();
});

test.each(['3.798.1', '3.799.0', '3.1124.0', '4.0.0'])('%s is good enough', (version) => {
  expect(versionGap({ ...OLDEST_TESTED, [CLOUDFRONT]: version })).toBeNull();
});

test.each(ODD)('"%s" leaves a gap: %s', (version) => {
  expect(versionGap({ ...OLDEST_TESTED, [CLOUDFRONT]: version })).toEqual({
    fact: 'distributions',
    cause: 'incomplete',
    detail:
      `the answers of client-cloudfront ${version} (oldest tested: 3.798.0) may lack what CloudFront fronts; ` +
      'run the function on a newer runtime, or with a layer of newer clients',
  });
});

test('so does a client whose version cannot be read, and each that is too old is named', () => {
  const { [CLOUDFRONT]: _, ...others } = OLDEST_TESTED;
  expect(versionGap({ ...others, '@aws-sdk/client-ec2': '3.1.0' })?.detail).toMatch(
    /^the answers of client-cloudfront of unknown version \(oldest tested: 3\.798\.0\), client-ec2 3\.1\.0 \(oldest tested: 3\.798\.0\) may/,
  );
});

test('the clients that are installed here are known and new enough', () => {
  const clients: Readonly<Record<string, string>> = packageJson.devDependencies;
  expect(installedVersions()).toEqual(
    Object.fromEntries(Object.keys(OLDEST_TESTED).map((client) => [client, clients[client]])),
  );
  expect(versionGap(installedVersions())).toBeNull();
});

test('a plan needs a newer client of CloudFront than a verdict', () => {
  expect(versionGap(OLDEST_FOR_PLANS, OLDEST_FOR_PLANS)).toBeNull();
  expect(versionGap(installedVersions(), OLDEST_FOR_PLANS)).toBeNull();
  expect(versionGap(OLDEST_TESTED, OLDEST_FOR_PLANS)?.detail).toMatch(
    /^the answers of client-cloudfront 3\.798\.0 \(oldest tested: 3\.882\.0\) may lack/,
  );
});

test.each([
  ['3.980.0', false],
  ['3.981.0', true],
  ['3.1124.0', true],
  ['', false],
])('the client %s shows the client certificates of origins: %s', (version, expected) => {
  expect(showsCertificates({ [CLOUDFRONT]: version })).toBe(expected);
});

test('a client of no known version is not relied on to show them', () => {
  expect(showsCertificates({})).toBe(false);
});
