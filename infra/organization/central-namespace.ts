/** Where the counts over all accounts are kept, apart from the metrics of functions. */
export const CENTRAL_NAMESPACE = 'OriginGuard/Organization';
