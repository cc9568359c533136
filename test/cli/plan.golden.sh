# origin-guard plan: EDIT of group sg-0482d99e7921588bc (demo-sbx-alb)
# in account 208619972546, us-east-1
# Why: only load balancers behind CloudFront use the group, and what must be added fits beside the rules it has.
#   add     pl-3b927c52 (CloudFront, IPv4) on tcp 80
#   remove  0.0.0.0/0 on tcp 80 (sgr-04c61de74d6162d5e) "Requests to the demo"
# Mind: who calls the load balancer without CloudFront is cut off: monitors, partners, tests.
# Mind: connections that are open now may live on, or be cut at once, when their rule goes.
#
# Nothing was run. Read it, then run it as a file with sh, or command by command, with
# credentials of this account. The first line stops at the first failure, and keeps
# existing files from being replaced. When it stops, make a new plan.

set -euC

export AWS_PAGER=''

# Prints the ingress rules of a group, one a line: id, protocol, ports, source.
rules() {
  aws ec2 describe-security-group-rules --filters "Name=group-id,Values=$1" --query 'SecurityGroupRules[?!IsEgress].[join(`" "`, [SecurityGroupRuleId, IpProtocol, contains(`["tcp","udp","icmp","icmpv6"]`, IpProtocol) && to_string(FromPort) || `"-"`, contains(`["tcp","udp","icmp","icmpv6"]`, IpProtocol) && to_string(ToPort) || `"-"`, CidrIpv4 || CidrIpv6 || PrefixListId || ReferencedGroupInfo.GroupId || `"?"`])]' --output text --region us-east-1
}

# Prints one of the rules that RULES holds, by its id.
rule() {
  printf '%s\n' "$RULES" | grep "^$1 "
}

# Stops unless what is there is what the plan saw or needs.
must_be() {
  test "$2" = "$3" && return
  printf '%s\n' "stopped: $1" "  expected: ${2:-nothing}" "  found:    ${3:-nothing}" 'nothing was revoked; make a new plan' >&2
  exit 1
}

# 1. Save what is there now.
aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-0482d99e7921588bc --output json --region us-east-1 > sg-0482d99e7921588bc.before.json

# 2. Admit CloudFront: pl-3b927c52 (CloudFront, IPv4) on tcp 80.
aws ec2 authorize-security-group-ingress --group-id sg-0482d99e7921588bc --ip-permissions '[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"PrefixListIds":[{"PrefixListId":"pl-3b927c52","Description":"CloudFront only, by origin-guard plan"}]}]' --region us-east-1

# 3. See it there: each of these must count one rule.
must_be 'rules that admit pl-3b927c52 on tcp 80 to sg-0482d99e7921588bc' 1 "$(aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-0482d99e7921588bc --query 'length(SecurityGroupRules[?!IsEgress && IpProtocol==`"tcp"` && FromPort==`80` && ToPort==`80` && PrefixListId==`"pl-3b927c52"`])' --output json --region us-east-1)"

# 4. See that the rules are still those of the plan: somebody may have changed one, which keeps its id.
RULES=$(rules sg-0482d99e7921588bc)
must_be 'rule sgr-04c61de74d6162d5e, which is to be removed' 'sgr-04c61de74d6162d5e tcp 80 80 0.0.0.0/0' "$(rule sgr-04c61de74d6162d5e)"

# 5. Remove the other sources, all or none. If an id is not found, somebody changed the group: make a new plan.
aws ec2 revoke-security-group-ingress --group-id sg-0482d99e7921588bc --security-group-rule-ids sgr-04c61de74d6162d5e --region us-east-1

# 6. Look at what is there now.
aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-0482d99e7921588bc --query 'SecurityGroupRules[?!IsEgress].[SecurityGroupRuleId,IpProtocol,FromPort,ToPort,CidrIpv4,CidrIpv6,PrefixListId,ReferencedGroupInfo.GroupId]' --output table --region us-east-1

# To undo, in this order. What was added admits CloudFront only, and may stay.
# aws ec2 authorize-security-group-ingress --group-id sg-0482d99e7921588bc --ip-permissions '[{"IpProtocol":"tcp","FromPort":80,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"Requests to the demo"}]}]' --region us-east-1
