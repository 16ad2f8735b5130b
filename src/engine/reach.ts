import type { Decision } from "../contract/decision.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { remoteEmbedder } from "../routing/semantic/similarities.ts";
import type { Settings } from "../settings/schema.ts";

/** Which of the models that a prompt would reach run on other machines. The automatic simulator runs on this one. */
export type Reach = {
  /** The first model of the chain that does, else the embedder of the routes' examples. */
  readonly firstRemote: ModelRef | undefined;
  readonly isRemote: (ref: ModelRef) => boolean;
};

/** Returns what a decision reaches. Words that are not private go to a remote embedder too. */
export function reachOf(
  { outcome, attributes }: Decision,
  cardFor: (ref: ModelRef) => ModelCard,
  settings: Settings,
): Reach {
  const isRemote = (ref: ModelRef) => {
    const { local, simulated } = cardFor(ref);
    return !local && simulated !== true;
  };
  const chain = outcome.kind === "chosen" ? outcome.chain.map(({ ref }) => ref) : [];
  const embedder = attributes.isPrivate ? undefined : remoteEmbedder(settings);
  const reached = embedder === undefined ? chain : [...chain, embedder];
  return { firstRemote: reached.find(isRemote), isRemote };
}
