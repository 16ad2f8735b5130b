import { expect, it } from "vitest";
import { startTestServer, user } from "./testServer.ts";

const errorBody = (code: string) => ({ error: { message: "The provider refuses.", code } });

it.each([
  {
    status: 400,
    body: errorBody("context_length_exceeded"),
    expectedStatus: 400,
    code: "context_length_exceeded",
  },
  { status: 400, body: errorBody("content_filter"), expectedStatus: 400, code: "content_filter" },
  { status: 400, body: errorBody("invalid_value"), expectedStatus: 400, code: "invalid_value" },
  { status: 404, body: errorBody("model_not_found"), expectedStatus: 404, code: "model_not_found" },
  {
    status: 429,
    body: errorBody("rate_limit_exceeded"),
    expectedStatus: 429,
    code: "rate_limit_exceeded",
    retryAfter: "3600",
  },
  { status: 401, body: errorBody("invalid_api_key"), expectedStatus: 502, code: "all_models_failed" },
  { status: 403, body: errorBody("forbidden"), expectedStatus: 502, code: "all_models_failed" },
  { status: 429, body: errorBody("insufficient_quota"), expectedStatus: 502, code: "all_models_failed" },
  { status: 503, body: errorBody("overloaded"), expectedStatus: 502, code: "all_models_failed" },
])(
  "reports a provider's $status ($body.error.code) as $expectedStatus with the model's name",
  async (row) => {
    const scene = await startTestServer();
    try {
      const { status, body, retryAfter } = row;
      const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
      scene.simulator.injectFault({ times: "always", fault: { kind: "status", status, body, headers } });
      const response = await scene.chat({ model: "east/sim-cheap", messages: user("Hello.") });
      expect(response.status).toBe(row.expectedStatus);
      expect(response.headers.get("retry-after")).toBe(retryAfter ?? null);
      const { error } = await response.json();
      expect(error.code).toBe(row.code);
      expect(error.message).toMatch(
        /No model completed an answer\. east\/sim-cheap: .*The provider refuses\.$/,
      );
      expect(scene.errors).toEqual([]);
    } finally {
      await scene.close();
    }
  },
);
