import { describe, expect, it } from "vitest";
import { Summary } from "./output.ts";

describe("the summary", () => {
  it("counts prompts and adds up costs by route and model, most prompts first", () => {
    const summary = new Summary();
    summary.add({ route: "Hard", model: "openai/a", expectedCostUsd: 0.25 });
    summary.add({ route: "All", model: "openai/b", expectedCostUsd: 0.5 });
    summary.add({ route: "All", model: "openai/b", expectedCostUsd: null });
    summary.add({ route: "All", model: null, expectedCostUsd: null });
    summary.addInvalidLine();
    expect(summary.text()).toBe(
      [
        "route  model       prompts  expected cost",
        "All    openai/b          2  $0.50 and 1 of unknown price",
        "Hard   openai/a          1  $0.25",
        "All    (not sent)        1  $0.00",
        "total                    4  $0.75 and 1 of unknown price",
        "1 invalid line",
        "",
      ].join("\n"),
    );
  });
});
