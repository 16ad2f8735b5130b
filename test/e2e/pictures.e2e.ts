import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answered, ask, lastAnswer } from "./chatSteps.ts";
import { type RoutedSetup, routedSetup } from "./routedSetup.ts";
import type { Theme } from "./theme.ts";
import { Workbench } from "./workbench.ts";

const themes: readonly Theme[] = [
  "Default Dark Modern",
  "Default Light Modern",
  "Default High Contrast",
  "Default High Contrast Light",
];

describe("pictures of the real thing", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    setup = await routedSetup();
    workbench = await Workbench.open({
      settings: setup.settings,
      env: setup.env,
      viewport: { width: 1280, height: 860 },
    });
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
  });

  test("a conversation with selected code and an opened explanation", async () => {
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await workbench.command("Switchyard: Fix");
    await expect.poll(() => chat.locator("article.sy-turn--user").count(), { timeout: 15_000 }).toBe(1);
    await answered(chat);
    await workbench.sidebarWidth(420);
    await workbench.picture("readme");
    setup.simulator.misbehave({
      model: "sim-premium",
      times: "always",
      fault: { kind: "status", status: 529 },
    });
    await ask(chat, "Compare it with a retry that respects Retry-After");
    await answered(chat);
    await lastAnswer(chat).locator("button.sy-quiet").click();
    await chat.locator("section.sy-why").last().waitFor();
  });

  test.each(themes)("%s, 300 and 600 px wide", async (theme) => {
    await workbench.theme(theme);
    for (const width of [300, 600]) {
      await workbench.sidebarWidth(width);
      await workbench.picture(`chat-${theme.replaceAll(" ", "-").toLowerCase()}-${width}`);
    }
    expect(workbench.webviewErrors).toEqual([]);
  });
});
