import { expect } from "vitest";
import { isRecord } from "../../../src/base/isRecord.ts";
import { nanoUsd } from "../../../src/contract/money.ts";
import type { Seen } from "./answers.ts";
import { type Expectation, patternOf } from "./cases.ts";
import type { CaseWorld } from "./world.ts";

/**
 * Checks what a consumer got against the `expect` of a case.
 * @param ignored names of expectations that the caller checks itself
 * @throws for an expectation without a check, so that none is left out
 */
export async function expectSeen(
  expected: Expectation,
  seen: Seen,
  world: CaseWorld,
  ignored: readonly string[] = [],
): Promise<void> {
  const { anyOf, ...rest } = expected;
  if (Array.isArray(anyOf)) await expectAnyOf(anyOf.filter(isRecord), seen, world);
  for (const [name, value] of Object.entries(rest)) {
    if (ignored.includes(name)) continue;
    const check = CHECKS[name];
    if (check === undefined) throw new Error(`Nothing checks the expectation "${name}".`);
    await check(value, seen, world);
  }
}

async function expectAnyOf(
  alternatives: readonly Expectation[],
  seen: Seen,
  world: CaseWorld,
): Promise<void> {
  const errors: unknown[] = [];
  for (const alternative of alternatives) {
    try {
      return await expectSeen(alternative, seen, world);
    } catch (error) {
      errors.push(error);
    }
  }
  throw new Error(`None of the alternatives holds: ${errors.map(String).join("; ")}`);
}

type Check = (value: unknown, seen: Seen, world: CaseWorld) => void | Promise<void>;

const CHECKS: Readonly<Record<string, Check>> = {
  text: (text, seen) => expect(seen.text).toBe(text),
  reasoning: (reasoning, seen) => expect(seen.reasoning.trim()).toBe(reasoning),
  complete(isComplete, { isComplete: told, summary }) {
    expect({ told, ending: summary?.ending.kind === "complete" }).toEqual({
      told: isComplete,
      ending: isComplete,
    });
  },
  answeredBy(ref, { summary, isComplete }) {
    expect({ model: summary?.modelUsed, isComplete }).toEqual({ model: ref, isComplete: true });
  },
  attempts(counts, _, world) {
    const refs = Object.keys(recordOf(counts));
    expect(Object.fromEntries(refs.map((ref) => [ref, world.requestsTo(ref)]))).toEqual(counts);
  },
  toolCalls(calls, seen) {
    const parsed = seen.toolCalls.map(({ name, argumentsJson }) => [name, JSON.parse(argumentsJson)]);
    expect(parsed).toEqual(calls);
  },
  async breaker(states, _, { ledger }) {
    const health = await ledger.health.snapshot();
    for (const [ref, state] of Object.entries(recordOf(states))) {
      expect(health.get(ref)?.breaker ?? { kind: "closed", failures: 0 }).toEqual({
        kind: state,
        failures: 0,
      });
    }
  },
  usage(usage, { summary }) {
    const { input, cacheRead, output } = recordOf(usage);
    expect(summary?.usage).toMatchObject({
      inputTokens: input,
      cacheReadTokens: cacheRead,
      outputTokens: output,
    });
  },
  costUsd(usd, { summary }) {
    expect(summary?.cost).toEqual({ kind: "exact", nanoUsd: nanoUsd(Number(usd)) });
  },
  wrongUsd(wrong, { summary }) {
    const { cost } = summary ?? {};
    const spent = cost === undefined || cost.kind === "unknown" ? undefined : cost.nanoUsd;
    expect(Array.isArray(wrong) && wrong.map((usd) => nanoUsd(Number(usd)))).not.toContain(spent);
  },
  async spentTodayAtMostUsd(usd, _, { ledger }) {
    expect((await ledger.budget.today()).spentNanoUsd).toBeLessThanOrEqual(nanoUsd(Number(usd)));
  },
  failureWordsMatch: (pattern, seen) => expect(failureWords(seen)).toMatch(patternOf(String(pattern))),
  failureWordsNotMatch: (pattern, seen) => expect(failureWords(seen)).not.toMatch(patternOf(String(pattern))),
  httpStatus(status, seen) {
    if (seen.consumer === "chat") return;
    expect(Array.isArray(status) ? status : [status]).toContain(seen.httpStatus);
  },
  messageMatch: (pattern, seen) => expect(seen.error).toMatch(patternOf(String(pattern))),
  clientSees: (text, seen) => expect(seen.body).toContain(text),
  upstreamBodyMatch: (pattern, _, world) => expect(lastBody(world)).toMatch(patternOf(String(pattern))),
  upstreamBodyNotMatch: (pattern, _, world) =>
    expect(lastBody(world)).not.toMatch(patternOf(String(pattern))),
  maxMs: (ms, seen) => expect(seen.tookMs).toBeLessThanOrEqual(Number(ms)),
  attemptsPerPrompt: (count, seen) => expect(seen.summary?.attempts).toHaveLength(Number(count)),
  /** The model that should answer, where several may. */
  best: (ref, { summary }) => expect(summary?.modelUsed).toBe(ref),
};

/** The words of all failures of an answer. */
export function failureWords({ summary, error }: Seen): string {
  const failures = summary?.attempts.map(({ outcome }) =>
    outcome.kind === "failed" ? outcome.failure.message : "",
  );
  return [...(failures ?? []), error].join("\n");
}

function lastBody({ upstream }: CaseWorld): string {
  return upstream.requests.at(-1)?.body ?? "";
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
