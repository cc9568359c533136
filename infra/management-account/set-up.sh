#!/usr/bin/env bash
# What the management account has to do once, before its delegated administrator deploys Origin Guard.
# See docs/deploy.md, "The management account".
set -euo pipefail

# Packs, the aggregator of the inventory, and StackSets, whose trusted access CloudFormation turns on itself.
readonly CONFIG_SERVICES=(config-multiaccountsetup.amazonaws.com config.amazonaws.com)
readonly SERVICES=("${CONFIG_SERVICES[@]}" member.org.stacksets.cloudformation.amazonaws.com)
readonly POLICY_NAME=OriginGuard

usage() {
  cat <<'USAGE'
usage: set-up.sh --admin ACCOUNT_ID [--scp FILE --target ID] [--yes] [--undo]

  --admin ACCOUNT_ID  the account that is to deploy Origin Guard: the delegated administrator
  --scp FILE          a service control policy (JSON, at most 5,120 characters) to attach as "OriginGuard"
  --target ID         where to attach it: a root (r-...), an organizational unit (ou-...) or an account
  --yes               do not ask
  --undo              take back what this script did: detach and delete the policy, deregister the administrator;
                      trusted access stays, because other tools may rely on it

Run it with credentials of the management account. It asks AWS what is there already and changes only what is not as it
should be, so it can be run again. Nothing is changed before you agreed.
USAGE
}

fail() {
  printf 'set-up.sh: %s\n' "$1" >&2
  exit 2
}

admin='' scp='' target='' yes=false undo=false
while (($# > 0)); do
  case $1 in
    --admin | --scp | --target)
      (($# > 1)) || fail "$1 needs a value; see --help"
      case $1 in
        --admin) admin=$2 ;;
        --scp) scp=$2 ;;
        --target) target=$2 ;;
      esac
      shift 2
      ;;
    --yes) yes=true && shift ;;
    --undo) undo=true && shift ;;
    --help) usage && exit 0 ;;
    *) fail "$1 is no option; see --help" ;;
  esac
done
[[ $admin =~ ^[0-9]{12}$ ]] || fail "--admin is \"$admin\"; allowed: an account id of 12 digits"
if [[ -n $target ]]; then
  [[ $target =~ ^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|[0-9]{12})$ ]] ||
    fail "--target is \"$target\"; allowed: a root (r-...), an organizational unit (ou-...) or an account id"
fi
if [[ $undo == false ]]; then
  [[ -n $scp && -n $target || -z $scp && -z $target ]] || fail '--scp and --target go together'
fi
if [[ -n $scp ]]; then
  [[ -r $scp ]] || fail "--scp is \"$scp\"; allowed: a file that can be read"
  (($(tr -d '\n' <"$scp" | wc -m) <= 5120)) || fail "--scp $scp is too long; allowed: 5,120 characters"
fi
command -v aws >/dev/null || fail 'the AWS CLI (aws) is not installed'

# --- what is there: an answer, or the end of the script; a call that failed never means "not there" ---

ask() { aws "$@" --output text || fail "\"aws $1 $2\" failed, so what is there is not known; nothing was changed"; }

has_access() {
  local found
  found=$(ask organizations list-aws-service-access-for-organization \
    --query "EnabledServicePrincipals[?ServicePrincipal=='$1'].ServicePrincipal") || exit 2
  [[ $found == "$1" ]]
}

is_admin() {
  local found
  found=$(ask organizations list-delegated-administrators --service-principal "$1" \
    --query "DelegatedAdministrators[?Id=='$admin'].Id") || exit 2
  [[ $found == "$admin" ]]
}

stack_sets_are_on() {
  local found
  found=$(ask cloudformation describe-organizations-access --query Status) || exit 2
  [[ $found == ENABLED ]]
}

policies_are_on() {
  local found
  found=$(ask organizations list-roots \
    --query "Roots[0].PolicyTypes[?Type=='SERVICE_CONTROL_POLICY'&&Status=='ENABLED'].Type") || exit 2
  [[ $found == SERVICE_CONTROL_POLICY ]]
}

