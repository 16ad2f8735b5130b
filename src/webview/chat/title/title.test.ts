import { describe, expect, it } from "vitest";
import { attempt, summary } from "../../../../test/support/answers.ts";
import { conversation, ended, open, turn } from "../../../../test/support/views/fakeHost.ts";

function usage(inputTokens: number, cacheReadTokens: number, outputTokens: number) {
  return { inputTokens, cacheReadTokens, cacheWriteTokens: 0, outputTokens, reasoningTokens: 0 };
}

const first = summary({
  cost: { kind: "exact", nanoUsd: 20_000_000 },
  tookMs: 2_000,
  attempts: [
    {
      ...attempt("openai/gpt-6-luna", {
        kind: "failed",
        failure: { kind: "overloaded", provider: "openai", message: "Busy" },
      }),
      usage: usage(1_000, 0, 0),
    },
    { ...attempt("openai/gpt-6-luna", { kind: "answered" }), usage: usage(1_000, 600, 200) },
  ],
});
const second = summary({ cost: { kind: "estimated", nanoUsd: 14_000_000 }, tookMs: 1_000 });
const blocked = summary({ ending: { kind: "not-sent", reason: { kind: "no-model-available" } } });

describe("the title row", () => {
  const turns = [
    turn("t1", "First?", { text: "One.", summary: first }),
    turn("t2", "Second?", { text: "Two.", summary: second }),
    turn("t3", "Third?", { summary: blocked }),
  ];

  it("shows what the answers cost together and their tokens, and opens to a row for each", async () => {
    const host = await open(conversation(turns));
    const total = host.find<HTMLButtonElement>(".sy-head-total");
    expect(total.textContent).toBe("Cost and tokens of this conversation ≈ $0.0342.2k\u00a0tokens");
    await host.click(total);
    expect(total.getAttribute("aria-expanded")).toBe("true");
    const rows = [...host.root.querySelectorAll(".sy-answers tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    expect(rows).toEqual([
      ["gpt-6-luna", "1.4k", "600", "200", "$0.020", "2.0\u00a0s"],
      ["gpt-6-luna", "–", "–", "–", "≈ $0.014", "1.0\u00a0s"],
      ["Total", "1.4k", "600", "200", "≈ $0.034", "3.0\u00a0s"],
    ]);
  });

  it("says that the amount is incomplete if the cost of an answer is not known", async () => {
    const unknown = summary({ cost: { kind: "unknown" } });
    const host = await open(conversation([...turns, turn("t4", "Why?", { text: "So.", summary: unknown })]));
    expect(host.find(".sy-head-total .sy-part").textContent).toBe("at least $0.034");
  });

  it("shows the limit of the conversation, and what replaced answers cost and their tokens too", async () => {
    const host = await open(conversation(turns));
    const replaced = { inputTokens: 1_000, cachedTokens: 400, outputTokens: 300 };
    const budget = { conversationId: "c", spentNanoUsd: 50_000_000, replaced };
    await host.send({ type: "conversationBudget", budget: { ...budget, budgetNanoUsd: 500_000_000 } });
    expect(host.find(".sy-head-total .sy-part").textContent).toBe("≈ $0.050 / $0.50");
    expect(host.find(".sy-head-total .sy-part--tokens").textContent).toBe("3.9k\u00a0tokens");
    await host.click(host.find(".sy-head-total"));
    const rows = [...host.root.querySelectorAll(".sy-answers tbody tr")].map((row) => row.textContent);
    expect(rows.slice(-2)).toEqual(["Replaced answers1k400300$0.016–", "Total2.4k1k500≈ $0.0503.0\u00a0s"]);
    await host.send({
      type: "conversationBudget",
      budget: { ...budget, conversationId: "other", budgetNanoUsd: null },
    });
    expect(host.find(".sy-head-total .sy-part").textContent).toBe("≈ $0.034");
  });

  it("adds an answer when it ends", async () => {
    const host = await open(conversation(turns));
    await host.send({
      type: "turn",
      conversationId: "c",
      title: "Title",
      isPrivate: false,
      turn: turn("t4", "Fourth?"),
    });
    expect(host.find(".sy-head-total .sy-part").textContent).toBe("≈ $0.034");
    await host.send(ended("t4", { cost: { kind: "exact", nanoUsd: 6_000_000 } }));
    expect(host.find(".sy-head-total .sy-part").textContent).toBe("≈ $0.040");
  });

  it("scrolls to the answer of a row, which takes the focus, and closes with Escape", async () => {
    const host = await open(conversation(turns));
    await host.click(host.find(".sy-head-total"));
    const answer = host.find('article[data-turn="t2"]');
    const log = host.find(".sy-log");
    log.getBoundingClientRect = () => new DOMRect(0, 40);
    answer.getBoundingClientRect = () => new DOMRect(0, 240 - log.scrollTop);
    const [, row] = host.root.querySelectorAll<HTMLElement>(".sy-answers-open");
    if (row === undefined) throw new Error("There is no second row");
    await host.click(row);
    expect(log.scrollTop).toBe(200);
    expect(document.activeElement).toBe(answer);
    await host.press("Escape", {}, row);
    expect(host.root.querySelector(".sy-answers")).toBeNull();
    expect(host.postedOf("stop")).toEqual([]);
  });

  it("opens VS Code's menu for the conversation, and shows its new title", async () => {
    const host = await open(conversation(turns));
    let context: unknown;
    document.addEventListener(
      "contextmenu",
      ({ target }) => {
        const holder = target instanceof Element ? target.closest("[data-vscode-context]") : null;
        context = JSON.parse(holder?.getAttribute("data-vscode-context") ?? "null");
      },
      { once: true },
    );
    await host.click(host.button("More actions"));
    expect(context).toMatchObject({ webviewSection: "conversation", conversationId: "c" });
    await host.send({ type: "header", id: "c", title: "New title", isPinned: true });
    expect(host.find(".sy-head-title").textContent).toBe("New title");
    expect(host.find(".sy-title").dataset["vscodeContext"]).toContain('"switchyardIsPinned":true');
  });
});
