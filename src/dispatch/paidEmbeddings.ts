import type { Budget, BudgetLimits } from "../contract/budget.ts";
import { Failure, type FailureRecord } from "../contract/failure.ts";
import { type ModelCard, type ModelRef, splitRef } from "../contract/model.ts";
import type { Cost } from "../contract/money.ts";
import type { Provider } from "../contract/provider.ts";
import type { AskEmbeddings } from "../embedding/remote.ts";
import { costOf, worstCaseOf } from "../models/price.ts";
import { charge } from "./charge.ts";
import { consequenceOf } from "./policy.ts";

export type PaidEmbeddingsDeps = {
  readonly budget: () => Promise<Budget>;
  readonly limits: () => BudgetLimits;
  readonly cardOf: (ref: ModelRef) => Promise<ModelCard>;
  readonly providerFor: (id: string) => Promise<Provider | undefined>;
};

/** Asks an embedding model; what it costs is held before and settled after, like an answer's. @throws Failure */
export function paidEmbeddings(ref: ModelRef, deps: PaidEmbeddingsDeps): AskEmbeddings {
  const { provider: id } = splitRef(ref);
  const failed = (kind: FailureRecord["kind"], words: string) =>
    new Failure({ kind, provider: id, message: words });
  return async (texts, signal) => {
    const provider = await deps.providerFor(id);
    if (provider === undefined) throw failed("auth", `${id} has no key, or is not configured.`);
    if (provider.embed === undefined) throw failed("bad-request", `${provider.id} has no embeddings.`);
    const card = await deps.cardOf(ref);
    // An embedding's output is free: what has a price is the input.
    const priced: ModelCard = { ...card, outputUsdPerMTok: 0 };
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    const limits = deps.limits();
    const worst = worstCaseOf(priced, bytes, 0);
    if (worst === undefined && Object.keys(limits).length > 0) {
      throw failed("bad-request", `The price of ${ref} is not known, and a budget is set.`);
    }
    const want = worst ?? 0;
    const budget = await deps.budget();
    const held = await budget.reserve({
      ref,
      maximumNanoUsd: want,
      minimumNanoUsd: want,
      inputNanoUsd: want,
      limits,
      soft: false,
    });
    if (held.kind !== "reserved") throw failed("quota", "The budget does not carry the embedding.");
    // Where nobody tells what it was charged, what was held stands.
    const bound: Cost =
      worst === undefined ? { kind: "unknown" } : { kind: want === 0 ? "exact" : "estimated", nanoUsd: want };
    try {
      const embeddings = await provider.embed(card.wireName, texts, signal);
      const { usage } = embeddings;
      const isTold = usage !== undefined && costOf(priced, usage) !== undefined;
      await budget.settle(
        held.id,
        isTold ? { cost: charge(priced, usage, "exact"), usage } : { cost: bound },
      );
      return embeddings;
    } catch (error) {
      await budget.settle(held.id, { cost: isCharged(error) ? bound : { kind: "exact", nanoUsd: 0 } });
      throw error;
    }
  };
}

/** An answer that says that nothing was done costs nothing, nor does what was never sent. */
function isCharged(error: unknown): boolean {
  if (!(error instanceof Failure)) return true;
  return error.record.notSent !== true && consequenceOf(error.record).mayBeCharged;
}
