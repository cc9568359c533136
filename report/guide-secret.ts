import type { Order } from '../remediation/alb-origin-authenticated/guide.js';

/** Creates the secret with a value that AWS generates, or gives it one more; the old value stays its previous version. */
export function makeSecret(
  { secretLength }: Order,
  secrets: (words: string) => string,
  keepsPrevious: boolean,
): readonly string[] {
  const generate = [
    `value=$(${secrets(`get-random-password --password-length ${String(secretLength)} --exclude-punctuation --query RandomPassword --output text`)})`,
    'printf %s "$value" > "$TEMP/secret"',
    'unset value',
  ];
  const create = secrets(
    'create-secret --name "$SECRET" --description "Sent by CloudFront, checked by the load balancer" --secret-string "file://$TEMP/secret" --query Name --output text',
  );
  const put = secrets(
    'put-secret-value --secret-id "$SECRET" --secret-string "file://$TEMP/secret" --query VersionId --output text',
  );
  const isThere = `${secrets('describe-secret --secret-id "$SECRET" --query Name --output text')} > "$TEMP/there" 2> "$TEMP/said"`;
  const unlessMissing = `grep -q ResourceNotFoundException "$TEMP/said" || stop "$(cat "$TEMP/said")"`;
  if (keepsPrevious)
    return [
      `if ! ${isThere}; then`,
      `  ${unlessMissing}`,
      '  # What is sent now becomes the previous version.',
      '  sed -n \'1s/^"\\(.*\\)"$/\\1/p\' "$TEMP/values.sent" > "$TEMP/line"',
      '  printf %s "$(cat "$TEMP/line")" > "$TEMP/secret"',
      `  ${create}`,
      'fi',
      ...generate,
      put,
    ];
  return [
    `if ${isThere}; then`,
    '  echo "the secret $SECRET is there already; its value is used"',
    'else',
    `  ${unlessMissing}`,
    ...generate.map((each) => `  ${each}`),
    `  ${create}`,
    'fi',
  ];
}
