import { expect } from "vitest";
import { isRecord } from "../../../src/base/isRecord.ts";
import { ask, type Consumer, type Prompt, request, type Seen } from "./answers.ts";
import { type ClientInput, type UpstreamInput, upstreamOf } from "./cases.ts";
import { failureWords } from "./expectations.ts";
import { passTime } from "./time.ts";
import type { CaseWorld } from "./world.ts";

/** The checks of an expectation that `cases.jsonl` words for people, by the case and the expectation's name. */
export type Particulars = {
  /** Expectations that these checks replace. */
  readonly checked: readonly string[];
  /** The text that clients of `serve` get, if it differs from the chat's. */
  readonly endpointText?: string | undefined;
  /** Checks what a consumer got. @param variant 0 for the case itself, 1 for its first variant */
  check?(seen: Seen, world: CaseWorld, asking: Asking): Promise<void>;
  /** Checks the answers to requests of a client: the first one, then the variants. */
  checkAll?(seen: readonly Seen[], input: ClientInput): void;
};

/** How the prompt of a case was sent. */
export type Asking = {
  readonly input: UpstreamInput;
  readonly variant: number;
  readonly consumer: Consumer;
  readonly prompt: Prompt;
};

export const PARTICULARS: Readonly<Record<string, Particulars>> = {
  // A client of `serve` gets the text as it is: the client's own rules for such tags hold.
  "stream-think-tags-in-content": {
    checked: [],
    endpointText: "<think>\nThe user wants 2+2.\n</think>\n\n4",
  },

  // The words of the case, and those of its variant.
  "error-nested-json-in-a-message": {
    checked: ["failureWordsMatch"],
    async check(seen, _, { variant }) {
      expect(failureWords(seen)).toContain(["26528 tokens", "n_keep: 13055 >= n_ctx: 4096"][variant]);
    },
  },

  "stream-done-without-finish-reason-always": {
    checked: [],
    async check({ summary, isComplete }) {
      expect(summary?.ending).toEqual({ kind: "complete", isUnexplained: true });
      expect(isComplete).toBe(true);
    },
  },

  "error-400-for-a-parameter-we-added": {
    checked: [],
    async check({ summary }, world, { consumer, prompt }) {
      expect(summary?.cost.kind).toBe("estimated");
      const { requests } = world.upstream;
      expect(requests).toHaveLength(2);
      await ask(world, consumer, prompt);
      expect(requests).toHaveLength(3);
    },
  },

  "error-groq-413-per-minute-limit": {
    checked: ["attempts", "then"],
    async check(_, world, { consumer }) {
      const [first, again, ...more] = world.upstream.requests.map(({ body }) => maxTokensIn(body));
      expect(first).toBeGreaterThan(0);
      expect(more).toEqual([]);
      if (again !== undefined) expect(again).toBeLessThanOrEqual(3405);
      const before = world.upstream.requests.length;
      world.upstream.play({
        status: 200,
        headers: { "content-type": "text/event-stream" },
        chunks: [
          'data: {"choices": [{"index": 0, "delta": {"content": "ok"}, "finish_reason": "stop"}]}\n\n',
          "data: [DONE]\n\n",
        ],
      });
      await ask(world, consumer, { text: "Hi" });
      expect(world.upstream.requests.length).toBe(before + 1);
    },
  },

  "error-retry-after-as-date-and-broken": {
    checked: ["first", "second"],
    async check(_, world, { variant, consumer, prompt }) {
      const { requests } = world.upstream;
      if (variant === 1) {
        expect(requests.length).toBeLessThanOrEqual(3);
        for (const [index, { atMs }] of requests.slice(1).entries()) {
          expect(atMs - (requests[index]?.atMs ?? 0)).toBeGreaterThanOrEqual(50);
        }
        return;
      }
      expect(requests).toHaveLength(1);
      await passTime(80_000);
      await ask(world, consumer, prompt);
      expect(requests).toHaveLength(1);
      await passTime(15_000);
      await ask(world, consumer, prompt);
      expect(requests).toHaveLength(2);
    },
  },

  "client-browser-tools-and-model-lookups": {
    checked: ["first", "second", "third"],
    checkAll([preflight, lookup, withSlash]) {
      expect([204, 403]).toContain(preflight?.httpStatus);
      expect(lookup?.httpStatus).toBe(200);
      expect(JSON.parse(lookup?.body ?? "")).toMatchObject({ id: "auto", object: "model" });
      expect(withSlash?.httpStatus).toBe(400);
    },
  },

  "models-list-of-a-compatible-server": {
    checked: ["models"],
    async check(_, { providers, upstream }, { input, variant }) {
      upstream.play(upstreamOf(input, input.also?.[variant - 1]));
      const provider = await providers.providerFor("up");
      const { signal } = new AbortController();
      const expected = [input.expect["models"], ["qwen3-coder:30b"], ["bare/one"]][variant];
      expect(await provider?.listModels(signal)).toEqual(expected);
    },
  },

  "client-gemini-signatures-through-the-endpoint": { checked: ["second"] },
  "error-capability-404-is-not-a-missing-model": { checked: ["first", "second"] },
};

/** Expectations for the answers to the first and the second prompt. */
export function expectationOf(input: UpstreamInput, prompt: number): Readonly<Record<string, unknown>> {
  const own = input.expect[["first", "second"][prompt] ?? ""];
  return isRecord(own) ? { ...input.expect, ...own } : input.expect;
}

/** Sends the requests of a client's case: the first one, then the variants. */
export async function requestAll(world: CaseWorld, input: ClientInput): Promise<readonly Seen[]> {
  const { method, path, headers, body, also = [] } = input;
  const all: Seen[] = [];
  for (const variant of [{}, ...also]) {
    const sent = { method, path, headers, body, ...variant };
    all.push(await request(world, sent));
  }
  return all;
}

function maxTokensIn(body: string): number {
  return Number(/"max_(?:completion_)?tokens":\s*(\d+)/.exec(body)?.[1]);
}
