import type { Requirement } from '../../core/rule.js';

/** What the rule is evidence for; titles as in the requirements of `alb-sg-cloudfront-only`. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    framework: 'NIST SP 800-53 r5',
    id: 'AC-4',
    title: 'Information Flow Enforcement',
    why: "The approved flow is from the account's own distribution; a request from another one is a flow that nobody approved.",
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'IA-3',
    title: 'Device Identification and Authentication',
    why: 'The load balancer tells its distribution by a secret or a certificate before it forwards; users are not looked at.',
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'SC-7',
    title: 'Boundary Protection',
    why: 'The distribution with what protects it is the boundary; a request that came another way has not passed it.',
  },
  {
    framework: 'NIST SP 800-53 r5',
    id: 'SC-7(11)',
    title: 'Restrict Incoming Communications Traffic',
    why: 'Only traffic that its own distribution sent may be forwarded.',
  },
  {
    framework: 'PCI DSS v4.0.1',
    id: '1.4.2',
    title: 'Inbound traffic from untrusted networks to trusted networks is restricted to: …',
    why: "Where the load balancer is part of that environment: other customers' distributions are untrusted, though they pass the prefix list.",
  },
  {
    framework: 'SOC 2',
    id: 'CC6.6',
    title:
      'The entity implements logical access security measures to protect against threats from sources outside its system boundaries',
    why: 'The check of the header or the certificate is such a measure.',
  },
];
