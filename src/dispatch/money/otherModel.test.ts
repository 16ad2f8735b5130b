import { expect, it } from "vitest";
import { unknownCard } from "../../models/catalogue.ts";
import { otherModelOf } from "./otherModel.ts";

it.each([
  ["openai/gpt-4o", "gpt-4o-2024-08-06"],
  ["anthropic/claude-opus-4-5", "claude-opus-4-5-20251101"],
  ["mistral/mistral-large-latest", "mistral-large-2411"],
  ["google/gemini-3-pro", "models/gemini-3-pro-001"],
  ["openrouter/openai/gpt-4o", "GPT-4o"],
  ["vertex/claude-opus-4-5", "claude-opus-4-5@20251101"],
])("takes the answer of %s under the name %s for its own", (ref, name) => {
  expect(otherModelOf(name, unknownCard(ref))).toBeUndefined();
});

it.each([
  ["openai/gpt-4o-mini", "gpt-4o"],
  ["openai/gpt-4o", "gpt-4o-mini"],
  ["openrouter/small", "vendor/very-dear"],
])("takes the answer of %s under the name %s for that of another model", (ref, name) => {
  expect(otherModelOf(name, unknownCard(ref))).toBe(`${ref.split("/")[0]}/${name}`);
});

it("knows a deployment by the name of its model too", () => {
  const card = { ...unknownCard("azure/gpt-4o"), wireName: "my-deployment" };
  expect(otherModelOf("gpt-4o-2024-08-06", card)).toBeUndefined();
  expect(otherModelOf("my-deployment", card)).toBeUndefined();
});

it("does not compare the names of local models", () => {
  expect(otherModelOf("/models/qwen.gguf", { ...unknownCard("ollama/qwen"), local: true })).toBeUndefined();
});
