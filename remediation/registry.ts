/** How a rule's findings are put right. */
export interface Remedy {
  /** `by-hand`: a person does it, and `why` says what stands in the way of more. */
  readonly kind: 'by-hand';
  readonly why: string;
}

/** Rule id to remedy; a rule without an automatic one says why. */
export const REMEDIES: Readonly<Record<string, Remedy>> = {
  'alb-sg-cloudfront-only': {
    kind: 'by-hand',
    why: 'This version judges and changes nothing: allow the prefix list first, see it there, and only then remove the other source.',
  },
};
