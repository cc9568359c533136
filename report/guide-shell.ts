import { PLACE, RULES_QUERY } from './guide-queries.js';
import { shellWord } from './shell-word.js';

/**
 * The functions of a guide's script. Values of headers are held in files of the temporary folder and in variables, and
 * put into files by builtins of the shell: they are no word of any command.
 */
export const guideFunctions = (region: string): string => {
  const elb = (words: string): string => `aws elbv2 ${words} --region ${shellWord(region)}`;
  const secrets = (words: string): string => `aws secretsmanager ${words} --region ${shellWord(region)}`;
  return `stop() {
  printf '%s\\n' "stopped: $1" >&2
  exit 1
}

# Stops unless what is there is what the plan saw or needs.
must_be() {
  if [ "$2" = "$3" ]; then return; fi
  printf '%s\\n' "stopped: $1" '  expected:' "\${2:-nothing}" '  found:' "\${3:-nothing}" 'nothing more was changed; see what differs, step back or make a new plan' >&2
  exit 1
}

# Takes a list of texts in JSON apart: one a line, in quotes.
texts() {
  sed -n 's/^ *\\(".*"\\),\\{0,1\\}$/\\1/p'
}

# Writes JSON into a file, with values in their place: FILE JSON VALUES.
write() {
  local mark='"${PLACE}"'
  case $2 in
    *"$mark"*) printf '%s' "\${2%%"$mark"*}$3\${2#*"$mark"}" > "$1" ;;
    *) stop 'an answer of the AWS CLI has no place for the values' ;;
  esac
}

# Runs a command, and masks values of headers in what it says when it fails.
masked() {
  local said value
  if "$@" 2> "$TEMP/said"; then return; fi
  said=$(cat "$TEMP/said")
  while IFS= read -r value; do
    value=\${value#'"'}
    value=\${value%'"'}
    said=\${said//"$value"/(a header value)}
  done < <(cat "$TEMP"/values.* 2> /dev/null)
  stop "$said"
}

# The value of a version of the secret: STAGE.
secret_value() {
  ${secrets('get-secret-value --secret-id "$SECRET" --version-stage "$1" --query \'[SecretString]\' --output json')} | texts
}

# What a distribution sends: DISTRIBUTION ORIGIN QUERY HOW-MANY.
add_sent() {
  aws cloudfront get-distribution-config --id "$1" --query "$3" --output json | texts > "$TEMP/values.one"
  if [ "$4" = one ]; then must_be "how many values of $HEADER $1 sends for origin $2" 1 "$(lines "$TEMP/values.one")"; fi
  cat "$TEMP/values.one" >> "$TEMP/values.sent"
}

lines() {
  sed -n '$=' "$1" | grep . || echo 0
}

# Puts the next value into a distribution, or takes the header out of it: DISTRIBUTION QUERY FILE.
update() {
  local input
  input=$(aws cloudfront get-distribution-config --id "$1" --query "$2" --output json)
  if [ -n "$3" ]; then write "$TEMP/input.json" "$input" "$(cat "$3")"; else printf '%s' "$input" > "$TEMP/input.json"; fi
  masked aws cloudfront update-distribution --cli-input-json "file://$TEMP/input.json" --query Distribution.Status --output text
}

deployed() {
  must_be "the status of $1; wait until it is deployed" Deployed "$(aws cloudfront get-distribution --id "$1" --query Distribution.Status --output text)"
}

# The rules of a listener without some of them, one a line: LISTENER PRIORITY...
rules() {
  local listener=$1 priority found
  shift
  found=$(${elb(`describe-rules --listener-arn "$listener" --query ${shellWord(RULES_QUERY)} --output text`)} | LC_ALL=C sort)
  for priority in "$@"; do found=$(printf '%s\\n' "$found" | grep -v "^$priority " || true); done
  printf '%s\\n' "$found"
}

# What a query finds in a rule, and among the rules of a listener: ARN QUERY.
of_rule() {
  ${elb('describe-rules --rule-arns "$1" --query "$2" --output json')}
}
of_listener() {
  ${elb('describe-rules --listener-arn "$1" --query "$2" --output "\${3:-json}"')}
}

# Makes a copy of a rule that asks for the values too: RULE QUERY.
make_copy() {
  local input
  input=$(of_rule "$1" "$2")
  write "$TEMP/input.json" "$input" "$(paste -s -d , "$TEMP/values.sent")"
  masked ${elb('create-rule --cli-input-json "file://$TEMP/input.json" --query \'Rules[0].RuleArn\' --output text')}
}

# Deletes a copy, if it is there: LISTENER QUERY.
delete_copy() {
  local arn
  arn=$(of_listener "$1" "$2" text)
  if [ "$arn" = None ]; then return; fi
  ${elb('delete-rule --rule-arn "$arn"')}
}

# Lets a rule accept the values in a file: RULE QUERY FILE.
accept() {
  local input
  if [ ! -s "$3" ]; then stop "no value would be left in $1"; fi
  if [ "$(lines "$3")" -gt 5 ]; then stop "more than five values in $1"; fi
  input=$(of_rule "$1" "$2")
  write "$TEMP/input.json" "$input" "$(paste -s -d , "$3")"
  masked ${elb('modify-rule --cli-input-json "file://$TEMP/input.json" --query \'Rules[0].RuleArn\' --output text')}
}

# The values that a rule accepts: RULE QUERY.
accepted() {
  of_rule "$1" "$2" | texts | LC_ALL=C sort -u > "$TEMP/values.own"
  if [ ! -s "$TEMP/values.own" ]; then stop "$1 compares $HEADER with no plain value any more; make a new plan"; fi
}

# Stops unless every value of a file is among those that were read last: FILE WHAT.
all_accepted() {
  if grep -Fxvq -f "$TEMP/values.own" "$1"; then stop "$2"; fi
}

# Gives back what a copy does: LISTENER QUERY COMMAND...
restore() {
  of_listener "$1" "$2" > "$TEMP/actions.json"
  if ! grep -q '"forward"' "$TEMP/actions.json"; then stop "the copy in $1 is not there, or does not forward"; fi
  shift 2
  "$@"
}`;
};
