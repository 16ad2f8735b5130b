import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answered, ask, lastAnswer, quietLine } from "./chatSteps.ts";
import { type RoutedSetup, routedSetup } from "./routedSetup.ts";
import { Workbench } from "./workbench.ts";

describe("the status bar, its menu, and the keys", () => {
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
    const input = workbench.page.locator(".quick-input-widget input").first();
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

  test("a key that is added in VS Code serves at once, and is kept out of settings", async () => {
    await addKey("west", setup.simulator.key);
    await ask(chat, "Compare two ways to retry a failed request");
    await answered(chat);
    expect(await quietLine(chat)).toContain("sim-premium");
  });

  test("a key that is removed serves no more", async () => {
    await workbench.command("Switchyard: Remove Provider Key…", "west");
    await ask(chat, "Compare two ways to drink tea");
    await expect
      .poll(() => chat.locator("article.sy-turn").last().innerText(), { timeout: 15_000 })
      .toContain("key");
    await addKey("west", setup.simulator.key);
  });

  test("a model that fails is paused: a warning stands in the status bar until it is asked again", async () => {
    setup.simulator.misbehave({ model: "sim-premium", times: 2, fault: { kind: "empty" } });
    await ask(chat, "Compare two ways to boil an egg");
    await expect
      .poll(() => workbench.statusBar.locator(".codicon-warning").count(), { timeout: 15_000 })
      .toBe(1);
    expect(await workbench.statusBar.getAttribute("aria-label")).toContain("Paused: sim-premium");
    await workbench.statusBar.click();
    await workbench.picture("status-menu");
    await workbench.quickPickEntry("Ask sim-premium again now").click();
    await expect.poll(() => workbench.statusBar.locator(".codicon-warning").count()).toBe(0);
    setup.simulator.clear();
  });

  test("a pause, and its end, are seen in the other windows too", async () => {
    const other = await workbench.another();
    simulator().misbehave({ model: "sim-premium", times: 2, fault: { kind: "empty" } });
    await ask(chat, "Compare two ways to fry an egg");
    for (const window of [workbench, other]) {
      await expect.poll(() => warnings(window), { timeout: 15_000 }).toBe(1);
    }
    await other.statusMenu("Ask sim-premium again now");
    for (const window of [other, workbench]) {
      await expect.poll(() => warnings(window), { timeout: 15_000 }).toBe(0);
    }
    simulator().clear();
    await other.page.close();
  });

  test("a wrong key is told of once, with the button that mends it, and its provider left alone until then", async () => {
    await addKey("east", simulator().key);
    await addKey("west", "not-the-key");
    await ask(chat, "Compare two ways to iron a shirt");
    await answered(chat);
    expect(await quietLine(chat)).toContain("sim-balanced");
    const note = lastAnswer(chat).locator(".sy-note");
    expect(await note.innerText()).toContain("was not accepted, so sim-balanced answered.");
    expect(await workbench.statusBar.getAttribute("aria-label")).toContain("Key not accepted: west");

    const asked = simulator().requestCount();
    await ask(chat, "Compare two ways to fold a shirt");
    await answered(chat);
    expect(await quietLine(chat)).toContain("sim-balanced");
    expect(await lastAnswer(chat).locator(".sy-note").count()).toBe(0);
    expect(simulator().requestCount()).toBe(asked + 1);

    await chat.locator(".sy-note").getByText("Replace the key…").click();
    await typeKey(simulator().key);
    await expect.poll(() => warnings(workbench), { timeout: 15_000 }).toBe(0);
    await ask(chat, "Compare two ways to wash a shirt");
    await answered(chat);
    expect(await quietLine(chat)).toContain("sim-premium");
  });

  test("the menu changes the daily budget, and a wrong amount is refused in words", async () => {
    await workbench.statusMenu("Change daily budget…");
    const input = workbench.page.locator(".quick-input-widget input").first();
    await input.fill("five");
    await workbench.page.getByText("An amount such as 5 or 2.50, or nothing.").first().waitFor();
    await type("12");
    await expect.poll(() => workbench.statusBarText(), { timeout: 15_000 }).toContain("/ $12");
  });

  test("the tooltip tells the day's spend by model", async () => {
    await workbench.statusBar.hover();
    await workbench.page
      .locator(".workbench-hover, .monaco-hover")
      .getByText(/of \$12\.00 spent today/)
      .first()
      .waitFor();
    await workbench.picture("status-tooltip");
  });

  test("a model that is switched off is not asked until it is switched on again, whatever is reloaded", async () => {
    await workbench.command("Switchyard: Switch a Model Off…", "west/sim-premium");
    await workbench.reload();
    chat = await workbench.openChat();
    // A browser's secret storage does not outlive its page.
    await addKey("west", simulator().key);
    await addKey("east", simulator().key);
    await ask(chat, "Compare two ways to lace a shoe");
    await answered(chat);
    expect(await quietLine(chat)).toContain("sim-balanced");
    await workbench.statusMenu("Switch sim-premium on again");
    await ask(chat, "Compare two ways to tie a knot");
    await answered(chat);
    expect(await quietLine(chat)).toContain("sim-premium");
  });

  test("the key is in no setting and no log", async () => {
    await workbench.command("Preferences: Open User Settings (JSON)");
    await workbench.page.locator('.tab.active[data-resource-name="settings.json"]').waitFor();
    expect(
      await workbench.page.locator(".editor-group-container.active .view-lines").innerText(),
    ).not.toContain(setup.simulator.key);
    expect(await workbench.logs()).not.toContain(setup.simulator.key);
  });
});
