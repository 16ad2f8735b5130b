import { expect, it } from "vitest";
import { Summary } from "./summary.ts";

it("counts prompts and adds up costs by route and model, the most prompts first", () => {
  const summary = new Summary();
  summary.add({ route: "Hard", model: "openai/a", expectedCostUsd: 0.25 });
  summary.add({ route: "All", model: "openai/b", expectedCostUsd: 0.5 });
  summary.add({ route: "All", model: "openai/b", expectedCostUsd: null });
  summary.add({ route: "All", model: null, expectedCostUsd: null });
  summary.addMalformed();
  expect(summary.text()).toBe(
    [
      "route  model     prompts  expected cost",
      "All    openai/b        2  $0.50 and 1 of unknown price",
      "Hard   openai/a        1  $0.25",
      "All    nobody          1  $0.00",
      "all                    4  $0.75 and 1 of unknown price",
      "1 line could not be read",
      "",
    ].join("\n"),
  );
});
