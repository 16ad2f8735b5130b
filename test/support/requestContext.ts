import { systemClock } from "../../src/base/time/clock.ts";
import type { AnswerEvent } from "../../src/contract/answer.ts";
import type { Budget } from "../../src/contract/budget.ts";
import type { Health } from "../../src/contract/health.ts";
import type { ModelCard } from "../../src/contract/model.ts";
import type { Cost } from "../../src/contract/money.ts";
import type { Provider } from "../../src/contract/provider/provider.ts";
import { AnswerOutput } from "../../src/dispatch/answerOutput.ts";
import { newProgress, type RequestContext } from "../../src/dispatch/requestContext.ts";
import { readSettings } from "../../src/settings/read.ts";
import { keywordDecision } from "./answers.ts";
import { attributes, card } from "./routing/worlds.ts";

const unused = (): Promise<never> => Promise.reject(new Error("Not used in this test."));

/** A budget that reserves every amount, and records what is settled. */
export function openBudget(settled: Cost[] = []): Budget {
  return {
    reserve: async ({ maximumNanoUsd }) => ({ kind: "reserved", id: "r", nanoUsd: maximumNanoUsd }),
    progress: async () => undefined,
    settle: async (_id, cost) => void settled.push(cost),
    spent: unused,
    overrunFactors: unused,
    today: unused,
    month: unused,
    spentBetween: async () => [],
    onDidChange: () => () => undefined,
  };
}

/** Breakers that are never open. */
const healthy: Health = {
  snapshot: async () => new Map(),
  acquire: async (ref, options) => ({ ref, options }),
  reached: async () => undefined,
  report: async () => undefined,
  reset: unused,
  setSwitchedOff: unused,
  onDidChange: () => () => undefined,
};

/** The context of a request whose only model is `p/m`, and what its consumer receives. */
export function requestContext(
  provider: Provider,
  change: Partial<RequestContext> & { readonly model?: ModelCard } = {},
): { readonly context: RequestContext; readonly events: readonly AnswerEvent[] } {
  const { model = card("p/m"), ...rest } = change;
  const events: AnswerEvent[] = [];
  const output = new AnswerOutput({ push: (event) => void events.push(event), drained: () => undefined });
  const context: RequestContext = {
    decision: keywordDecision(model.ref, {
      expectedInputTokens: 100,
      attributes: attributes({ inputBoundTokens: 0 }),
    }),
    settings: readSettings({}).settings,
    content: { messages: [] },
    budgetLimits: {},
    canRetract: false,
    output,
    progress: newProgress(systemClock.now()),
    signal: new AbortController().signal,
    clock: systemClock,
    random: () => 0,
    budget: openBudget(),
    health: healthy,
    providerFor: async () => provider,
    cardOf: () => model,
    recheck: async () => undefined,
    reportError: (error) => {
      throw error;
    },
    lacksCapability: () => undefined,
    fingerprintOf: () => "f",
    ...rest,
  };
  return { context, events };
}
