import * as z from 'zod/mini';
import { DistributionId, VpcOriginId } from '../core/ids.js';
import type { CustomOrigin } from '../core/model/distribution.js';
import { isElbName } from '../core/model/domain-name.js';
import { toCustomHeaders, type OpenOrigin } from './custom-headers.js';
import { isRecord, itemsOf, MaybeText, textOrNull } from './shared.js';

const CustomOriginItem = z.object({
  // The API writes HTTPPort, which AWS Config makes httpPort and `lowerFirstKeys` hTTPPort.
  hTTPPort: z.optional(z.int()),
  hTTPSPort: z.optional(z.int()),
  httpPort: z.optional(z.int()),
  httpsPort: z.optional(z.int()),
  originProtocolPolicy: z.enum(['http-only', 'https-only', 'match-viewer']),
  ipAddressType: z.nullish(z.enum(['ipv4', 'ipv6', 'dualstack'])),
  originMtlsConfig: z.nullish(z.object({ clientCertificateArn: z.string() })),
});

/** How CloudFront connects, or `null` where it is not said in full: a verdict does not need it, and a plan then takes every port. */
function toCustomOrigin(given: unknown): CustomOrigin | null {
  const item = CustomOriginItem.safeParse(given).data;
  const httpPort = item?.hTTPPort ?? item?.httpPort;
  const httpsPort = item?.hTTPSPort ?? item?.httpsPort;
  if (item === undefined || httpPort === undefined || httpsPort === undefined) return null;
  return {
    httpPort,
    httpsPort,
    protocolPolicy: item.originProtocolPolicy,
    ipAddressType: item.ipAddressType ?? null,
    ...(item.originMtlsConfig ? { clientCertificateArn: item.originMtlsConfig.clientCertificateArn } : {}),
  };
}

const OriginItem = z.pipe(
  z.object({
    id: z.string(),
    domainName: z.string(),
    s3OriginConfig: z.optional(z.unknown()),
    vpcOriginConfig: z.nullish(z.object({ vpcOriginId: VpcOriginId })),
    customOriginConfig: z.optional(z.unknown()),
    customHeaders: z.optional(z.unknown()),
  }),
  z.transform(({ id, domainName, s3OriginConfig, vpcOriginConfig, customOriginConfig, customHeaders }): OpenOrigin => {
    const custom = toCustomOrigin(customOriginConfig);
    const headers = toCustomHeaders(customHeaders);
    return {
      id,
      domainName,
      isS3: s3OriginConfig !== undefined && s3OriginConfig !== null && !isElbName(domainName),
      vpcOriginId: vpcOriginConfig?.vpcOriginId ?? null,
      ...(custom === null ? {} : { custom }),
      ...(headers === null ? {} : { customHeaders: headers }),
    };
  }),
);

const ParameterDefinition = z.object({
  name: z.string(),
  definition: z.nullish(z.object({ stringSchema: z.nullish(z.object({ defaultValue: MaybeText })) })),
});

const Config = z.object({
  enabled: z.boolean(),
  origins: itemsOf(OriginItem),
  tenantConfig: z.nullish(z.object({ parameterDefinitions: z.nullish(z.array(ParameterDefinition)) })),
});

/** `null` where the settings of tenants are left out, as `list-distributions` does. */
function parameterDefaults({ tenantConfig }: z.infer<typeof Config>): Readonly<Record<string, string>> | null {
  if (tenantConfig === undefined || tenantConfig === null) return null;
  return Object.fromEntries(
    (tenantConfig.parameterDefinitions ?? []).flatMap(({ name, definition }) => {
      const value = textOrNull(definition?.stringSchema?.defaultValue);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

/** `list-distributions` puts the settings beside the id; `get-distribution` and AWS Config put them one level down. */
export const DistributionItem = z.pipe(
  z.pipe(
    z.transform((given: unknown) =>
      isRecord(given) && !isRecord(given['distributionConfig']) ? { ...given, distributionConfig: given } : given,
    ),
    z.object({ id: DistributionId, aRN: MaybeText, arn: MaybeText, distributionConfig: Config }),
  ),
  z.transform(({ id, aRN, arn, distributionConfig }) => ({
    id,
    arn: aRN ?? arn,
    enabled: distributionConfig.enabled,
    origins: distributionConfig.origins,
    parameterDefaults: parameterDefaults(distributionConfig),
  })),
);
export type DistributionItem = z.infer<typeof DistributionItem>;

/** The list forms of CloudFront that page by `IsTruncated`. */
export const pageOf = <S extends z.ZodMiniType>(item: S) =>
  z.pipe(
    z
      .object({
        isTruncated: z.nullish(z.boolean()),
        quantity: z.nullish(z.number()),
        items: z.nullish(z.array(item)),
      })
      .check(
        z.refine(({ quantity, items }) => (items?.length ?? 0) > 0 || (quantity ?? (items ? 0 : null)) === 0, {
          error: 'expected Items, or a Quantity of 0',
        }),
      ),
    z.transform(({ isTruncated, items }) => ({ more: isTruncated === true, items: items ?? [] })),
  );

export const VpcOriginSummaryItem = z.pipe(
  z.object({ id: VpcOriginId, arn: MaybeText, accountId: MaybeText, originEndpointArn: z.string() }),
  z.transform(({ originEndpointArn, ...rest }) => ({ ...rest, endpointArn: originEndpointArn })),
);

export const VpcOriginItem = z.pipe(
  z.object({
    id: VpcOriginId,
    arn: MaybeText,
    accountId: MaybeText,
    vpcOriginEndpointConfig: z.object({ arn: z.string() }),
  }),
  z.transform(({ vpcOriginEndpointConfig, ...rest }) => ({ ...rest, endpointArn: vpcOriginEndpointConfig.arn })),
);

export const TenantItem = z.pipe(
  z.object({
    id: z.string(),
    distributionId: DistributionId,
    arn: MaybeText,
    enabled: z.nullish(z.boolean()),
    parameters: z.nullish(z.array(z.object({ name: z.string(), value: z.string() }))),
  }),
  z.transform(({ enabled, parameters, ...rest }) => ({
    ...rest,
    enabled: enabled !== false,
    /** `null` in the list form, which does not carry them. */
    parameters:
      parameters === undefined || parameters === null
        ? null
        : (Object.fromEntries(parameters.map(({ name, value }) => [name, value])) as Readonly<Record<string, string>>),
  })),
);
export type TenantItem = z.infer<typeof TenantItem>;
