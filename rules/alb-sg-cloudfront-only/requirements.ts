import type { Requirement } from '../../core/rule.js';

/**
 * What the rule is evidence for.
 *
 * Titles are those of NIST SP 800-53 revision 5, PCI DSS v4.0.1, the CIS Amazon Web Services Foundations Benchmark
 * v5.0.0, 45 CFR 164.312 and the Trust Services Criteria of 2017; an ellipsis stands for a list that follows. Which of
 * them AWS relates to its own checks of security groups: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html
 */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    framework: 'NIST SP 800-53 r5',
    id: 'AC-4',
    title: 'Information Flow Enforcement',
    why: 'The approved flow is from CloudFront to the load balancer; a refused source is a flow that nobody approved.',
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'SC-7',
    title: 'Boundary Protection',
    why: 'The security group is the boundary of the load balancer, and CloudFront the interface meant for outsiders.',
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'SC-7(3)',
    title: 'Access Points',
    why: 'CloudFront is meant to be the one way in from outside; a refused source is one more.',
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'SC-7(5)',
    title: 'Deny by Default — Allow by Exception',
    why: 'A security group denies what no rule allows; the rule looks at whether the exceptions are the meant ones.',
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'SC-7(11)',
    title: 'Restrict Incoming Communications Traffic',
    why: 'Only CloudFront, and what the parameters name, may send traffic to the load balancer.',
  },
  {
    framework: 'PCI DSS v4.0.1',
    id: '1.3',
    title: 'Network access to and from the cardholder data environment is restricted',
    why: 'Where the load balancer is part of that environment: access to it. Access from it is not looked at.',
  },
  {
    framework: 'PCI DSS v4.0.1',
    id: '1.3.1',
    title: 'Inbound traffic to the CDE is restricted as follows: …',
    why: 'Where the load balancer is part of that environment, necessary is what comes from CloudFront.',
  },
  {
    framework: 'PCI DSS v4.0.1',
    id: '1.4',
    title: 'Network connections between trusted and untrusted networks are controlled',
    why: 'The security group controls which connections from the internet reach the load balancer.',
  },
  {
    framework: 'PCI DSS v4.0.1',
    id: '1.4.2',
    title: 'Inbound traffic from untrusted networks to trusted networks is restricted to: …',
    why: 'Behind CloudFront the load balancer itself is not the public service; a refused source makes it one.',
  },
  {
    framework: 'CIS AWS Foundations Benchmark v5.0.0',
    id: '5.3',
    title: 'Ensure no security groups allow ingress from 0.0.0.0/0 to remote server administration ports',
    why: 'Only for groups in scope and with ports = all: SSH or RDP open to everybody over IPv4 is a finding like any other port.',
  },
  {
    framework: 'CIS AWS Foundations Benchmark v5.0.0',
    id: '5.4',
    title: 'Ensure no security groups allow ingress from ::/0 to remote server administration ports',
    why: 'The same over IPv6.',
  },
  {
    framework: 'HIPAA Security Rule',
    id: '164.312(e)(1)',
    title: 'Transmission security',
    why: 'Where health information passes the load balancer: nobody reaches it past CloudFront. Encryption is not looked at.',
  },
  {
    framework: 'SOC 2',
    id: 'CC6.6',
    title:
      'The entity implements logical access security measures to protect against threats from sources outside its system boundaries',
    why: 'The security group is such a measure, and CloudFront with what protects it the boundary.',
  },
];
