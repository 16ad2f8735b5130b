import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import {
  answerEnds,
  ask,
  lastAnswer,
  noteOfLastAnswer,
  quietLine,
  savedConversation,
  send,
} from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import { isStored } from "./workbench/storage.ts";
import { type Theme, themeClasses, type Workbench } from "./workbench/workbench.ts";

const themes = Object.keys(themeClasses) as readonly Theme[];

let simulator: Simulator;
let workbench: Workbench;
let chat: Frame;

routedWorkbench(async (opened) => {
  ({ simulator, workbench } = opened);
  chat = await workbench.openChat();
});

describe("the chat view with providers, prices and routes", () => {
  it("sends a prompt to the model of its route, and spends its price", async () => {
    await ask(chat, "Compare two ways to retry a failed request");
    const line = await lastAnswer(chat).locator("button.sy-quiet").innerText();
    expect(line).toContain("sim-premium");
    expect(line).toContain("Hard");
    expect(line).toMatch(/\$0\.0\d/);
    await expect.poll(() => workbench.statusBarText()).toMatch(/sim-premium · \$0\.0\d+ \/ \$5/);
  });

  it("answers with the next model when the first one fails, and shows why", async () => {
    simulator.injectFault({
      model: "sim-premium",
      times: "always",
      fault: { kind: "status", status: 529 },
    });
    await ask(chat, "Compare two closures");
    await noteOfLastAnswer(chat, "sim-premium was overloaded, so sim-balanced answered.").waitFor();
    simulator.clear();
  });

  it("marks a stopped answer as incomplete", async () => {
    simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 60 } });
    await send(chat, "Create a long list [tokens: 5000]");
    await expect.poll(async () => (await lastAnswer(chat).innerText()).length).toBeGreaterThan(60);
    await chat.getByRole("button", { name: "Stop", exact: true }).click();
    await noteOfLastAnswer(chat, "Stopped by you. This answer is not complete.").waitFor();
    await expect.poll(() => lastAnswer(chat).locator("button.sy-quiet").innerText()).toContain("≈");
  });

  it("explains selected code, and shows its place", async () => {
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Explain");
    await expect
      .poll(() => chat.locator("article.sy-turn--user").last().innerText())
      .toContain("retry.ts:1–");
    await answerEnds(chat);
    const sent = simulator.requests().at(-1);
    expect(JSON.stringify(sent)).toContain("export async function retry");
  });

  it("attaches selected code to a question that the user types", async () => {
    await workbench.selectAll();
    await workbench.command("Switchyard: Ask…");
    await chat.locator(".sy-composer .sy-chip", { hasText: "retry.ts:1–" }).waitFor();
    await ask(chat, "Does this ever wait too long?");
    expect(JSON.stringify(simulator.requests().at(-1))).toContain("export async function retry");
    expect(await chat.locator(".sy-composer .sy-chip").count()).toBe(0);
  });

  it("inserts an answer's code at the cursor", async () => {
    const code = lastAnswer(chat).locator("figure.sy-code").first();
    await code.locator("code").first().waitFor();
    await workbench.command("File: New Untitled Text File");
    await code.getByRole("button", { name: "Insert at cursor" }).click();
    await expect.poll(() => workbench.page.locator(".tab.active.dirty").count()).toBe(1);
    await workbench.command("View: Revert and Close Editor");
  });

  it("blocks a prompt that the budget does not cover, and offers choices", async () => {
    await workbench.changeSettings({
      "switchyard.budget.dailyUsd": 0.001,
      "switchyard.budget.whenExceeded": "ask",
    });
    await expect.poll(() => workbench.statusBarText()).toContain("budget spent");
    await send(chat, "Compare the economic policies of three countries");
    await chat.getByRole("heading", { name: "Not enough budget left today" }).waitFor();
    await chat.getByRole("button", { name: /Use a free model/ }).click();
    await expect.poll(() => quietLine(chat)).toMatch(/sim-local.*free/s);
    await workbench.changeSettings({
      "switchyard.budget.dailyUsd": 5,
      "switchyard.budget.whenExceeded": undefined,
    });
  });

  it("opens saved conversations again", async () => {
    await workbench.newConversation();
    await workbench.command("Switchyard: Show Conversations");
    await savedConversation(chat, "Compare two ways to retry a failed request").click();
    await chat.locator(".sy-note", { hasText: "Stopped by you. This answer is not complete." }).waitFor();
  });

  it("keeps draft, attachments, position and running answer when the view moves and the window reloads", async () => {
    simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 60 } });
    await send(chat, "Create another long list [tokens: 5000]");
    await expect.poll(async () => (await lastAnswer(chat).innerText()).length).toBeGreaterThan(60);
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Ask…");
    await chat.locator(".sy-composer .sy-chip", { hasText: "retry.ts:1–" }).waitFor();
    const draft = "word ".repeat(400);
    await chat.locator("textarea.sy-input-text").fill(draft);
    await chat.locator(".sy-log").hover();
    await workbench.page.mouse.wheel(0, -500);
    const articles = await chat.locator(".sy-log article").count();
    await expect.poll(async () => (await viewState(chat)).firstVisible).toBeLessThan(articles - 2);
    const before = await viewState(chat);
    expect(before.chips).toHaveLength(2);

    await workbench.command("View: Move View", "Switchyard", "New Secondary Side Bar Entry");
    await workbench.page.locator(".part.auxiliarybar").waitFor();
    chat = await workbench.chatFrame();
    await expect.poll(() => viewState(chat)).toEqual(before);
    expect(await lastAnswer(chat).getAttribute("aria-busy")).toBe("true");
    await workbench.picture("moved-chat");

    await workbench.command("View: Reset View Locations");
    chat = await workbench.openChat();
    await expect.poll(() => viewState(chat)).toEqual(before);
    expect(await lastAnswer(chat).getAttribute("aria-busy")).toBe("true");

    await chat.locator("textarea.sy-input-text").press("End");
    await workbench.page.keyboard.type("and more, without a pause", { delay: 30 });
    const typed = { ...before, draft: `${draft}and more, without a pause` };
    await expect.poll(() => viewState(chat)).toEqual(typed);
    await isStored(workbench.page, "and more, without a pause");
    await workbench.reload();
    chat = await workbench.openChat();
    await expect.poll(() => viewState(chat)).toEqual(typed);
    await noteOfLastAnswer(chat, "Interrupted when the window was reloaded.").waitFor();
    await workbench.picture("reloaded-chat");
  });

  it("reports an invalid setting by its place, and keeps the others", async () => {
    await workbench.changeSettings({ "switchyard.budget.dailyUsd": -3 });
    await expect
      .poll(() => workbench.notifications())
      .toContainEqual(expect.stringContaining("switchyard.budget.dailyUsd"));
    await workbench.changeSettings({ "switchyard.budget.dailyUsd": 5 });
    await expect.poll(() => workbench.statusBarText()).toContain("/ $5");
  });

  it("lets no workspace raise the budget, however its settings are written", async () => {
    const statusBar = await workbench.statusBarText();
    const budget = { dailyUsd: 1000 };
    const settings = { switchyard: { budget }, "switchyard.budget.dailyUsd": 1000 };
    const folder = join(workbench.folder, ".vscode");
    await mkdir(folder, { recursive: true });
    // The theme shows when VS Code has read the file.
    const theme = { "workbench.colorTheme": "Default High Contrast" };
    await writeFile(join(folder, "settings.json"), JSON.stringify({ ...settings, ...theme }));
    const themed = workbench.page.locator(".monaco-workbench.hc-black");
    await themed.waitFor();
    await send(chat, "What is a workspace?");
    await answerEnds(chat);
    expect(await workbench.statusBarText()).toContain("/ $5");
    expect(statusBar).toContain("/ $5");
    await rm(join(folder, "settings.json"));
    await themed.waitFor({ state: "detached" });
  });
});

