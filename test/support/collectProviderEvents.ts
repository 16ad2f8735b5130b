import type { Ask } from "../../src/contract/ask.ts";
import { Failure, type FailureRecord } from "../../src/contract/failure.ts";
import { textMessage } from "../../src/contract/message.ts";
import type { Provider, ProviderEvent } from "../../src/contract/provider.ts";

/** A plain request, and an ear for what is answered. */
export const ASK: Ask = {
  model: "sim-balanced",
  messages: [textMessage("system", "Be brief."), textMessage("user", "Why is the sky blue?")],
  maxOutputTokens: 4096,
  limits: { connectMs: 2000, firstTokenMs: 3000, idleMs: 3000 },
};

/** Every wire format, and the kinds of provider that speak it. */
export const SPEAKERS = [
  { wire: "openai", kind: "simulator" },
  { wire: "openai", kind: "openai" },
  { wire: "anthropic", kind: "anthropic" },
] as const;

export const FOREVER = new AbortController().signal;

export type Heard = { readonly events: readonly ProviderEvent[]; readonly failure?: FailureRecord };

/** All that a provider says, and how it fails. @throws what is no Failure */
export async function hear(provider: Provider, ask: Ask = ASK, signal = FOREVER): Promise<Heard> {
  const events: ProviderEvent[] = [];
  try {
    for await (const event of provider.ask(ask, signal)) events.push(event);
    return { events };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { events, failure: error.record };
  }
}

export function textOf({ events }: Heard): string {
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

/** The request with other limits. */
export function limited(limits: Partial<Ask["limits"]>): Ask {
  return { ...ASK, limits: { ...ASK.limits, ...limits } };
}
