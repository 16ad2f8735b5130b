import { existsSync } from "node:fs";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildIfStale } from "../../scripts/build/buildIfStale.ts";
import { packVsix } from "../../scripts/build/package.ts";
import { ask, lastAnswer, savedConversation } from "./workbench/chatPage.ts";
import { Workbench } from "./workbench/workbench.ts";

describe("the installed package without configuration, in Restricted Mode", () => {
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    // Not built again while other tests use dist/.
    const { path: vsix } = await packVsix(buildIfStale);
    expect(existsSync(vsix)).toBe(true);
    workbench = await Workbench.open({ vsix, workspaceTrust: true });
    chat = await workbench.openChat();
  });
  afterAll(() => workbench?.close());

  it("shows that the simulator answers, and offers to add a key", async () => {
    await chat.getByText("No key is set, so a simulator on this machine answers.").waitFor();
    await chat.getByRole("button", { name: "Add a key…" }).waitFor();
    await expect.poll(() => workbench.statusBarText()).toContain("Simulator · free");
    expect(await chat.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  });

  it("answers a prompt in Markdown, free", async () => {
    await ask(chat, "Compare two ways to retry a failed request");
    const answer = lastAnswer(chat);
    expect(await answer.locator("figure.sy-code").count()).toBeGreaterThan(0);
    const line = await answer.locator("button.sy-quiet").innerText();
    expect(line).toContain("sim-premium");
    expect(line).toContain("High complexity");
    expect(line).toContain("free");
    await workbench.picture("first-answer");
  });

  it("explains the model with the keyword that decided it", async () => {
    await lastAnswer(chat).locator("button.sy-quiet").click();
    const why = chat.locator("section.sy-why").last();
    await why.waitFor();
    expect(await why.innerText()).toContain("“compare”");
  });

  it("continues a broken answer with the next model, and marks the place", async () => {
    await workbench.command("Switchyard: Make the Simulator Fail…", "The connection breaks");
    await ask(chat, "Explain closures with examples");
    const answer = lastAnswer(chat);
    const note = /The connection to (sim-\w+) broke here\. (sim-\w+) continued\./;
    await expect
      .poll(() => answer.locator(".sy-note").allInnerTexts())
      .toEqual([expect.stringMatching(note)]);
    expect(await answer.getAttribute("aria-label")).toMatch(/^Answer by sim-\w+, continued by sim-\w+$/);
    await workbench.picture("continued-answer");
  });

  it("explains how the broken answer was continued", async () => {
    await lastAnswer(chat).locator("button.sy-quiet").click();
    const why = lastAnswer(chat).locator("section.sy-why");
    await why.waitFor();
    expect(await why.innerText()).toMatch(/was given its text as a beginning and continued it/);
  });

  it("shows the marked place when the conversation is opened again", async () => {
    await workbench.newConversation();
    await workbench.command("Switchyard: Show Conversations");
    await savedConversation(chat, "Compare two ways to retry a failed request").click();
    await chat.locator(".sy-note", { hasText: "broke here." }).waitFor();
  });

  it("violates no content security policy", () => {
    expect(workbench.webviewErrors).toEqual([]);
  });
});
