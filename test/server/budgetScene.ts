import { onTestFinished } from "vitest";
import type { Clock } from "../../src/base/time/clock.ts";
import { startTestServer, type TestServer, user } from "./testServer.ts";

/** A budget of one cent. A token of output costs 4,000 nano-dollars. */
export const DAILY_USD = 0.01;
export const PRICES = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };

/** A server with this budget, whose only route has one model with this card. */
export async function withBudget(
  card: Readonly<Record<string, unknown>> = PRICES,
  more: Record<string, unknown> = {},
  clock?: Clock,
): Promise<TestServer> {
  const settings = {
    "switchyard.budget.dailyUsd": DAILY_USD,
    "switchyard.models": { "east/sim-cheap": card },
    "switchyard.routes": [{ name: "One", models: ["east/sim-cheap"] }],
    ...more,
  };
  const scene = await startTestServer(settings, {}, clock);
  onTestFinished(() => scene.close());
  return scene;
}

/** A request with a short answer. */
export const HELLO = { model: "auto", messages: user("Hello. [tokens: 3]") };

export const AUDIO = { type: "input_audio", input_audio: { data: "QUJD", format: "wav" } };
