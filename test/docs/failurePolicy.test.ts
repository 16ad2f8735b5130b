import { expect, it } from "vitest";
import type { FailureRecord } from "../../src/contract/failure.ts";
import { type Consequence, consequenceOf } from "../../src/dispatch/failurePolicy.ts";
import { documentAt, tableRowsIn } from "./documents.ts";

/** The failures of the rows, by what the first column starts with. */
function failureOf(name: string): FailureRecord {
  const kind = /^`([\w-]+)`/.exec(name)?.[1] as FailureRecord["kind"];
  return {
    kind,
    provider: "p",
    message: "",
    ...(name.includes("with `Retry-After`") ? { retryAfterMs: 1000 } : {}),
    ...(name.includes("no network") ? { isOffline: true } : {}),
    ...(name.includes("left out") ? { isAdaptable: true } : {}),
    ...(kind === "timeout" ? { phase: name.includes("no connection") ? "connect" : "idle" } : {}),
  };
}

function retryText({ retry }: Consequence): string {
  switch (retry.kind) {
    case "never":
      return "no";
    case "after":
      return "once, after that time, if it is at most 3 s or no other model can answer";
    case "adapted":
      return "once, without it";
    case "smaller-output":
      return "once, with a smaller output limit if that fits";
    case "backoff":
      return retry.times === 1 ? "once, with backoff" : "twice at most, with backoff";
  }
}

function pauseText(kind: FailureRecord["kind"], { breaker, pause }: Consequence): string {
  if (kind === "capability") return "skips the model for such requests";
  if (pause === undefined) return breaker === "none" ? "nothing" : `counts for the ${breaker}`;
  const subject = `pauses the ${pause.subject}`;
  switch (pause.reason) {
    case "rate-limit":
      return `${subject} until then`;
    case "quota":
      return `${subject}, or the model that it names, until the time that it names, else for ${pause.ms / 60_000} minutes`;
    case "auth":
      return `${subject} until the key changes`;
    case "forbidden":
    case "not-found":
      return `${subject} until the settings change`;
  }
}

const NEXT = {
  yes: "yes",
  no: "no",
  "larger-window": "only a larger window, or an unknown one",
  "unless-rejected": "yes, unless another model rejected it too",
  "other-provider": "yes, of another provider",
  local: "only a local one",
} as const;

it("docs/reliability.md describes the failure policy correctly", () => {
  const { text } = documentAt("docs/reliability.md");
  const [, table = ""] = text.split(/<!-- \/?failure policy.*-->/);
  const rows = tableRowsIn(table);
  const expected = rows.map(([name = ""]) => {
    const failure = failureOf(name);
    const consequence = consequenceOf(failure);
    const charged = consequence.mayBeCharged ? "estimated" : "no";
    return [
      name,
      retryText(consequence),
      NEXT[consequence.next],
      pauseText(failure.kind, consequence),
      charged,
    ];
  });
  expect(rows).toEqual(expected);
});
