/** How often each property is tried; `PROPERTY_RUNS` overrides it, for mutation tests and for long nights. */
export function propertyRuns(fallback = 300): number {
  const given = Number(process.env['PROPERTY_RUNS'] ?? fallback);
  if (!Number.isInteger(given) || given < 1) throw new RangeError('PROPERTY_RUNS must be a whole number above 0');
  return given;
}
