import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { answered, ask, lastAnswer, quietLine } from "./chatSteps.ts";
import { type RoutedSetup, routedSetup } from "./routedSetup.ts";
import { Workbench } from "./workbench.ts";

describe("the first minute, with nothing configured", () => {
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    workbench = await Workbench.open();
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(() => workbench?.close());

  test("the view says that a simulator answers, and offers to add a key", async () => {
    await chat.getByText("No key is set, so a simulator on this machine answers.").waitFor();
    await chat.getByRole("button", { name: "Add a key…" }).waitFor();
    await expect.poll(() => workbench.statusBarText()).toContain("Simulator · free");
    expect(await chat.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  });

  test("a prompt is answered in Markdown by the simulator, free", async () => {
    await ask(chat, "Compare two ways to retry a failed request");
    await answered(chat);
    const answer = lastAnswer(chat);
    expect(await answer.locator("figure.sy-code").count()).toBeGreaterThan(0);
    const line = await answer.locator("button.sy-quiet").innerText();
    expect(line).toContain("sim-premium");
    expect(line).toContain("High complexity");
    expect(line).toContain("free");
    await workbench.picture("first-answer");
  });

  test("why this model is told with the word that decided it", async () => {
    await lastAnswer(chat).locator("button.sy-quiet").click();
    const why = chat.locator("section.sy-why").last();
    await why.waitFor();
    expect(await why.innerText()).toContain("“compare”");
  });

  test("the simulator breaks off on demand, and the next model continues, which the answer says where it broke", async () => {
    await workbench.command("Switchyard: Make the Simulator Misbehave…", "Breaks off");
    await ask(chat, "Explain closures with examples");
    await answered(chat);
    const answer = lastAnswer(chat);
    const seam = /The connection to (sim-\w+) broke here\. (sim-\w+) continued\./;
    await expect
      .poll(() => answer.locator(".sy-note--seam").allInnerTexts())
      .toEqual([expect.stringMatching(seam)]);
    expect(await answer.getAttribute("aria-label")).toMatch(/^Answer by sim-\w+, continued by sim-\w+$/);
    expect(await answer.locator(".sy-note").count()).toBe(1);
    await workbench.picture("rescued-answer");
  });

  test("why this model tells by which means a torn answer was continued", async () => {
    await lastAnswer(chat).locator("button.sy-quiet").click();
    const why = lastAnswer(chat).locator("section.sy-why");
    await why.waitFor();
    expect(await why.innerText()).toMatch(/was given its text as a beginning and continued it/);
  });

  test("a torn answer says where it broke when its conversation is opened again", async () => {
    await workbench.command("Switchyard: New Conversation");
    await chat.locator(".sy-start").waitFor();
    await workbench.command("Switchyard: Show Conversations");
    await chat.getByText("Compare two ways to retry a failed request").click();
    await chat.locator(".sy-note--seam").waitFor();
  });

  test("nothing was refused by the content security policy", () => {
    expect(workbench.webviewErrors).toEqual([]);
  });
});

describe("with providers, prices and routes", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    setup = await routedSetup();
    workbench = await Workbench.open({ settings: setup.settings, env: setup.env });
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await workbench.picture(`failed-${task.id}`);
  });

  test("a prompt goes where its route says, and its price is spent", async () => {
    await ask(chat, "Compare two ways to retry a failed request");
    await answered(chat);
    const line = await lastAnswer(chat).locator("button.sy-quiet").innerText();
    expect(line).toContain("sim-premium");
    expect(line).toContain("Hard");
    expect(line).toMatch(/\$0\.0\d/);
    await expect.poll(() => workbench.statusBarText()).toMatch(/sim-premium · \$0\.0\d+ \/ \$5/);
  });

  test("a model that fails is passed over, and the answer says so", async () => {
    setup.simulator.misbehave({
      model: "sim-cheap",
      times: "always",
      fault: { kind: "status", status: 529 },
    });
    await ask(chat, "What is a closure?");
    await answered(chat);
    await chat.getByText(/sim-cheap was overloaded, so west\/sim-balanced answered\./).waitFor();
    setup.simulator.clear();
  });

  test("an answer can be stopped midway, and is never shown as whole", async () => {
    setup.simulator.misbehave({ times: 1, fault: { kind: "stall", afterTokens: 60 } });
    await ask(chat, "Create a long list [tokens: 5000]");
    await expect
      .poll(async () => (await lastAnswer(chat).innerText()).length, { timeout: 15_000 })
      .toBeGreaterThan(60);
    await chat.getByRole("button", { name: "Stop", exact: true }).click();
    await chat.getByText("Stopped by you. This answer is not complete.").first().waitFor();
    await expect.poll(() => lastAnswer(chat).locator("button.sy-quiet").innerText()).toContain("≈");
  });

  test("selected code is explained in the chat, with its place", async () => {
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Explain");
    await expect
      .poll(() => chat.locator("article.sy-turn--user").last().innerText())
      .toContain("retry.ts:1–");
    await answered(chat);
    const sent = setup.simulator.requests().at(-1);
    expect(JSON.stringify(sent)).toContain("export async function retry");
  });

  test("a question about selected code waits for the user's own words", async () => {
    await workbench.selectAll();
    await workbench.command("Switchyard: Ask…");
    await chat.locator(".sy-composer .sy-chip", { hasText: "retry.ts:1–" }).waitFor();
    await ask(chat, "Does this ever wait too long?");
    await answered(chat);
    expect(JSON.stringify(setup.simulator.requests().at(-1))).toContain("export async function retry");
    expect(await chat.locator(".sy-composer .sy-chip").count()).toBe(0);
  });

  test("code of an answer is inserted at the cursor", async () => {
    const code = lastAnswer(chat).locator("figure.sy-code").first();
    await code.locator("code").first().waitFor();
    await workbench.command("File: New Untitled Text File");
    await code.getByRole("button", { name: "Insert at cursor" }).click();
    await expect.poll(() => workbench.page.locator(".tab.active.dirty").count()).toBe(1);
    await workbench.command("View: Revert and Close Editor");
  });

  test("the budget is changed in settings and shows at once, in every window", async () => {
    const other = await workbench.another();
    await expect.poll(() => other.statusBarText(), { timeout: 30_000 }).toContain("/ $5");
    await workbench.changeSettings({ "switchyard.budget.dailyUsd": 7.5 });
    await expect.poll(() => workbench.statusBarText()).toContain("/ $7.50");
    // The host's file watcher does not see user settings, so that another window reads them when it is loaded.
    await other.reload();
    await expect.poll(() => other.statusBarText(), { timeout: 30_000 }).toContain("/ $7.50");
    await other.page.close();
  });

  test("a budget that does not carry the prompt stops it, with the ways out", async () => {
    await workbench.changeSettings({
      "switchyard.budget.dailyUsd": 0.001,
      "switchyard.budget.whenExceeded": "ask",
    });
    await expect.poll(() => workbench.statusBarText()).toContain("budget spent");
    await ask(chat, "Compare the economic policies of three countries");
    await chat.getByRole("heading", { name: "Today’s budget does not carry this prompt" }).waitFor();
    await chat.getByRole("button", { name: /Use a free model/ }).click();
    await expect.poll(() => quietLine(chat), { timeout: 20_000 }).toMatch(/sim-local.*free/s);
    await workbench.changeSettings({
      "switchyard.budget.dailyUsd": 5,
      "switchyard.budget.whenExceeded": undefined,
    });
  });

  test("conversations are kept and can be opened again", async () => {
    await workbench.command("Switchyard: New Conversation");
    await chat.locator(".sy-start").waitFor();
    await workbench.command("Switchyard: Show Conversations");
    await chat.getByText("Compare two ways to retry a failed request").click();
    await chat.getByText("Stopped by you. This answer is not complete.").first().waitFor();
    await workbench.reload();
    chat = await workbench.openChat();
    await workbench.command("Switchyard: Show Conversations");
    await chat.getByText("Compare two ways to retry a failed request").waitFor();
  });

  test("a wrong setting is named with its place, and the rest keeps working", async () => {
    await workbench.changeSettings({ "switchyard.budget.dailyUsd": -3 });
    await expect
      .poll(() => workbench.notifications(), { timeout: 20_000 })
      .toContainEqual(expect.stringContaining("switchyard.budget.dailyUsd"));
    await workbench.changeSettings({ "switchyard.budget.dailyUsd": 5 });
    await expect.poll(() => workbench.statusBarText()).toContain("/ $5");
  });

  test("nothing was refused by the content security policy", () => {
    expect(workbench.webviewErrors).toEqual([]);
  });
});
