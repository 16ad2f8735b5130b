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
    ...(kind === "timeout" ? { phase: name.includes("no connection") ? "connect" : "idle" } : {}),
  };
}

function retryText({ retry }: Consequence): string {
  switch (retry.kind) {
    case "never":
      return "no";
    case "after":
      return "once, after that time";
    case "backoff":
      return retry.times === 1 ? "once, with backoff" : "twice at most, with backoff";
  }
}

function pauseText({ breaker, pause }: Consequence): string {
  if (pause === undefined) return breaker === "none" ? "nothing" : `counts for the ${breaker}`;
  const subject = `pauses the ${pause.subject}`;
  switch (pause.reason) {
    case "rate-limit":
      return `${subject} until then`;
    case "quota":
      return `${subject} for ${pause.ms / 60_000} minutes`;
    case "auth":
      return `${subject} until the key changes`;
    case "forbidden":
    case "not-found":
      return `${subject} until the settings change`;
  }
}

const NEXT = { yes: "yes", no: "no", "larger-window": "only a larger window, or an unknown one" } as const;

it("docs/reliability.md describes the failure policy correctly", () => {
  const { text } = documentAt("docs/reliability.md");
  const [, table = ""] = text.split(/<!-- \/?failure policy.*-->/);
  const rows = tableRowsIn(table);
  const expected = rows.map(([name = ""]) => {
    const consequence = consequenceOf(failureOf(name));
    const charged = consequence.mayBeCharged ? "estimated" : "no";
    return [name, retryText(consequence), NEXT[consequence.next], pauseText(consequence), charged];
  });
  expect(rows).toEqual(expected);
});
