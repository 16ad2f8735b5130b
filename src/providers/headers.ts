import type { ProviderConfig } from "../models/providerConfig.ts";

const KEY_PLACE = "{key}";

/**
 * The headers that a provider's settings add to an SDK's own; null takes one of those away. The SDKs add whatever
 * OPENAI_CUSTOM_HEADERS and ANTHROPIC_CUSTOM_HEADERS hold, to every address: that would send one provider's secrets to
 * another, so those are taken away.
 * @param customHeaders the value of the SDK's environment variable
 */
export function headersOf(
  config: ProviderConfig,
  key: string | undefined,
  customHeaders: string | undefined,
): Readonly<Record<string, string | null>> {
  const own = Object.entries(config.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const isPlaced = own.some(([, value]) => value.includes(KEY_PLACE));
  const removed = (customHeaders ?? "").split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon < 0 ? [] : [[line.slice(0, colon).trim().toLowerCase(), null] as const];
  });
  const placed = own.flatMap(([name, value]) => {
    if (!value.includes(KEY_PLACE)) return [[name, value] as const];
    return key === undefined ? [] : [[name, value.replaceAll(KEY_PLACE, key)] as const];
  });
  return Object.fromEntries([...removed, ...keyHeaders(config, isPlaced ? undefined : key), ...placed]);
}

/** All places where a key may stand, and the key in the one that the provider reads. */
function keyHeaders(
  { kind }: ProviderConfig,
  key: string | undefined,
): readonly (readonly [string, string | null])[] {
  const isAzure = kind === "azure-openai";
  return [
    ["authorization", isAzure || key === undefined ? null : `Bearer ${key}`],
    ["api-key", isAzure && key !== undefined ? key : null],
    ["x-api-key", null],
  ];
}
