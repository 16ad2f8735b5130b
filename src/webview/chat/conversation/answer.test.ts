import { describe, expect, it } from "vitest";
import { attempt, decision, summary } from "../../../../test/support/answers.ts";
import { conversation, ended, open, turn, writing } from "../../../../test/support/views/fakeHost.ts";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";

describe("an answer", () => {
  it("is painted as it arrives, and announced only when it is finished", async () => {
    const host = await writing();
    expect(host.find(".sy-md").textContent).toBe("Because **of");
    expect(host.find("[aria-busy=true].sy-turn").getAttribute("aria-label")).toBe(
      "Answer by gpt-6-luna, still being written",
    );
    await host.send({ type: "text", turnId: "t1", text: " that**" }, ended("t1"));
    expect(host.find(".sy-md").innerHTML).toBe('<p dir="auto">Because <strong>of that</strong></p>');
    expect(host.find("[role=status]").textContent).toBe("Answer finished. gpt-6-luna, $0.0021.");
    expect(host.find("button.sy-quiet").textContent).toContain("gpt-6-lunaLow complexity$0.00212.4\u00a0s");
  });

  it("shows how long it has been written", async () => {
    const host = await writing();
    expect(host.find(".sy-foot").textContent).toContain("0\u00a0s");
    await host.advance(3000);
    expect(host.find(".sy-foot").textContent).toContain("3\u00a0s");
  });

  it("shows for a moment that its code was copied", async () => {
    const text = "```ts\nlet a;\n```";
    const host = await open(conversation([turn("t1", "q", { text, summary: summary() })]));
    await host.click(host.button("Copy"));
    expect(host.root.querySelector(".sy-code .codicon-check")).not.toBeNull();
    await host.advance(1500);
    expect(host.root.querySelector(".sy-code .codicon-check")).toBeNull();
  });

  it("copies a whole document that holds fences itself", async () => {
    const document = "# Tool\n\nInstall:\n\n```bash\nnpm install\n```\n\nUse:\n\n```js\nrun();\n```\n\nDone.";
    const answer = `Here is the file:\n\n\`\`\`markdown\n${document}\n\`\`\`\n\nTell me if you need more.`;
    const host = await writing("");
    for (const piece of answer.match(/[\s\S]{1,7}/g) ?? []) {
      await host.send({ type: "text", turnId: "t1", text: piece });
    }
    await host.send(ended("t1"));
    expect([...host.root.querySelectorAll(".sy-md > p")].map(({ textContent }) => textContent)).toEqual([
      "Here is the file:",
      "Tell me if you need more.",
    ]);
    expect(host.root.querySelectorAll(".sy-code")).toHaveLength(1);
    await host.click(host.button("Copy"));
    expect(host.postedOf("copy")).toEqual([{ type: "copy", text: document }]);
  });

  it("is stopped by Escape and by the button", async () => {
    const host = await writing();
    await host.press("Escape");
    await host.click(host.button("Stop"));
    expect(host.postedOf("stop")).toHaveLength(2);
    expect(document.activeElement).toBe(host.input);
    await host.send(ended("t1", { ending: { kind: "stopped" } }));
    expect(host.root.textContent).toContain("Stopped by you. This answer is not complete.");
    await host.click(host.button("Continue"));
    await host.click(host.button("Try again"));
    expect(host.posted.slice(-2)).toEqual([
      { type: "continue", turnId: "t1" },
      { type: "retry", turnId: "t1" },
    ]);
  });

  it("is shown as another window writes it, with a note, until it has ended", async () => {
    const host = await open(conversation([turn("t1", "Why?", { summary: summary() })]));
    const header = { conversationId: "c", title: "Better", isPrivate: false };
    const sync = (text: string, busyTurnId: string | null) =>
      host.send({
        type: "synced",
        ...header,
        turns: [turn("t2", "And?", { text, ...(busyTurnId === null ? { summary: summary() } : {}) })],
        busyTurnId,
      });
    await sync("Half", "t2");
    const answer = () => [...host.root.querySelectorAll("article[aria-busy]")].at(-1);
    expect(answer()?.textContent).toContain("HalfAnother window is writing this answer.");
    expect(answer()?.getAttribute("aria-busy")).toBe("true");
    expect(host.find("h1").textContent).toBe("Better");
    await host.click(host.button("Stop"));
    expect(host.postedOf("stop")).toHaveLength(1);
    await sync("Whole", null);
    expect(host.find("[role=status]").textContent).toMatch(/^Answer finished\. gpt-6-luna/);
    expect(answer()?.textContent).toContain("Whole");
    expect(host.root.textContent).not.toContain("Another window");
    expect(answer()?.getAttribute("aria-busy")).toBe("false");
    await host.send({ type: "synced", ...header, conversationId: "other", turns: [], busyTurnId: "t9" });
    expect(host.find("h1").textContent).toBe("Better");
  });

  it("is not shown as complete after it broke", async () => {
    const host = await writing();
    const failure = { kind: "cut", provider: "openai", message: "socket hang up" } as const;
    await host.send(ended("t1", { ending: { kind: "failed", failure } }));
    expect(host.root.textContent).toContain(
      "The connection to gpt-6-luna broke. This answer is not complete.",
    );
    await host.click(host.button("Try again"));
    expect(host.posted).toContainEqual({ type: "retry", turnId: "t1" });
  });

  it("is not shown as stopped by the user when the window was reloaded", async () => {
    const ending = { kind: "stopped", interrupted: true } as const;
    const host = await open(conversation([turn("t1", "Why?", { text: "So", summary: summary({ ending }) })]));
    const answer = host.find("article[aria-busy]");
    expect(answer.getAttribute("aria-label")).toBe("Answer by gpt-6-luna, not complete");
    expect(answer.textContent).toContain(
      "SoInterrupted when the window was reloaded. This answer is not complete. Continue Try again",
    );
    await host.click(host.button("Continue"));
    expect(host.postedOf("continue")).toEqual([{ type: "continue", turnId: "t1" }]);
  });

  it("is shown as incomplete, not as being written, after an interruption", async () => {
    const interrupted = turn("t1", "Why?", { text: "Because" });
    const host = await open(conversation([interrupted, turn("t2", "And?", { text: "So" })]));
    expect(host.root.querySelector("[aria-busy=true]")).toBeNull();
    expect(host.root.querySelector(".sy-spin")).toBeNull();
    const answers = [...host.root.querySelectorAll("article[aria-busy]")];
    expect(answers.map((each) => each.getAttribute("aria-label"))).toEqual([
      "Answer by gpt-6-luna, not complete",
      "Answer by gpt-6-luna, not complete",
    ]);
    const note = "Interrupted when the window was reloaded. This answer is not complete.";
    expect(answers[0]?.textContent).toContain(`Because${note}`);
    await host.click(host.button("Try again"));
    await host.click(host.button("Continue"));
    expect(host.postedOf("retry")).toEqual([{ type: "retry", turnId: "t2" }]);
    expect(host.postedOf("continue")).toEqual([{ type: "continue", turnId: "t2" }]);
  });

  it("is shown as being written after a retry", async () => {
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

  it("says if its server did not report why it ended", async () => {
    const host = await writing();
    await host.send(ended("t1", { ending: { kind: "complete", isUnexplained: true } }));
    expect(host.root.textContent).toContain(
      "Its server did not report why it ended. It may not be complete.",
    );
  });

  it("can be continued after it reached its output limit", async () => {
    const host = await writing();
    await host.send(ended("t1", { ending: { kind: "complete", limitedBy: "budget" } }));
    expect(host.root.textContent).toContain("Stopped where the rest of the budget was used up.");
    await host.click(host.button("Continue"));
    expect(host.posted).toContainEqual({ type: "continue", turnId: "t1" });
  });

  it("removes its first text when it is restarted", async () => {
    const host = await writing();
    await host.send({ type: "restarted", turnId: "t1" });
    await host.send({ type: "text", turnId: "t1", text: "Since" });
    expect(host.find(".sy-md").textContent).toBe("Since");
  });

  it("sends its links, code and text to the editor", async () => {
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
      {
        type: "useCode",
        use: "insert",
        code: { text: "let a;", language: "ts", before: "x" },
        turnId: "t1",
      },
      { type: "copy", text },
      { type: "thumb", turnId: "t1", thumb: "up" },
    ]);
  });

  it("names the provider of a model only where two models have the same name", async () => {
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

describe("an answer whose stream broke", () => {
  const first = "openai/gpt-6-luna";
  const second = "openai/gpt-6.1-terra";
  const third = "anthropic/claude-haiku-5-5";
  const note = "The connection to gpt-6-luna broke here. gpt-6.1-terra continued.";
  const handoff = { at: 4, from: first, to: second };
  const cut = { kind: "cut", provider: "openai", message: "socket hang up" } as const;

  function inProgress(change: Partial<TurnView["answer"]>): ToView {
    const { text: _, ...answer } = turn("t1", "Why?", change).answer;
    return { type: "answer", turnId: "t1", busy: true, answer };
  }

  it("shows where another model continued, while it is written and after it has ended", async () => {
    const host = await writing("one ");
    await host.send(inProgress({ fallbacks: [{ from: first, to: second, failure: cut }] }));
    expect(host.find("[role=status]").textContent).toContain("so gpt-6.1-terra was asked.");
    await host.send(inProgress({ handoffs: [handoff] }));
    expect(host.find(".sy-md").textContent).toBe(`one${note}`);
    expect(host.find("[role=status]").textContent).toBe(note);
    expect(host.find("[aria-busy=true].sy-turn").getAttribute("aria-label")).toBe(
      "Answer by gpt-6-luna, continued by gpt-6.1-terra, still being written",
    );
    expect(host.find(".sy-foot .sy-part--model").textContent).toBe("gpt-6.1-terra");
    await host.send({ type: "text", turnId: "t1", text: "two" });
    expect(host.find(".sy-md").textContent).toBe(`one ${note}two`);
    const { answer, ...end } = ended("t1", { modelUsed: second });
    await host.send({ ...end, answer: { ...answer, handoffs: [handoff] } });
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

  it("shows every handoff in a reopened conversation, and is copied without the notes", async () => {
    const text = "one two\n\n```ts\nlet a = 1;\n```";
    const handoffs = [handoff, { at: 20, from: second, to: third }];
    const host = await open(
      conversation([turn("t1", "q", { text, handoffs, summary: summary({ modelUsed: third }) })]),
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
      {
        type: "useCode",
        use: "insert",
        code: { text: "let a = 1;", language: "ts", before: "two" },
        turnId: "t1",
      },
    ]);
  });

  it("removes its handoffs when it is restarted", async () => {
    const host = await writing("one ");
    await host.send(inProgress({ handoffs: [handoff] }), { type: "text", turnId: "t1", text: "two" });
    await host.send(
      { type: "restarted", turnId: "t1" },
      { type: "text", turnId: "t1", text: "From the start" },
    );
    expect(host.find(".sy-md").textContent).toBe("From the start");
  });

  it("names the next model when it breaks again", async () => {
    const host = await writing("one ");
    const fallbacks = [{ from: second, to: third, failure: cut }];
    await host.send(inProgress({ handoffs: [handoff] }), inProgress({ handoffs: [handoff], fallbacks }));
    expect(host.find(".sy-foot .sy-part--model").textContent).toBe("claude-haiku-5-5");
    await host.send(
      inProgress({ handoffs: [handoff], fallbacks: [{ from: second, to: first, failure: cut }] }),
    );
    expect(host.find("[role=status]").textContent).toContain("so gpt-6-luna was asked.");
  });

  it("stays, as incomplete and with a retry, when no model could continue it", async () => {
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

  it("names the model that refused to continue it", async () => {
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

describe("the details of an answer", () => {
  it("start with the reason and show every candidate with its figures", async () => {
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
    expect(why).toContain("low complexity goes to");
    expect(why).toContain("Low, from its length: 12 characters");
    expect(why).toContain("1.8\u00a0ms");
    expect(why).toContain("azure/gpt-4oNo key is set. Add a key…");
    expect(why).toContain("ollama/qQuality 0.55, this route asks for 0.60");
    await host.click(host.button("Copy decision"));
    expect(host.posted).toContainEqual({ type: "copyDecision", turnId: "t1" });
  });
});
