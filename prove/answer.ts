/** What a run learned of a question. `not-answered` is doubt: it was asked, and what was seen does not decide. */
export type Answer =
  | { readonly kind: 'yes' | 'no' | 'not-answered'; readonly says: string }
  | { readonly kind: 'not-asked'; readonly says: string };

export const yes = (says: string): Answer => ({ kind: 'yes', says });
export const no = (says: string): Answer => ({ kind: 'no', says });
export const doubt = (says: string): Answer => ({ kind: 'not-answered', says });
export const notAsked = (says: string): Answer => ({ kind: 'not-asked', says });
