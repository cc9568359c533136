import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { buildEnvironment, FROM_ANYWHERE, given } from './support/article-environment.js';
import { nextRun, useRunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// A Network Load Balancer that forwards to the load balancer: its clients come by the group too.

const world = useMoto();
const rig = useRunbookRig(world);

test('a group of a load balancer that another one forwards to is left to people', async () => {
  const built = await buildEnvironment(rig.clients, { ingress: [FROM_ANYWHERE] });
  await rig.addInterface(built);
  const { elbv2 } = rig.clients;
  const { LoadBalancers = [] } = await elbv2.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [built.loadBalancerArn] }),
  );
  const Subnets = given(LoadBalancers[0]?.AvailabilityZones).map(({ SubnetId }) => given(SubnetId));
  const front = await elbv2.send(new CreateLoadBalancerCommand({ Name: 'front', Type: 'network', Subnets }));
  const group = await elbv2.send(
    new CreateTargetGroupCommand({
      Name: 'to-the-other',
      TargetType: 'alb',
      Protocol: 'TCP',
      Port: 80,
      VpcId: built.vpcId,
    }),
  );
  const TargetGroupArn = given(group.TargetGroups?.[0]?.TargetGroupArn);
  await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: built.loadBalancerArn, Port: 80 }] }));
  await elbv2.send(
    new CreateListenerCommand({
      LoadBalancerArn: given(front.LoadBalancers?.[0]?.LoadBalancerArn),
      Protocol: 'TCP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );

  const ended = await rig.fix(built.groupId, {}, { executionId: nextRun() });
  expect(ended).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(/^REFUSED NLB_TARGET: network load balancer \S+\/front\//) as string,
  });
  expect(rig.writes()).toEqual([]);
  expect(Object.keys(rig.calls())).toEqual(expect.arrayContaining(['DescribeTargetGroups', 'DescribeTargetHealth']));
});
