import type { ModelCard } from "./model.ts";
import type { Skipped } from "./skipped.ts";

/** A model that the user can choose, as it is now. */
export type ModelOption = Pick<
  ModelCard,
  | "ref"
  | "inputUsdPerMTok"
  | "outputUsdPerMTok"
  | "maxInputTokens"
  | "capabilities"
  | "quality"
  | "local"
  | "simulated"
> & {
  /** Why the next prompt of the conversation would skip it. */
  readonly skipped?: Skipped | undefined;
  /** The user's choice does not change that: the prompt would not be sent. */
  readonly isBlocked?: boolean | undefined;
};

/** A provider without a key, and how many models it has. */
export type KeylessProvider = { readonly id: string; readonly name: string; readonly models: number };

/** The models that the user can choose from, those of a provider together. */
export type ModelOptions = {
  readonly models: readonly ModelOption[];
  readonly keyless: readonly KeylessProvider[];
  readonly nowMs: number;
};
