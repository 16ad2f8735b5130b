import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { answerEnds, ask, lastAnswer } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import { type Theme, themeClasses, type Workbench } from "./workbench/workbench.ts";

const themes = Object.keys(themeClasses) as readonly Theme[];

describe("pictures of the chat view", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    { viewport: { width: 1280, height: 860 } },
  );

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
