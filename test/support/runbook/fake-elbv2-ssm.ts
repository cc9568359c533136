import { SecurityGroupId } from '../../../core/ids.js';
import type { Operation } from './fake-operation.js';
import { textOf, textsOf } from './fake-rules.js';
import { AwsError } from './fake-state.js';

/**
 * Replaces the whole list of groups of a load balancer. Which error AWS raises beyond the quota is not documented; ours
 * is a guess, and nothing may depend on its name.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
 */
const setSecurityGroups: Operation = (state, params, { quotas }) => {
  const arn = textOf(params, 'LoadBalancerArn');
  const ids = [...new Set(textsOf(params, 'SecurityGroups'))];
  const loadBalancer = state.loadBalancers.find((each) => each.arn === arn);
  if (loadBalancer === undefined) throw new AwsError('LoadBalancerNotFound', `there is no load balancer ${arn}`);
  const strange = ids.find(
    (id) => !state.groups.some((group) => group.id === id && group.vpcId === loadBalancer.vpcId),
  );
  if (strange !== undefined)
    throw new AwsError('InvalidSecurityGroup', `VPC ${String(loadBalancer.vpcId)} has no group ${strange}`);
  if (ids.length > quotas['groups-per-interface'])
    throw new AwsError('InvalidConfigurationRequest', `${String(ids.length)} groups for one interface`);
  const securityGroups = ids.map((id) => SecurityGroupId.parse(id));
  return {
    state: {
      ...state,
      loadBalancers: state.loadBalancers.map((each) => (each.arn === arn ? { ...each, securityGroups } : each)),
    },
    answer: { SecurityGroupIds: securityGroups },
  };
};

const describeLoadBalancers: Operation = (state) => ({
  state,
  answer: {
    LoadBalancers: state.loadBalancers.map(({ arn, name, securityGroups }) => ({
      LoadBalancerArn: arn,
      LoadBalancerName: name,
      SecurityGroups: securityGroups,
    })),
  },
});

export const ELBV2_OPERATIONS: Readonly<Record<string, Operation>> = {
  SetSecurityGroups: setSecurityGroups,
  DescribeLoadBalancers: describeLoadBalancers,
};

/** Bytes that a parameter of the standard tier holds. */
const STANDARD_TIER = 4096;

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const putParameter: Operation = (state, params, { now }) => {
  const [name, value] = [textOf(params, 'Name'), textOf(params, 'Value')];
  if (!/^(?:\/[\w.-]+)+$/.test(name)) throw new AwsError('ValidationException', `parameter name ${name}`);
  const size = Buffer.byteLength(value);
  if (size > STANDARD_TIER)
    throw new AwsError('ValidationException', `a standard parameter holds 4096 bytes, not ${String(size)}`);
  if (value.includes('{{')) throw new AwsError('ValidationException', 'a value holds no {{ }}');
  const before = state.parameters.find((each) => each.name === name);
  if (before !== undefined && params['Overwrite'] !== true)
    throw new AwsError('ParameterAlreadyExists', `there is a parameter ${name}`);
  const after = { name, value, version: (before?.version ?? 0) + 1, savedAt: now };
  return {
    state: { ...state, parameters: [...state.parameters.filter((each) => each !== before), after] },
    answer: { Version: after.version, Tier: 'Standard' },
  };
};

const getParametersByPath: Operation = (state, params) => {
  const path = textOf(params, 'Path').replace(/\/?$/, '/');
  const isBelow = (name: string): boolean =>
    name.startsWith(path) && (params['Recursive'] === true || !name.slice(path.length).includes('/'));
  return {
    state,
    answer: {
      Parameters: state.parameters
        .filter(({ name }) => isBelow(name))
        .map(({ name, value, version, savedAt }) => ({
          Name: name,
          Type: 'String',
          Value: value,
          Version: version,
          LastModifiedDate: savedAt,
        })),
    },
  };
};

export const SSM_OPERATIONS: Readonly<Record<string, Operation>> = {
  PutParameter: putParameter,
  GetParametersByPath: getParametersByPath,
};
