import { expect, it } from "vitest";
import { endpointScene, user } from "./testServer.ts";

const said = (code: string) => ({ error: { message: "So it is.", code } });

it.each([
  { status: 400, body: said("context_length_exceeded"), told: 400, code: "context_length_exceeded" },
  { status: 400, body: said("content_filter"), told: 400, code: "content_filter" },
  { status: 400, body: said("invalid_value"), told: 400, code: "invalid_value" },
  { status: 404, body: said("model_not_found"), told: 404, code: "model_not_found" },
  {
    status: 429,
    body: said("rate_limit_exceeded"),
    told: 429,
    code: "rate_limit_exceeded",
    retryAfter: "3600",
  },
  { status: 401, body: said("invalid_api_key"), told: 502, code: "all_models_failed" },
  { status: 403, body: said("forbidden"), told: 502, code: "all_models_failed" },
  { status: 429, body: said("insufficient_quota"), told: 502, code: "all_models_failed" },
  { status: 503, body: said("overloaded"), told: 502, code: "all_models_failed" },
])("a provider's $status ($body.error.code) is told as a $told that names the model", async (row) => {
  const scene = await endpointScene();
  try {
    const { status, body, retryAfter } = row;
    const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
    scene.simulator.injectFault({ times: "always", fault: { kind: "status", status, body, headers } });
    const response = await scene.chat({ model: "east/sim-cheap", messages: user("Hello.") });
    expect(response.status).toBe(row.told);
    expect(response.headers.get("retry-after")).toBe(retryAfter ?? null);
    const { error } = await response.json();
    expect(error.code).toBe(row.code);
    expect(error.message).toMatch(/No model gave a whole answer\. east\/sim-cheap: .*So it is\.$/);
    expect(scene.errors).toEqual([]);
  } finally {
    await scene.close();
  }
});
