import { CLOUDFRONT_PREFIX_LIST_NAMES, identifyPrefixList } from '../../../core/model/prefix-list.js';

it('the names are those that AWS documents', () => {
  expect(CLOUDFRONT_PREFIX_LIST_NAMES).toEqual({
    ipv4: 'com.amazonaws.global.cloudfront.origin-facing',
    ipv6: 'com.amazonaws.global.ipv6.cloudfront.origin-facing',
  });
});

it.each([
  ['com.amazonaws.global.cloudfront.origin-facing', 'AWS', 'cloudfront'],
  ['com.amazonaws.global.ipv6.cloudfront.origin-facing', 'AWS', 'cloudfront'],
  ['com.amazonaws.us-east-1.s3', 'AWS', 'aws'],
  ['COM.AMAZONAWS.GLOBAL.CLOUDFRONT.ORIGIN-FACING', 'AWS', 'aws'],
  ['com.amazonaws.global.cloudfront.origin-facing', '111122223333', 'lookalike'],
  ['com.amazonaws.global.cloudfront.origin-facing', 'aws', 'lookalike'],
  ['com.amazonaws.global.ipv6.cloudfront.origin-facing', '', 'lookalike'],
  [' Com.Amazonaws.Global.Cloudfront.Origin-Facing ', '111122223333', 'lookalike'],
  ['my cloudfront', '111122223333', 'customer'],
  ['com.amazonaws.global.cloudfront.origin-facing-2', '111122223333', 'customer'],
])('%s of %s is %s', (name, ownerId, identity) => expect(identifyPrefixList({ name, ownerId })).toBe(identity));
