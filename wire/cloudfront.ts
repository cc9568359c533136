import * as z from 'zod';
import { DistributionId, VpcOriginId } from '../core/ids.js';
import type { CustomOrigin } from '../core/model/distribution.js';
import { isElbName } from '../core/model/domain-name.js';
import { toCustomHeaders, type OpenOrigin } from './custom-headers.js';
import { isRecord, itemsOf, MaybeText, textOrNull } from './shared.js';

const CustomOriginItem = z.object({
  // The API writes HTTPPort, which AWS Config makes httpPort and `lowerFirstKeys` hTTPPort.
  hTTPPort: z.number().int().optional(),
  hTTPSPort: z.number().int().optional(),
  httpPort: z.number().int().optional(),
  httpsPort: z.number().int().optional(),
  originProtocolPolicy: z.enum(['http-only', 'https-only', 'match-viewer']),
  ipAddressType: z.enum(['ipv4', 'ipv6', 'dualstack']).nullish(),
  originMtlsConfig: z.object({ clientCertificateArn: z.string() }).nullish(),
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

const OriginItem = z
  .object({
    id: z.string(),
    domainName: z.string(),
    s3OriginConfig: z.unknown().optional(),
    vpcOriginConfig: z.object({ vpcOriginId: VpcOriginId }).nullish(),
    customOriginConfig: z.unknown().optional(),
    customHeaders: z.unknown().optional(),
  })
  .transform(({ id, domainName, s3OriginConfig, vpcOriginConfig, customOriginConfig, customHeaders }): OpenOrigin => {
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
  });

const ParameterDefinition = z.object({
  name: z.string(),
  definition: z.object({ stringSchema: z.object({ defaultValue: MaybeText }).nullish() }).nullish(),
});

const Config = z.object({
  enabled: z.boolean(),
  origins: itemsOf(OriginItem),
  tenantConfig: z.object({ parameterDefinitions: z.array(ParameterDefinition).nullish() }).nullish(),
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
export const DistributionItem = z
  .preprocess(
    (given) =>
      isRecord(given) && isRecord(given['distributionConfig'])
        ? given
        : isRecord(given)
          ? { ...given, distributionConfig: given }
          : given,
    z.object({ id: DistributionId, aRN: MaybeText, arn: MaybeText, distributionConfig: Config }),
  )
  .transform(({ id, aRN, arn, distributionConfig }) => ({
    id,
    arn: aRN ?? arn,
    enabled: distributionConfig.enabled,
    origins: distributionConfig.origins,
    parameterDefaults: parameterDefaults(distributionConfig),
  }));
export type DistributionItem = z.infer<typeof DistributionItem>;

/** The list forms of CloudFront that page by `IsTruncated`. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z
    .object({ isTruncated: z.boolean().nullish(), quantity: z.number().nullish(), items: z.array(item).nullish() })
    .refine(({ quantity, items }) => (items?.length ?? 0) > 0 || (quantity ?? (items ? 0 : null)) === 0, {
      error: 'expected Items, or a Quantity of 0',
    })
    .transform(({ isTruncated, items }) => ({ more: isTruncated === true, items: items ?? [] }));

export const VpcOriginSummaryItem = z
  .object({ id: VpcOriginId, arn: MaybeText, accountId: MaybeText, originEndpointArn: z.string() })
  .transform(({ originEndpointArn, ...rest }) => ({ ...rest, endpointArn: originEndpointArn }));

export const VpcOriginItem = z
  .object({
    id: VpcOriginId,
    arn: MaybeText,
    accountId: MaybeText,
    vpcOriginEndpointConfig: z.object({ arn: z.string() }),
  })
  .transform(({ vpcOriginEndpointConfig, ...rest }) => ({ ...rest, endpointArn: vpcOriginEndpointConfig.arn }));

export const TenantItem = z
  .object({
    id: z.string(),
    distributionId: DistributionId,
    arn: MaybeText,
    enabled: z.boolean().nullish(),
    parameters: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  })
  .transform(({ enabled, parameters, ...rest }) => ({
    ...rest,
    enabled: enabled !== false,
    /** `null` in the list form, which does not carry them. */
    parameters:
      parameters === undefined || parameters === null
        ? null
        : (Object.fromEntries(parameters.map(({ name, value }) => [name, value])) as Readonly<Record<string, string>>),
  }));
export type TenantItem = z.infer<typeof TenantItem>;
