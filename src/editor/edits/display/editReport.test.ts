import { describe, expect, it, vi } from "vitest";
import { attempt, decision, summary } from "../../../../test/support/answers.ts";
import type { EditTry } from "../../../assistant/edits/selected/runEdit.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));
const { editReport } = await import("./editReport.ts");

const tried = (ref: string, nanoUsd: number, change: Parameters<typeof decision>[0] = {}): EditTry => ({
  decision: decision({
    outcome: { kind: "chosen", chain: [{ ref, expectedNanoUsd: nanoUsd, quality: 0.6 }] },
    ...change,
  }),
  summary: summary({
    modelUsed: ref,
    cost: { kind: "exact", nanoUsd },
    attempts: [attempt(ref, { kind: "answered" })],
  }),
});
const first = tried("a/cheap", 400_000);
const escalation = {
  decisionId: "d",
  from: "a/cheap",
  to: { ref: "b/strong" },
  reason: "new-errors",
  newErrors: 2,
  by: "quality",
} as const;
const second = tried("b/strong", 12_000_000, {
  attributes: { ...first.decision.attributes, escalation },
});

describe("“Why this model?” of an edit", () => {
  it("lists each step with its model, its reason and its cost, and explains each", () => {
    const report = editReport([first, second]).replaceAll(/ +/g, " ");
    expect(report).toContain("| 1 | cheap | First try | about $0.00040 | $0.00040 |");
    expect(report).toContain("| 2 | strong | Escalated: 2 new errors | about $0.012 | $0.012 |");
    expect(report).toContain("Total: $0.012");
    expect(report).toContain("The edit by cheap led to 2 new errors, so a stronger model was asked.");
    expect(report).toContain("- **Picked by:** The step to a stronger model: 2 new errors");
    expect(report).toContain("- **b/strong:** First choice, answered.");
  });

  it("names a request that was stopped, and text of others is no Markdown", () => {
    const stopped: EditTry = {
      ...second,
      summary: summary({ modelUsed: undefined, ending: { kind: "stopped" }, attempts: [] }),
    };
    expect(editReport([first, stopped])).toMatch(/\| 2\s*\| Stopped\s*\| Escalated/);
    const hostile = tried("a/cheap", 1, {
      route: { kind: "settings", name: "![x](http://x)", index: 0 },
    });
    expect(editReport([hostile])).not.toContain("![x](");
  });
});
