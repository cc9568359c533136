import type { Gap } from '../../core/fact.js';
import type { GuideRefusal } from './guide.js';
import { GUIDE_REFUSALS, type GuideRefusalCode } from './refusals.js';

/** A refusal with the next step of its code. */
export const refuseGuide = (
  code: GuideRefusalCode,
  because: string,
  renumber: GuideRefusal['renumber'] = [],
): GuideRefusal => ({
  kind: 'refuse',
  code,
  because,
  nextStep: GUIDE_REFUSALS[code].nextStep,
  renumber,
});

/** The refusal for what could not be seen; each gap is told once. */
export const lookupFailed = (gaps: readonly Gap[]): GuideRefusal =>
  refuseGuide('LOOKUP_FAILED', [...new Set(gaps.map(({ detail }) => detail))].join('; '));