describe("pictures of the chat view", () => {
  beforeAll(async () => {
    await workbench.page.setViewportSize({ width: 1280, height: 860 });
    await workbench.runBuiltIn(
      "workbench.action.closeAllEditors",
      "workbench.action.closeAuxiliaryBar",
      "notifications.clearAll",
    );
    await workbench.newConversation();
  });

  it("show a conversation with selected code and an open explanation", async () => {
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await ask(chat, "/fix the waiting");
    await expect.poll(() => chat.locator("article.sy-turn--user").count()).toBe(1);
    await answerEnds(chat);
    await workbench.sidebarWidth(420);
    await workbench.picture("readme");
    simulator.injectFault({
      model: "sim-premium",
      times: "always",
      fault: { kind: "status", status: 529 },
    });
    await ask(chat, "Compare it with a retry that respects Retry-After");
    await lastAnswer(chat).locator("button.sy-quiet").click();
    await chat.locator("section.sy-why").last().waitFor();
  });

  it.each(themes)("show %s at 300 and 600 px", async (theme) => {
    await workbench.theme(theme);
    for (const width of [300, 600]) {
      await workbench.sidebarWidth(width);
      await workbench.picture(`chat-${theme.replaceAll(" ", "-").toLowerCase()}-${width}`);
    }
  });
});

/** What must survive when the view is loaded again. */
async function viewState(chat: Frame) {
  const top = (await chat.locator(".sy-log").boundingBox())?.y ?? 0;
  const articles = await chat.locator(".sy-log article").all();
  const boxes = await Promise.all(articles.map((article) => article.boundingBox()));
  return {
    prompts: await chat.locator("article.sy-turn--user").allInnerTexts(),
    draft: await chat.locator("textarea.sy-input-text").inputValue(),
    chips: await chat.locator(".sy-composer .sy-chip").allInnerTexts(),
    answer: await lastAnswer(chat).locator(".sy-md").innerText(),
    /** The index of the article at the upper edge. */
    firstVisible: boxes.findIndex((box) => box !== null && box.y + box.height > top),
  };
}
