import { describe, expect, it } from "vitest";
import { attempt, decision, summary } from "../../../../test/support/answers.ts";
import { conversation, ended, open, turn, writing } from "../../../../test/support/fakeHost.ts";
import type { ToView, TurnView } from "../../../contract/view/protocol.ts";

describe("an answer", () => {
  it("is painted as it comes, and says so to nobody until it is finished", async () => {
    const host = await writing();
    expect(host.find(".sy-md").textContent).toBe("Because **of");
    expect(host.find("[aria-busy=true].sy-turn").getAttribute("aria-label")).toBe(
      "Answer by gpt-6-luna, still being written",
    );
    await host.send({ type: "text", turnId: "t1", text: " that**" }, ended("t1"));
    expect(host.find(".sy-md").innerHTML).toBe("<p>Because <strong>of that</strong></p>");
    expect(host.find("[role=status]").textContent).toBe("Answer finished. gpt-6-luna, $0.0021.");
    expect(host.find("button.sy-quiet").textContent).toContain("gpt-6-lunaLow complexity$0.00212.4\u00a0s");
  });

  it("is stopped by Escape and by the button", async () => {
    const host = await writing();
    await host.press("Escape");
    await host.click(host.button("Stop"));
    expect(host.postedOf("stop")).toHaveLength(2);
    expect(document.activeElement).toBe(host.input);
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    expect(host.root.textContent).toContain("Stopped by you. This answer is not complete.");
  });

  it("that broke is never shown as complete", async () => {
    const host = await writing();
    const failure = { kind: "cut", provider: "openai", message: "socket hang up" } as const;
    await host.send(ended("t1", { ending: { kind: "failed", failure } }));
    expect(host.root.textContent).toContain(
      "The connection to gpt-6-luna broke. This answer is not complete.",
    );
    await host.click(host.button("Try again"));
    expect(host.posted).toContainEqual({ type: "retry", turnId: "t1" });
  });

  it("that nobody saw end is not still being written", async () => {
    const torn = turn("t1", "Why?", { text: "Because" });
    const host = await open(conversation([torn, turn("t2", "And?", { text: "So" })]));
    expect(host.root.querySelector("[aria-busy=true]")).toBeNull();
    expect(host.root.querySelector(".sy-spin")).toBeNull();
    const answers = [...host.root.querySelectorAll("article[aria-busy]")];
    expect(answers.map((each) => each.getAttribute("aria-label"))).toEqual([
      "Answer by gpt-6-luna, not complete",
      "Answer by gpt-6-luna, not complete",
    ]);
    expect(answers[0]?.textContent).toContain("BecauseThis answer is not complete. gpt-6-luna");
    await host.click(host.button("Try again"));
    expect(host.postedOf("retry")).toEqual([{ type: "retry", turnId: "t2" }]);
  });

  it("that is asked again is being written again", async () => {
    const host = await open(conversation([turn("t1", "Why?", { text: "Because" })]));
    await host.send({
      type: "turn",
      conversationId: "c",
      title: "Title",
      isPrivate: false,
      turn: turn("t1", "Why?"),
    });
    expect(host.find("[aria-busy=true].sy-turn").textContent).not.toContain("not complete");
    expect(host.root.querySelector(".sy-spin")).not.toBeNull();
  });

  it("that reached a limit can be continued", async () => {
    const host = await writing();
    await host.send(ended("t1", { ending: { kind: "complete", limitedBy: "ours" } }));
    await host.click(host.button("Continue"));
    expect(host.posted).toContainEqual({ type: "continue", turnId: "t1" });
  });

  it("that starts anew leaves nothing of the first try", async () => {
    const host = await writing();
    await host.send({ type: "restarted", turnId: "t1" });
    await host.send({ type: "text", turnId: "t1", text: "Since" });
    expect(host.find(".sy-md").textContent).toBe("Since");
  });

  it("hands its links, code and text to the host", async () => {
    const text = "[x](https://example.com/a)\n\n```ts\nlet a;\n```";
    const host = await open(conversation([turn("t1", "q", { text, summary: summary() })]));
    await host.click(host.find(".sy-md a"));
    await host.click(host.button("Copy"));
    await host.click(host.button("Insert at cursor"));
    await host.click(host.button("Copy answer"));
    await host.click(host.button("Good answer"));
    expect(host.posted.slice(1)).toEqual([
      { type: "openLink", href: "https://example.com/a" },
      { type: "copy", text: "let a;" },
      { type: "insert", text: "let a;" },
      { type: "copy", text },
      { type: "thumb", turnId: "t1", thumb: "up" },
    ]);
  });

  it("tells models apart by their provider only where they would read the same", async () => {
    const chain = [{ ref: "openai/gpt-4o" }, { ref: "azure/gpt-4o" }] as const;
    const host = await open(
      conversation([
        turn("t1", "q", {
          text: "a",
          decision: decision({ outcome: { kind: "chosen", chain } }),
          summary: summary({ modelUsed: "azure/gpt-4o" }),
        }),
        turn("t2", "q", { text: "b", summary: summary() }),
      ]),
    );
    const names = [...host.root.querySelectorAll(".sy-foot .sy-part--model")].map((each) => each.textContent);
    expect(names).toEqual(["azure/gpt-4o", "gpt-6-luna"]);
  });
});

