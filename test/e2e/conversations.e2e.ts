import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../src/simulator/server.ts";
import { ask } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import type { Workbench } from "./workbench/workbench.ts";

describe("conversations", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(async (opened) => {
    ({ simulator, workbench } = opened);
    chat = await workbench.openChat();
  });

  const row = (title: string): Locator => chat.locator(".sy-conv", { hasText: title });
  /** The name that the dialogs propose. */
  const exported = (extension: string) =>
    join(workbench.folder, `Compare two ways to retry a failed request.${extension}`);
  const titles = () => chat.locator(".sy-conv-open").allInnerTexts();

  it("shows what a conversation cost in its title row, and leads to an answer", async () => {
    await ask(chat, "Compare two ways to retry a failed request");
    await ask(chat, "And which of them waits?");
    const total = chat.locator(".sy-head-total");
    await expect.poll(() => total.innerText()).toMatch(/\$0\.\d+/);
    await total.click();
    const answers = chat.locator(".sy-answers-open");
    expect(await answers.count()).toBe(2);
    await workbench.picture("conversation-totals", "sidebar");
    await answers.first().click();
    await expect
      .poll(() => chat.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toMatch(/^Answer by sim-/);
    await total.click();
  });

  it("finds text in the conversation, and gives the focus back", async () => {
    await chat.locator("textarea.sy-input-text").press("ControlOrMeta+f");
    await chat.locator(".sy-find input:focus").waitFor();
    await workbench.page.keyboard.type("retry");
    await expect.poll(() => chat.locator(".sy-find-count").innerText()).toMatch(/^\d+ of \d+$/);
    await workbench.page.keyboard.press("Shift+Enter");
    await workbench.picture("conversation-find", "sidebar");
    await workbench.page.keyboard.press("Escape");
    expect(await chat.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  });

  it("exports as Markdown from the menu of the title row, and as JSON from the palette", async () => {
    const exportFromMenu = async () => {
      await chat.getByRole("button", { name: "More actions" }).click({ timeout: 3_000 });
      const entry = workbench.page.getByRole("menuitem", { name: "Export Conversation…" });
      // VS Code ignores a click that comes right after its menu has opened.
      await expect
        .poll(async () => {
          if (await entry.isVisible()) await entry.click({ timeout: 1_000 }).catch(() => {});
          return workbench.quickPickEntry("Markdown").isVisible();
        })
        .toBe(true);
    };
    await workbench.choose(exportFromMenu, "Markdown");
    await workbench.acceptPath(exported("md"));
    const markdown = () => readFile(exported("md"), "utf8").catch(() => "");
    await expect.poll(markdown).toMatch(/^# Compare two ways to retry a failed request\n/);
    expect(await markdown()).toMatch(/\n## sim-premium\n[\s\S]*\n\*Hard · \$0\.0\d+ · \d+\.\d\u00a0s\*\n/);

    await workbench.command("Switchyard: Export Conversation…", "JSON");
    await workbench.acceptPath(exported("json"));
    const json = () => readFile(exported("json"), "utf8").catch(() => "");
    await expect.poll(json).toContain('"format": "switchyard-conversation"');
    expect(await json()).not.toContain(simulator.key);
  });

  it("searches, pins, renames, and deletes with undo", async () => {
    await workbench.command("Switchyard: New Conversation");
    await ask(chat, "Compare indexes for the orders table");
    await workbench.command("Switchyard: Show Conversations");
    await expect
      .poll(titles)
      .toEqual(["Compare indexes for the orders table", "Compare two ways to retry a failed request"]);
    await row("retry a failed").hover();
    await row("retry a failed").getByRole("button", { name: "Pin" }).click();
    await chat.getByRole("heading", { name: "Pinned" }).waitFor();
    await expect.poll(async () => (await titles())[0]).toContain("retry a failed");

    await chat.getByRole("searchbox").fill("waits");
    await expect.poll(titles).toEqual(["Compare two ways to retry a failed request"]);
    expect(await chat.locator(".sy-row-sub mark").first().innerText()).toBe("waits");
    await workbench.picture("conversation-search", "sidebar");

    await chat.locator(".sy-conv-open").press("F2");
    await chat.locator(".sy-conv-rename").fill("Retries");
    await chat.locator(".sy-conv-rename").press("Enter");
    await expect.poll(titles).toEqual(["Retries"]);
    await chat.locator(".sy-conv-open").press("Delete");
    await chat.getByText("“Retries” deleted").first().waitFor();
    await expect.poll(titles).toEqual([]);
    await chat.getByRole("button", { name: "Undo" }).click();
    await expect.poll(titles).toEqual(["Retries"]);
  });

  it("imports what it has exported, as a conversation of its own", async () => {
    await chat.getByRole("button", { name: "Import conversation…" }).click();
    await workbench.acceptPath(exported("json"));
    await chat.locator(".sy-head-title", { hasText: "Compare two ways" }).waitFor();
    expect(await chat.locator("article.sy-turn--user").count()).toBe(2);
    await workbench.command("Switchyard: Show Conversations");
    await expect
      .poll(async () => (await titles()).sort())
      .toEqual([
        "Compare indexes for the orders table",
        "Compare two ways to retry a failed request",
        "Retries",
      ]);
  });
});
