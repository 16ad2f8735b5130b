import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { answerEnds, ask, lastAnswer, noteOfLastAnswer, quietLine, send } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

describe("the turns of a conversation", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(async (opened) => {
    ({ simulator, workbench } = opened);
    chat = await workbench.openChat();
  });

  const button = (name: string) => chat.getByRole("button", { name, exact: true }).last();
  const position = () => lastAnswer(chat).locator(".sy-pager").innerText();
  const prompts = () => chat.locator(".sy-prompt:not(.sy-prompt--queued) .sy-prompt-text").allInnerTexts();
  const queued = () => chat.locator(".sy-prompt--queued").allInnerTexts();
  const input = () => chat.locator("textarea.sy-input-text");

  it("keep every answer to a prompt: regenerated, by a stronger model and by another one", async () => {
    await ask(chat, "What is a closure?");
    expect(await quietLine(chat)).toContain("sim-cheap");
    await button("Regenerate").click();
    await expect.poll(position).toBe("2 / 2");
    await answerEnds(chat);
    expect(await quietLine(chat)).toContain("sim-balanced");
    await lastAnswer(chat).locator("button.sy-quiet").click();
    const why = lastAnswer(chat).locator(".sy-why");
    await why.waitFor();
    expect(await why.innerText()).toContain("sim-cheap");
    await lastAnswer(chat).locator("button.sy-quiet").click();

    await button("Previous variant").click();
    await expect.poll(() => quietLine(chat)).toContain("sim-cheap");
    await button("Next variant").click();
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");

    const nextTry = () => button("Regenerate with a stronger or another model…").click();
    await nextTry();
    const stronger = workbench.quickPickEntry("Try a stronger model");
    await stronger.waitFor();
    expect(await stronger.innerText()).toMatch(/sim-premium · about \$0\.0/);
    await workbench.picture("next-try");
    await workbench.choose(nextTry, "Try a stronger model");
    await expect.poll(position).toBe("3 / 3");
    await answerEnds(chat);
    expect(await quietLine(chat)).toContain("sim-premium");

    await workbench.choose(nextTry, "sim-local");
    await expect.poll(position).toBe("4 / 4");
    await answerEnds(chat);
    expect(await quietLine(chat)).toContain("You chose it");
    await workbench.picture("variants");
  });

  it("keep what was sent before a prompt was edited, also over a reload", async () => {
    await ask(chat, "And what is a thunk?");
    const first = chat.locator("article.sy-turn--user").first();
    await first.hover();
    await first.getByRole("button", { name: "Edit and resend" }).click();
    const field = chat.locator(".sy-prompt-field");
    await field.fill("What is a monad?");
    await field.press("Enter");
    await expect.poll(prompts).toEqual(["What is a monad?"]);
    await answerEnds(chat);
    expect(await chat.locator(".sy-prompt-pager").innerText()).toBe("2 / 2");

    await workbench.reload();
    chat = await workbench.openChat();
    await expect.poll(prompts).toEqual(["What is a monad?"]);
    await chat.locator(".sy-prompt-pager [aria-label='Previous variant']").click();
    await expect.poll(prompts).toEqual(["What is a closure?", "And what is a thunk?"]);
    expect(await chat.locator(".sy-pager").first().innerText()).toBe("1 / 2");
    expect(await chat.locator("article.sy-turn:not(.sy-turn--user) .sy-pager").innerText()).toBe("4 / 4");
  });

  it("wait for the answer before them, in the order that the user gives them", async () => {
    await workbench.command("Switchyard: New Conversation");
    await chat.locator(".sy-start").waitFor();
    simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 20 } });
    await send(chat, "Name three colours [tokens: 200]");
    for (const text of ["two", "three", "four"]) {
      await input().fill(text);
      await input().press("Enter");
    }
    await expect.poll(queued).toEqual(["two", "three", "four"]);
    const last = chat.locator("[data-queued]").last();
    await last.getByRole("button", { name: "Move up" }).click();
    await expect.poll(queued).toEqual(["two", "four", "three"]);
    await last.press("Alt+ArrowUp");
    await expect.poll(queued).toEqual(["two", "three", "four"]);
    await chat.locator("[data-queued]").first().press("Alt+ArrowDown");
    await expect.poll(queued).toEqual(["three", "two", "four"]);
    await input().fill("half a thou");
    await workbench.picture("queue");
    await button("Stop").click();
    await noteOfLastAnswer(chat, "Stopped by you. This answer is not complete.").waitFor();
    expect(await input().inputValue()).toBe("half a thou");
    await button("Continue").waitFor();
    expect(await queued()).toEqual(["three", "two", "four"]);
    await chat.locator("[data-queued]").first().getByRole("button", { name: "Send now" }).click();
    await expect.poll(prompts).toEqual(["Name three colours [tokens: 200]", "three", "two", "four"]);
    expect(await queued()).toEqual([]);
    await answerEnds(chat);
  });
});