describe("an answer that was torn", () => {
  const first = "openai/gpt-6-luna";
  const second = "openai/gpt-6.1-terra";
  const third = "anthropic/claude-haiku-5-5";
  const note = "The connection to gpt-6-luna broke here. gpt-6.1-terra continued.";
  const seam = { at: 4, from: first, to: second };
  const cut = { kind: "cut", provider: "openai", message: "socket hang up" } as const;

  function underway(change: Partial<TurnView["answer"]>): ToView {
    const { text: _, ...answer } = turn("t1", "Why?", change).answer;
    return { type: "answer", turnId: "t1", busy: true, answer };
  }

  it("says at its place that another model continued, while it is written and once it has ended", async () => {
    const host = await writing("one ");
    await host.send(underway({ fallbacks: [{ from: first, to: second, failure: cut }] }));
    expect(host.find("[role=status]").textContent).toContain("so gpt-6.1-terra was asked.");
    await host.send(underway({ handoffs: [seam] }));
    expect(host.find(".sy-md").textContent).toBe(`one${note}`);
    expect(host.find("[role=status]").textContent).toBe(note);
    expect(host.find("[aria-busy=true].sy-turn").getAttribute("aria-label")).toBe(
      "Answer by gpt-6-luna, continued by gpt-6.1-terra, still being written",
    );
    expect(host.find(".sy-foot .sy-part--model").textContent).toBe("gpt-6.1-terra");
    await host.send({ type: "text", turnId: "t1", text: "two" });
    expect(host.find(".sy-md").textContent).toBe(`one ${note}two`);
    const { answer, ...end } = ended("t1", { modelUsed: second });
    await host.send({ ...end, answer: { ...answer, handoffs: [seam] } });
    expect([...host.find(".sy-md").children].map(({ textContent }) => textContent)).toEqual([
      "one ",
      note,
      "two",
    ]);
    expect(host.root.querySelectorAll(".sy-note")).toHaveLength(1);
    expect(host.find(".sy-turn[aria-busy]").getAttribute("aria-label")).toBe(
      "Answer by gpt-6-luna, continued by gpt-6.1-terra",
    );
    expect(host.find("[role=status]").textContent).toBe("Answer finished. gpt-6.1-terra, $0.0021.");
  });

  it("says so in a conversation that is opened again, at each of its seams, and is copied without", async () => {
    const text = "one two\n\n```ts\nlet a = 1;\n```";
    const seams = [seam, { at: 20, from: second, to: third }];
    const host = await open(
      conversation([turn("t1", "q", { text, handoffs: seams, summary: summary({ modelUsed: third }) })]),
    );
    expect(
      [...host.find(".sy-md").children].map(({ className, localName }) => className || localName),
    ).toEqual(["p", "sy-note sy-note--handoff", "p", "sy-code", "sy-note sy-note--handoff"]);
    expect(host.find(".sy-turn[aria-busy]").getAttribute("aria-label")).toBe(
      "Answer by gpt-6-luna, continued by gpt-6.1-terra, claude-haiku-5-5",
    );
    await host.click(host.button("Copy answer"));
    await host.click(host.button("Copy"));
    await host.click(host.button("Insert at cursor"));
    expect(host.posted.slice(1)).toEqual([
      { type: "copy", text },
      { type: "copy", text: "let a = 1;" },
      { type: "insert", text: "let a = 1;" },
    ]);
  });

  it("leaves no seam behind when it starts anew", async () => {
    const host = await writing("one ");
    await host.send(underway({ handoffs: [seam] }), { type: "text", turnId: "t1", text: "two" });
    await host.send(
      { type: "restarted", turnId: "t1" },
      { type: "text", turnId: "t1", text: "From the start" },
    );
    expect(host.find(".sy-md").textContent).toBe("From the start");
  });

  it("names who is asked next where it is torn once more", async () => {
    const host = await writing("one ");
    const fallbacks = [{ from: second, to: third, failure: cut }];
    await host.send(underway({ handoffs: [seam] }), underway({ handoffs: [seam], fallbacks }));
    expect(host.find(".sy-foot .sy-part--model").textContent).toBe("claude-haiku-5-5");
    await host.send(underway({ handoffs: [seam], fallbacks: [{ from: second, to: first, failure: cut }] }));
    expect(host.find("[role=status]").textContent).toContain("so gpt-6-luna was asked.");
  });

  it("and that nobody could go on with, stays, is not complete and can be asked again", async () => {
    const host = await writing("one ");
    const { answer, ...end } = ended("t1", {
      ending: { kind: "failed", failure: cut },
      attempts: [
        attempt(first, { kind: "failed", failure: cut }),
        attempt(second, { kind: "not-resumed" }, "anchor"),
      ],
    });
    const fallbacks = [{ from: first, to: second, failure: cut }];
    await host.send({ ...end, answer: { ...answer, fallbacks } });
    const article = host.find(".sy-turn[aria-busy]");
    expect(article.getAttribute("aria-label")).toBe("Answer by gpt-6-luna, not complete");
    expect(host.find(".sy-md").textContent).toBe("one");
    expect([...article.querySelectorAll(".sy-note")].map(({ textContent }) => textContent)).toEqual([
      "The connection to gpt-6-luna broke, and no other model could continue. This answer is not complete. Try again",
    ]);
    await host.click(host.button("Try again"));
    expect(host.posted).toContainEqual({ type: "retry", turnId: "t1" });
  });

  it("and that the next model refused to go on with, says who refused", async () => {
    const host = await writing("one ");
    const refused = { kind: "refused", provider: "anthropic", message: "No." } as const;
    await host.send(
      ended("t1", {
        ending: { kind: "failed", failure: refused },
        attempts: [
          attempt(first, { kind: "failed", failure: cut }),
          attempt(third, { kind: "failed", failure: refused }, "prefill"),
        ],
      }),
    );
    expect(host.root.textContent).toContain(
      "claude-haiku-5-5 refused to continue. This answer is not complete.",
    );
    expect(host.find("[role=status]").textContent).toBe("claude-haiku-5-5 refused to answer");
  });
});

describe("Why this model?", () => {
  it("opens with the sentence, and holds every candidate with its figures", async () => {
    const { outcome } = decision();
    const host = await open(
      conversation([
        turn("t1", "q", {
          text: "a",
          decidedInMs: 1.84,
          decision: decision({
            outcome,
            skipped: [
              { ref: "azure/gpt-4o", reason: "no-key", provider: "azure" },
              { ref: "ollama/q", reason: "below-min-quality", quality: 0.55, minQuality: 0.6 },
            ],
          }),
          summary: summary(),
        }),
      ]),
    );
    await host.click(host.find("button.sy-quiet"));
    const why = host.find(".sy-why").textContent;
    expect(host.find("button.sy-quiet").getAttribute("aria-expanded")).toBe("true");
    expect(why).toContain("the prompt is simple");
    expect(why).toContain("Low, from its length: 12 characters");
    expect(why).toContain("1.8\u00a0ms");
    expect(why).toContain("azure/gpt-4oNo key is set. Add a key…");
    expect(why).toContain("ollama/qQuality 0.55, this route asks for 0.60");
    await host.click(host.button("Copy decision"));
    expect(host.posted).toContainEqual({ type: "copyDecision", turnId: "t1" });
  });
});