policy_id() {
  ask organizations list-policies --filter SERVICE_CONTROL_POLICY --query "Policies[?Name=='$POLICY_NAME'].Id"
}

targets_of() { ask organizations list-targets-for-policy --policy-id "$1" --query 'Targets[].TargetId'; }

# The content as the service holds it, without its white space, to compare with a file.
content_of() { ask organizations describe-policy --policy-id "$1" --query Policy.Content | tr -d ' \n\t'; }

# --- the steps: each line of the plan is one call, with its arguments behind it ---

plan_text=()
plan_call=()
step() {
  plan_text+=("$1")
  shift
  plan_call+=("$(printf '%q ' "$@")")
}

plan_set_up() {
  stack_sets_are_on ||
    step 'turn on trusted access of StackSets' aws cloudformation activate-organizations-access
  local service
  for service in "${CONFIG_SERVICES[@]}"; do
    has_access "$service" ||
      step "turn on trusted access of $service" \
        aws organizations enable-aws-service-access --service-principal "$service"
  done
  for service in "${SERVICES[@]}"; do
    is_admin "$service" ||
      step "make $admin the delegated administrator of $service" \
        aws organizations register-delegated-administrator --account-id "$admin" --service-principal "$service"
  done
  [[ -n $scp ]] || return 0
  local root id content='' attached=''
  root=$(ask organizations list-roots --query 'Roots[0].Id')
  policies_are_on ||
    step 'turn on service control policies' \
      aws organizations enable-policy-type --root-id "$root" --policy-type SERVICE_CONTROL_POLICY
  id=$(policy_id)
  if [[ -n $id ]]; then
    content=$(content_of "$id")
    attached=$(targets_of "$id")
  fi
  if [[ -z $id ]]; then
    step "make the service control policy $POLICY_NAME from $scp" make_policy
  elif [[ $content != "$(tr -d ' \n\t' <"$scp")" ]]; then
    step "put $scp into the service control policy $POLICY_NAME" \
      aws organizations update-policy --policy-id "$id" --content "file://$scp"
  fi
  [[ " ${attached//$'\t'/ } " == *" $target "* ]] || step "attach it to $target" attach_policy
}

plan_undo() {
  local id each attached
  id=$(policy_id)
  if [[ -n $id ]]; then
    attached=$(targets_of "$id")
    for each in $attached; do
      step "detach the service control policy $POLICY_NAME from $each" \
        aws organizations detach-policy --policy-id "$id" --target-id "$each"
    done
    step "delete the service control policy $POLICY_NAME" aws organizations delete-policy --policy-id "$id"
  fi
  for each in "${SERVICES[@]}"; do
    ! is_admin "$each" ||
      step "end the delegation of $each to $admin" \
        aws organizations deregister-delegated-administrator --account-id "$admin" --service-principal "$each"
  done
}

make_policy() {
  aws organizations create-policy --name "$POLICY_NAME" --type SERVICE_CONTROL_POLICY \
    --description 'Only named roles change Origin Guard, its records and its tags' --content "file://$scp"
}

attach_policy() { aws organizations attach-policy --policy-id "$(policy_id)" --target-id "$target"; }

# --- ask, then act ---

management=$(ask organizations describe-organization --query Organization.MasterAccountId)
caller=$(ask sts get-caller-identity --query Account)
[[ $caller == "$management" ]] ||
  fail "these are credentials of account $caller; allowed: those of the management account $management"
[[ $admin != "$management" ]] || fail "--admin is the management account; allowed: a member account"

if [[ $undo == true ]]; then plan_undo; else plan_set_up; fi
if ((${#plan_text[@]} == 0)); then
  printf 'Nothing to do: everything is as it should be.\n'
  exit 0
fi
printf 'In the organization of management account %s this will:\n' "$management"
printf '  - %s\n' "${plan_text[@]}"
if [[ $yes == false ]]; then
  read -r -p 'Go on? Type yes: ' answer || answer=''
  [[ $answer == yes ]] || fail 'nothing was changed'
fi
for at in "${!plan_text[@]}"; do
  printf '%s ... ' "${plan_text[at]}"
  eval "${plan_call[at]}" >/dev/null
  printf 'done\n'
done
