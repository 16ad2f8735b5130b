import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answered, ask, quietLine } from "./chatSteps.ts";
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

  const type = async (text: string) => {
    const input = workbench.page.locator(".quick-input-widget input").first();
    await input.fill(text);
    await input.press("Enter");
  };

  test("a key that is added in VS Code serves at once, and is kept out of settings", async () => {
    await workbench.command("Switchyard: Add Provider Key…", "west");
    await type(setup.simulator.key);
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
    await workbench.command("Switchyard: Add Provider Key…", "west");
    await type(setup.simulator.key);
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

  test("a model that is switched off is not asked until it is switched on again", async () => {
    await workbench.command("Switchyard: Switch a Model Off…", "west/sim-premium");
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
