import { type Budget, type BudgetLimits, limitsOn } from "../../contract/budget.ts";
import { Failure, type FailureKind } from "../../contract/failure.ts";
import { type ModelCard, type ModelRef, splitRef } from "../../contract/model.ts";
import type { Cost } from "../../contract/money.ts";
import type { Provider } from "../../contract/provider/provider.ts";
import type { AskEmbeddings } from "../../embedding/remote.ts";
import { costOf, worstCaseOf } from "../../models/price.ts";
import { charge, mayBeCharged } from "./settlement.ts";

export type PaidEmbeddingsDeps = {
  readonly budget: () => Promise<Budget>;
  readonly limits: () => BudgetLimits;
  readonly cardOf: (ref: ModelRef) => Promise<ModelCard>;
  readonly providerFor: (id: string) => Promise<Provider | undefined>;
};

/** Calls an embedding model. Its cost is reserved before the call and settled after it. @throws Failure */
export function paidEmbeddings(ref: ModelRef, deps: PaidEmbeddingsDeps): AskEmbeddings {
  const { provider: id } = splitRef(ref);
  const failed = (kind: FailureKind, message: string) => new Failure({ kind, provider: id, message });
  return async (texts, signal) => {
    const provider = await deps.providerFor(id);
    if (provider === undefined) throw failed("auth", `${id} has no key, or is not configured.`);
    if (provider.embed === undefined) throw failed("bad-request", `${id} has no embeddings.`);
    const card = await deps.cardOf(ref);
    // Embeddings have no output to bill.
    const priced: ModelCard = { ...card, outputUsdPerMTok: 0 };
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const limits = deps.limits();
    const worstNanoUsd = worstCaseOf(priced, bytes, 0);
    if (worstNanoUsd === undefined && limitsOn(limits, { ref }).length > 0) {
      throw failed("bad-request", `The price of ${ref} is not known, and a budget is set.`);
    }
    const nanoUsd = worstNanoUsd ?? 0;
    const budget = await deps.budget();
    const reserved = await budget.reserve({
      ref,
      maximumNanoUsd: nanoUsd,
      minimumNanoUsd: nanoUsd,
      inputNanoUsd: nanoUsd,
      limits,
      soft: false,
    });
    if (reserved.kind !== "reserved") throw failed("quota", "The budget does not cover the embedding.");
    // If the provider does not report the usage, the reserved amount counts.
    let cost: Cost =
      worstNanoUsd === undefined
        ? { kind: "unknown" }
        : { kind: nanoUsd === 0 ? "exact" : "estimated", nanoUsd };
    try {
      const embeddings = await provider.embed(card.wireName, texts, signal);
      const { usage } = embeddings;
      if (usage !== undefined && usage.inputTokens > 0 && costOf(priced, usage) !== undefined) {
        cost = charge(priced, usage, "exact");
      }
      await budget.settle(reserved.id, cost);
      return embeddings;
    } catch (error) {
      const isFree = error instanceof Failure && !mayBeCharged(error.record);
      await budget.settle(reserved.id, isFree ? { kind: "exact", nanoUsd: 0 } : cost);
      throw error;
    }
  };
}
