/** Which wire format a provider speaks, and how its address and key are written. */
export type ProviderKind = "openai" | "anthropic" | "azure-openai" | "openai-compatible";

/** A provider as the settings, or the table of well-known ones, describe it. Never holds a key. */
export type ProviderConfig = {
  /** The first half of its models' refs. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** Up to, and without, `/chat/completions` or `/v1/messages`. Left out: the kind's public address. */
  readonly baseUrl?: string;
  /** Azure's resource, e.g. `https://me.openai.azure.com`. */
  readonly endpoint?: string;
  /** Azure's `api-version`. */
  readonly apiVersion?: string;
  /**
   * Sent with every request. `{key}` in a value stands for the provider's key; the key is then sent there and nowhere
   * else, e.g. `"x-api-key": "{key}"` for a server that wants no `Authorization`.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Runs on the user's machine or network: costs nothing, and private content may go there. */
  readonly local: boolean;
};
