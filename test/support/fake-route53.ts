import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type HostedZone,
  type ListHostedZonesCommandInput,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  type Route53ClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-route-53';
import type { AwsStub } from 'aws-sdk-client-mock';

export interface FakeZone {
  readonly id: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly records: readonly ResourceRecordSet[];
}

export const record = (Name: string, Type: string, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet =>
  ({ Name: `${Name.replaceAll('*', '\\052')}.`, Type, ...more }) as ResourceRecordSet;
export const cname = (name: string, value: string, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet =>
  record(name, 'CNAME', { TTL: 60, ResourceRecords: [{ Value: value }], ...more });
export const alias = (name: string, target: string, type = 'A'): ResourceRecordSet =>
  record(name, type, { AliasTarget: { HostedZoneId: 'Z0', DNSName: `${target}.`, EvaluateTargetHealth: false } });
export const address = (name: string, ...values: readonly string[]): ResourceRecordSet =>
  record(name, 'A', { TTL: 60, ResourceRecords: values.map((Value) => ({ Value })) });
export const delegation = (name: string): ResourceRecordSet =>
  record(name, 'NS', { TTL: 60, ResourceRecords: [{ Value: 'ns-1.example.net.' }] });

/** The order in which Route 53 lists, as its API reference gives it: labels from the right, the final dot included. */
const reversed = (name: string): string => `${name.replace(/\.$/, '').split('.').reverse().join('.')}.`;
const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const place = ({
  Name = '',
  Type,
  SetIdentifier = '',
}: Partial<Pick<ResourceRecordSet, 'Name' | 'Type' | 'SetIdentifier'>>): readonly string[] => [
  reversed(Name.replaceAll('\\052', '*')),
  Type ?? '',
  SetIdentifier,
];
const byPlace = (a: readonly string[], b: readonly string[]): number =>
  a.map((part, at) => before(part, b[at] ?? '')).find((order) => order !== 0) ?? 0;

/** Answers as Route 53 does: zones and records in pages, each zone with the records that every zone has. */
export function answerAsRoute53(
  mock: AwsStub<ServiceInputTypes, ServiceOutputTypes, Route53ClientResolvedConfig>,
  zones: readonly FakeZone[],
  zonesPerPage = 100,
): void {
  mock.on(ListHostedZonesCommand).callsFake(({ Marker }: ListHostedZonesCommandInput) => {
    const from = Number(Marker ?? 0);
    const page = zones.slice(from, from + zonesPerPage);
    const more = from + zonesPerPage < zones.length;
    return {
      HostedZones: page.map(({ id, name, isPrivate }): HostedZone => ({
        Id: `/hostedzone/${id}`,
        Name: `${name}.`,
        CallerReference: id,
        Config: { PrivateZone: isPrivate === true },
      })),
      IsTruncated: more,
      ...(more ? { NextMarker: String(from + zonesPerPage) } : {}),
    };
  });
  mock.on(ListResourceRecordSetsCommand).callsFake((input: ListResourceRecordSetsCommandInput) => {
    const zone = zones.find(({ id }) => `/hostedzone/${id}` === input.HostedZoneId);
    if (zone === undefined) throw new RangeError(`no zone ${String(input.HostedZoneId)}`);
    const { StartRecordName, StartRecordType, StartRecordIdentifier } = input;
    const start = place({ Name: StartRecordName, Type: StartRecordType, SetIdentifier: StartRecordIdentifier });
    const listed = [record(zone.name, 'SOA'), delegation(zone.name), ...zone.records]
      .sort((a, b) => byPlace(place(a), place(b)))
      .filter((each) => byPlace(place(each), start) >= 0);
    const size = input.MaxItems ?? 300;
    const next = listed[size];
    return {
      ResourceRecordSets: listed.slice(0, size),
      IsTruncated: next !== undefined,
      ...(next === undefined
        ? {}
        : { NextRecordName: next.Name, NextRecordType: next.Type, NextRecordIdentifier: next.SetIdentifier }),
    };
  });
}
