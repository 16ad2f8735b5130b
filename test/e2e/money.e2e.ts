import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { ask, lastAnswer, quietLine, send } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

describe("status bar and keys", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  const breaker = { failures: 1, openMs: 600_000, maxOpenMs: 600_000 };
  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    { settings: (routed) => ({ ...routed, "switchyard.breaker": breaker }), withoutKey: true },
  );

  const warnings = ({ statusBar }: Workbench) => statusBar.locator(".codicon-warning").count();
  const enterKey = async (open: () => Promise<void>, key: string) => {
    await workbench.enter(open, key);
    await workbench.quickInput().waitFor({ state: "hidden" });
  };
  const addKey = (provider: string, key: string) =>
    enterKey(() => workbench.command("Switchyard: Add Provider Key…", provider), key);

  it("uses a key as soon as it is added", async () => {
    await addKey("west", simulator.key);
    await ask(chat, "Compare two ways to retry a failed request");
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
  });

  it("stops using a key that is removed", async () => {
    await workbench.command("Switchyard: Remove Provider Key…", "west");
    await send(chat, "Compare two ways to drink tea");
    await expect.poll(() => chat.locator("article.sy-turn").last().innerText()).toContain("key");
    await addKey("west", simulator.key);
  });

  it("shows a warning while a model is paused, and resumes it from the menu", async () => {
    simulator.injectFault({ model: "sim-premium", times: 2, fault: { kind: "empty" } });
    await send(chat, "Compare two ways to boil an egg");
    await expect.poll(() => workbench.statusBar.locator(".codicon-warning").count()).toBe(1);
    expect(await workbench.statusBar.getAttribute("aria-label")).toContain("Paused: sim-premium");
    await workbench.statusBar.click();
    await workbench.quickPickEntry("Resume sim-premium").waitFor();
    await workbench.picture("status-menu");
    await workbench.statusMenu("Resume sim-premium");
    await expect.poll(() => workbench.statusBar.locator(".codicon-warning").count()).toBe(0);
    simulator.clear();
  });

  it("shows a changed budget, a pause and its end in every window", async () => {
    await expect.poll(() => workbench.statusBarText()).toContain("/ $5");
    await workbench.changeSettings({ "switchyard.budget.dailyUsd": 7.5 });
    await expect.poll(() => workbench.statusBarText()).toContain("/ $7.50");
    // VS Code's server does not watch user settings: another window reads them when it is loaded.
    const other = await workbench.another();
    await expect.poll(() => other.statusBarText()).toContain("/ $7.50");
    simulator.injectFault({ model: "sim-premium", times: 2, fault: { kind: "empty" } });
    await send(chat, "Compare two ways to fry an egg");
    for (const window of [workbench, other]) {
      await expect.poll(() => warnings(window)).toBe(1);
    }
    await other.statusMenu("Resume sim-premium");
    for (const window of [other, workbench]) {
      await expect.poll(() => warnings(window)).toBe(0);
    }
    simulator.clear();
    await other.page.close();
  });

  it("reports a rejected key once with a button to replace it, and sends that provider nothing until then", async () => {
    await addKey("east", simulator.key);
    await addKey("west", "not-the-key");
    await ask(chat, "Compare two ways to iron a shirt");
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");
    const note = lastAnswer(chat).locator(".sy-note");
    expect(await note.innerText()).toContain("was rejected, so sim-balanced answered.");
    expect(await workbench.statusBar.getAttribute("aria-label")).toContain("Key rejected: west");

    const asked = simulator.requestCount();
    await ask(chat, "Compare two ways to fold a shirt");
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");
    expect(await lastAnswer(chat).locator(".sy-note").count()).toBe(0);
    expect(simulator.requestCount()).toBe(asked + 1);

    await enterKey(() => chat.locator(".sy-note").getByText("Replace the key…").click(), simulator.key);
    await expect.poll(() => warnings(workbench)).toBe(0);
    await ask(chat, "Compare two ways to wash a shirt");
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
  });

  it("changes the daily budget from the menu, and rejects an invalid amount", async () => {
    await workbench.statusMenu("Change daily budget…");
    await workbench.quickInput().fill("five");
    await workbench.page.getByText("Enter an amount such as 5 or 2.50, or leave it empty.").first().waitFor();
    await workbench.enter(() => workbench.statusMenu("Change daily budget…"), "12");
    await expect.poll(() => workbench.statusBarText()).toContain("/ $12");
  });

  it("shows today's spend in the tooltip", async () => {
    await workbench.statusBar.hover();
    await workbench.page
      .locator(".workbench-hover, .monaco-hover")
      .getByText(/of \$12\.00 spent today/)
      .first()
      .waitFor();
    await workbench.picture("status-tooltip");
  });

  it("does not use a model that is turned off, also after a reload", async () => {
    await workbench.command("Switchyard: Turn Off a Model…", "west/sim-premium");
    await workbench.reload();
    chat = await workbench.openChat();
    // In a browser, secret storage is lost with the page.
    await addKey("west", simulator.key);
    await addKey("east", simulator.key);
    await ask(chat, "Compare two ways to lace a shoe");
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");
    await workbench.statusMenu("Turn on sim-premium");
    await ask(chat, "Compare two ways to tie a knot");
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
  });

  it("writes the key to no setting and no log", async () => {
    await workbench.command("Preferences: Open User Settings (JSON)");
    await workbench.page.locator('.tab.active[data-resource-name="settings.json"]').waitFor();
    expect(
      await workbench.page.locator(".editor-group-container.active .view-lines").innerText(),
    ).not.toContain(simulator.key);
    const logs = await workbench.logs();
    expect(logs).toContain("switchyard.switchyard");
    expect(logs).not.toContain(simulator.key);
  });
});
