import type { Frame, Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { ask, lastAnswer, quietLine } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

const PROMPT = "What is a closure?";

describe("the model picker", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    {
      settings: ({ "switchyard.routes": _, ...routed }) => {
        const models = Object.entries(routed["switchyard.models"] ?? {}).map(([ref, known]) => [
          ref,
          ref.endsWith("sim-premium") ? { ...known, capabilities: ["tools", "reasoning"] } : known,
        ]);
        return { ...routed, "switchyard.models": Object.fromEntries(models) };
      },
    },
  );

  const input = (): Locator => chat.locator("textarea.sy-input-text");
  const button = (): Locator => chat.locator(".sy-tool--model");
  const search = (): Locator => chat.getByRole("combobox", { name: "Search models" });
  const rows = (): Locator => chat.getByRole("option");
  const sentEffort = () => simulator.requests().at(-1)?.body?.["reasoning_effort"];
  const why = async (): Promise<Locator> => {
    const line = lastAnswer(chat).locator("button.sy-quiet");
    if ((await line.getAttribute("aria-expanded")) !== "true") await line.press("Enter");
    return lastAnswer(chat).locator(".sy-why");
  };

  it("picks a model by keys alone, which then answers every prompt of the conversation", async () => {
    await input().fill("/model");
    await input().press("Enter");
    await search().waitFor();
    await expect.poll(() => rows().count()).toBeGreaterThan(5);
    await expect.poll(() => rows().first().textContent()).toContain("Auto");
    await search().pressSequentially("east prem");
    await expect.poll(() => rows().count()).toBe(1);
    await workbench.picture("model-picker", "sidebar");
    await search().press("Enter");
    await expect.poll(() => button().getAttribute("aria-label")).toContain("sim-premium");
    expect(await search().count()).toBe(0);
    await chat.locator("textarea.sy-input-text:focus").waitFor();
    await workbench.page.keyboard.type(PROMPT);
    await workbench.page.keyboard.press("Enter");
    await expect.poll(() => quietLine(chat)).toContain("You chose it");
    expect(await quietLine(chat)).toContain("sim-premium");
    await (await why()).getByText("This model is kept for the conversation.").waitFor();
  });

  it("sets how much the model reasons, and keeps both over a reload", async () => {
    await button().click();
    await chat.getByRole("radio", { name: "High" }).check({ force: true });
    await expect.poll(() => button().getAttribute("aria-label")).toContain("High");
    await search().press("Escape");
    await workbench.reload();
    chat = await workbench.openChat();
    await expect.poll(() => button().getAttribute("aria-label")).toContain("sim-premium · High");
    await ask(chat, PROMPT);
    expect(sentEffort()).toBe("high");
    expect(await (await why()).innerText()).toContain("High, your choice");
  });

  it("lets the routes decide again, and the dial shifts them", async () => {
    await (await why()).getByRole("button", { name: "Back to Auto" }).press("Enter");
    await expect.poll(() => button().getAttribute("aria-label")).toContain("Auto");
    await ask(chat, PROMPT);
    await expect.poll(() => quietLine(chat)).toContain("sim-cheap");
    expect(sentEffort()).toBeUndefined();
    await button().press("Enter");
    await chat.getByRole("radio", { name: "Best" }).waitFor({ state: "attached" });
    await search().press("Tab");
    await chat.locator("input[type=radio]:focus").waitFor({ state: "attached" });
    await workbench.page.keyboard.press("ArrowRight");
    await expect.poll(() => chat.getByRole("radio", { name: "Best" }).isChecked()).toBe(true);
    await workbench.page.keyboard.press("Escape");
    await input().fill(PROMPT);
    await expect.poll(() => chat.locator(".sy-forecast").innerText()).toContain("sim-premium");
    await ask(chat, PROMPT);
    await expect.poll(() => quietLine(chat)).toContain("sim-premium");
    expect(await (await why()).innerText()).toContain("the dial is at Best");
    await workbench.command("Preferences: Open User Settings (JSON)");
    await workbench.editorHasFocus();
    await workbench.page.keyboard.press("ControlOrMeta+End");
    await expect.poll(() => workbench.editorText()).toContain('"switchyard.dial": "best"');
  });
});
