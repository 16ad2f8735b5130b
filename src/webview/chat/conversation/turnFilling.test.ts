import { describe, expect, it, vi } from "vitest";
import { conversation, type FakeHost, open, turn } from "../../../../test/support/views/fakeHost.ts";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";

const whole = Array.from({ length: 130 }, (_, index) =>
  turn(`t${index}`, `Question ${index}`, { text: `Answer ${index}` }),
);
const texts = whole.map(({ answer }) => answer.text);
/** As the editor sends a long conversation first. */
const outlined = whole.map((each, index) => (index < 80 ? outlineOf(each) : each));

function outlineOf(each: TurnView): TurnView {
  return { ...each, answer: { ...each.answer, text: "" }, isOutline: true };
}

/** Answers the view when it asks for turns. Returns the first of the turns. */
async function load(host: FakeHost): Promise<string | undefined> {
  const request = await vi.waitUntil(() => host.postedOf("loadTurns")[0]);
  host.posted.length = 0;
  const { conversationId, turnIds } = request;
  const turns = whole.filter(({ id }) => turnIds.includes(id));
  await host.send({ type: "turns", conversationId, turns });
  return turns[0]?.id;
}

const answers = (host: FakeHost) =>
  [...host.root.querySelectorAll(".sy-md")].map(({ textContent }) => textContent.trim());

describe("a long conversation of which the editor sends the beginning as outlines", () => {
  it("shows its end, and asks for the other turns from the last to the first", async () => {
    const host = await open(conversation(outlined));
    await expect.poll(() => answers(host)).toEqual(texts.slice(80));
    expect(await load(host)).toBe("t30");
    expect(await load(host)).toBe("t0");
    await expect.poll(() => answers(host)).toEqual(texts);
  });

  it("keeps the turns that it has when it is sent again, with what has changed of them", async () => {
    const host = await open(conversation(outlined));
    await load(host);
    await load(host);
    await expect.poll(() => answers(host)).toEqual(texts);
    const again = outlined.with(5, {
      ...outlineOf(turn("t5", "Question 5", { thumb: "up" })),
      alternatives: { answers: ["t5", "other"], prompts: ["t5"] },
    });
    await host.send(conversation(again));
    expect(host.find('[data-turn="t5"] .sy-pager').textContent).toContain("1 / 2");
    expect(answers(host)).toEqual(texts);
    expect(host.postedOf("loadTurns")).toEqual([]);
  });

  it("leaves turns of another conversation aside", async () => {
    const host = await open(conversation(outlined));
    await host.send({ type: "turns", conversationId: "other", turns: whole });
    await expect.poll(() => answers(host)).toHaveLength(50);
    expect(host.postedOf("loadTurns")).toHaveLength(1);
  });
});
