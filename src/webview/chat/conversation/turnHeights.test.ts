import { describe, expect, it } from "vitest";
import { conversation, open, turn } from "../../../../test/support/views/fakeHost.ts";

const LINE = "A sentence of about fifty characters, to wrap or not.";

describe("a turn that was never laid out", () => {
  it("keeps a place that grows with its answer, and its group one for all of its turns", async () => {
    const answers = Array.from({ length: 11 }, (_, index) => LINE.concat("\n").repeat(1 + 10 * index));
    const host = await open(
      conversation(answers.map((text, index) => turn(`t${index}`, `Question ${index}`, { text }))),
    );
    const places = () =>
      [...host.root.querySelectorAll<HTMLElement>("article[data-turn], .sy-turns--earlier")].map(
        ({ style }) => Number(/^auto (\d+)px$/.exec(style.containIntrinsicBlockSize)?.[1]),
      );
    await expect.poll(() => places().length).toBe(12);
    await expect.poll(() => places()[0]).toBeGreaterThan(0);
    const [group = 0, ...turns] = places();
    expect(turns).toEqual(turns.toSorted((a, b) => a - b));
    expect((turns[10] ?? 0) - (turns[0] ?? 0)).toBe(100 * 20);
    expect(group).toBeGreaterThan(turns.slice(0, 10).reduce((sum, each) => sum + each, 0));
  });
});
