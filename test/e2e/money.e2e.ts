import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { ask, lastAnswer, quietLine, send } from "./chatPage.ts";
import { Workbench } from "./workbench.ts";

describe("status bar and keys", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    setup = await routedSetup();
    const { SIMULATOR_KEY, ...noKey } = setup.env;
    const settings = {
      ...setup.settings,
      "switchyard.breaker": { failures: 1, openMs: 600_000, maxOpenMs: 600_000 },
    };
    workbench = await Workbench.open({ settings, env: noKey });
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
  });

  const simulator = () => setup.simulator;
  const warnings = ({ statusBar }: Workbench) => statusBar.locator(".codicon-warning").count();
  const type = async (text: string) => {
    const input = workbench.quickInput();
    await input.fill(text);
    await input.press("Enter");
  };

  const typeKey = async (key: string) => {
    const input = workbench.page.locator('.quick-input-widget input[type="password"]');
    await input.fill(key);
    await input.press("Enter");
    await input.waitFor({ state: "hidden" });
  };
  const addKey = async (provider: string, key: string) => {
    await workbench.command("Switchyard: Add Provider Key…", provider);
    await typeKey(key);
  };

  it("uses a key as soon as it is added", async () => {
    await addKey("west", setup.simulator.key);
    await ask(chat, "Compare two ways to retry a failed request");
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
  });

  it("stops using a key that is removed", async () => {
    await workbench.command("Switchyard: Remove Provider Key…", "west");
    await send(chat, "Compare two ways to drink tea");
    await expect.poll(() => chat.locator("article.sy-turn").last().innerText()).toContain("key");
    await addKey("west", setup.simulator.key);
  });

  it("shows a warning while a model is paused, and resumes it from the menu", async () => {
    setup.simulator.injectFault({ model: "sim-premium", times: 2, fault: { kind: "empty" } });
    await send(chat, "Compare two ways to boil an egg");
    await expect.poll(() => workbench.statusBar.locator(".codicon-warning").count()).toBe(1);
    expect(await workbench.statusBar.getAttribute("aria-label")).toContain("Paused: sim-premium");
    await workbench.statusBar.click();
    const resume = workbench.quickPickEntry("Resume sim-premium");
    await resume.waitFor();
    await workbench.picture("status-menu");
    await resume.click();
    await expect.poll(() => workbench.statusBar.locator(".codicon-warning").count()).toBe(0);
    setup.simulator.clear();
  });

  it("shows a pause and its end in every window", async () => {
    const other = await workbench.another();
    simulator().injectFault({ model: "sim-premium", times: 2, fault: { kind: "empty" } });
    await send(chat, "Compare two ways to fry an egg");
    for (const window of [workbench, other]) {
      await expect.poll(() => warnings(window)).toBe(1);
    }
    await other.statusMenu("Resume sim-premium");
    for (const window of [other, workbench]) {
      await expect.poll(() => warnings(window)).toBe(0);
    }
    simulator().clear();
    await other.page.close();
  });

  it("reports a rejected key once with a button to replace it, and sends that provider nothing until then", async () => {
    await addKey("east", simulator().key);
    await addKey("west", "not-the-key");
    await ask(chat, "Compare two ways to iron a shirt");
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");
    const note = lastAnswer(chat).locator(".sy-note");
    expect(await note.innerText()).toContain("was rejected, so sim-balanced answered.");
    expect(await workbench.statusBar.getAttribute("aria-label")).toContain("Key rejected: west");

    const asked = simulator().requestCount();
    await ask(chat, "Compare two ways to fold a shirt");
    await expect.poll(() => quietLine(chat)).toContain("sim-balanced");
    expect(await lastAnswer(chat).locator(".sy-note").count()).toBe(0);
    expect(simulator().requestCount()).toBe(asked + 1);

    await chat.locator(".sy-note").getByText("Replace the key…").click();
    await typeKey(simulator().key);
    await expect.poll(() => warnings(workbench)).toBe(0);
    await ask(chat, "Compare two ways to wash a shirt");
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
  });

  it("changes the daily budget from the menu, and rejects an invalid amount", async () => {
    await workbench.statusMenu("Change daily budget…");
    await workbench.quickInput().fill("five");
    await workbench.page.getByText("Enter an amount such as 5 or 2.50, or leave it empty.").first().waitFor();
    await type("12");
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
    await addKey("west", simulator().key);
    await addKey("east", simulator().key);
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
    ).not.toContain(setup.simulator.key);
    expect(await workbench.logs()).not.toContain(setup.simulator.key);
  });
});
