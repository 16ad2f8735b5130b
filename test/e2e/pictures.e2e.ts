import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { answerEnds, ask, lastAnswer } from "./chatPage.ts";
import { type Theme, themeClasses, Workbench } from "./workbench.ts";

const themes = Object.keys(themeClasses) as readonly Theme[];

describe("pictures of the chat view", () => {
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

  it("show a conversation with selected code and an open explanation", async () => {
    await workbench.openFile("retry.ts");
    await workbench.selectAll();
    await ask(chat, "/fix the waiting");
    await expect.poll(() => chat.locator("article.sy-turn--user").count()).toBe(1);
    await answerEnds(chat);
    await workbench.sidebarWidth(420);
    await workbench.picture("readme");
    setup.simulator.injectFault({
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
    expect(workbench.webviewErrors).toEqual([]);
  });
});
