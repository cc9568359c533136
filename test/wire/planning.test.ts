import { ParameterItem, quotaNameOf } from '../../wire/planning.js';

test.each([
  ['L-0EA8095F', 'rules-per-group'],
  ['L-2AFB9258', 'groups-per-interface'],
  ['L-F678F1CE', null],
])('quota %s is %s', (code, name) => {
  expect(quotaNameOf(code)).toBe(name);
});

const parameter = (lastModifiedDate: unknown) =>
  ParameterItem.safeParse({ name: '/origin-guard/rollback/sg-0web/e1', value: '{}', lastModifiedDate });

test.each([
  ['2026-06-30T12:00:00.250000+02:00', '2026-06-30T10:00:00.250Z'],
  [1_782_813_600.25, '2026-06-30T10:00:00.250Z'],
])('%s, as a version of the AWS CLI prints it, is a moment', (given, savedAt) => {
  expect(parameter(given).data?.lastModifiedDate).toBe(savedAt);
});

test.each(['yesterday', null])('%s is none', (given) => {
  expect(parameter(given).error?.issues[0]?.message).toBe('expected a date');
});
