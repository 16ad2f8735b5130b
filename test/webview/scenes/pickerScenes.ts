import type { ModelOption } from "../../../src/contract/modelOptions.ts";
import type { Skipped } from "../../../src/contract/skipped.ts";
import type { ToView } from "../../../src/contract/view/protocol.ts";
import { answered, nowMs, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

function option(
  ref: string,
  [input, output]: readonly [number?, number?],
  maxInputTokens: number | undefined,
  quality: number | undefined,
  more: Partial<ModelOption> = {},
): ModelOption {
  return {
    ref,
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    maxInputTokens,
    capabilities: ["vision", "tools", "reasoning"],
    quality: quality === undefined ? undefined : { value: quality, basis: "estimate", standardError: 0.12 },
    local: false,
    ...more,
  };
}

const sol = "openai/gpt-6.1-sol";
const paused: Skipped = {
  ref: sol,
  reason: "breaker-open",
  failures: 5,
  nextTryAtMs: nowMs + 8000,
  by: "model",
};

const picker: Extract<ToView, { type: "models" }>["picker"] = {
  dial: "balanced",
  recent: [sonnet],
  options: {
    nowMs,
    models: [
      option("anthropic/claude-opus-5-5", [4, 20], 1_000_000, 0.84),
      option(sonnet, [2, 10], 1_000_000, 0.8),
      option("anthropic/claude-haiku-5-5", [0.1, 0.5], 1_000_000, 0.68),
      option(sol, [2, 10], 922_000, 0.8, { skipped: paused }),
      option("openai/gpt-6-luna", [0.1, 0.5], 922_000, 0.6),
      option("openrouter/some-lab/a-model-with-a-rather-long-name-preview", [], undefined, undefined, {
        skipped: { ref: "openrouter/x", reason: "switched-off" },
        isBlocked: true,
      }),
      option("openrouter/gpt-6-luna", [0.12, 0.6], 922_000, undefined),
      option("ollama/qwen3-coder", [], 32_768, 0.55, { local: true, capabilities: ["tools"] }),
    ],
    keyless: [
      { id: "google", name: "Google", models: 19 },
      { id: "mistral", name: "Mistral", models: 12 },
    ],
  },
};

const beforePicker: readonly ToView[] = [
  ...opening(1.24, [], "", null).filter(({ type }) => type !== "conversation"),
  {
    type: "providers",
    names: { anthropic: "Anthropic", openai: "OpenAI", openrouter: "OpenRouter", ollama: "Ollama" },
  },
  { type: "conversation", conversation: null, busyTurnId: null },
  { type: "choice", choice: {} },
  { type: "models", picker },
];

export const openPicker: Scene = {
  name: "picker",
  messages: beforePicker,
  typed: "Draft the migration guide",
  clicks: [".sy-tool--model"],
};

const kept: Scene = {
  name: "picker-kept-model",
  messages: [...beforePicker, { type: "choice", choice: { model: sol, effort: "high" } }],
  clicks: [".sy-tool--model"],
  height: 560,
};

const lock: Scene = {
  name: "kept-model",
  messages: [
    ...opening(
      1.26,
      [turn("Create an endpoint", "The route below reads one page at a time.", { answer: answered(sonnet) })],
      "Failed payments",
    ),
    { type: "choice", choice: { model: sonnet } },
  ],
  clicks: ["button.sy-quiet"],
};

export const pickerScenes: readonly Scene[] = [openPicker, kept, lock];
