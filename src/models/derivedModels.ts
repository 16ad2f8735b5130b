import { type ModelRef, splitRef } from "../contract/model.ts";
import type { Settings } from "../settings/schema.ts";
import { type Catalogue, cardOf, modelsOf } from "./catalogue.ts";

/** A frozen edition, which the undated name stands for: `gpt-5-2025-08-07`, `claude-opus-4-5-20251101`. */
const DATED = /-\d{4}-\d{2}-\d{2}$|-\d{8}$/;

/**
 * The models that stand in where no route is set: undated chat models of known quality, not past the end that their
 * provider announced.
 */
export function derivedModels(
  providerIds: readonly string[],
  catalogue: Catalogue,
  settings: Settings,
  nowMs: number,
): readonly ModelRef[] {
  return [...new Set(providerIds)].flatMap((provider) =>
    modelsOf(provider, catalogue, settings).filter((ref) => {
      if (DATED.test(splitRef(ref).model)) return false;
      const { api, quality, deprecated } = cardOf(ref, catalogue, settings);
      const isOver = deprecated !== undefined && Date.parse(deprecated) <= nowMs;
      return api === "chat" && quality !== undefined && !isOver;
    }),
  );
}
