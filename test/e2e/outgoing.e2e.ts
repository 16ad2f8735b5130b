import type { Frame } from "playwright-core";
import { describe, expect, it } from "vitest";
import { isRecord } from "../../src/base/isRecord.ts";
import type { Simulator } from "../../src/simulator/server.ts";
import { answerEnds, ask, lastAnswer, quietLine } from "./workbench/chatPage.ts";
import { routedWorkbench } from "./workbench/routedWorkbench.ts";
import { isStored } from "./workbench/storage.ts";
import type { Workbench } from "./workbench/workbench.ts";

/** Built here so that no file contains anything like a key. */
const KEY = `ghp_${"a1B2c3D4e5F6g7H8i9".repeat(2)}`;

describe("what is about to leave this machine", () => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: Frame;

  routedWorkbench(
    async (opened) => {
      ({ simulator, workbench } = opened);
      chat = await workbench.openChat();
    },
    {
      settings: (routed) => ({
        ...routed,
        "switchyard.models": withVision(routed["switchyard.models"], "west/sim-balanced"),
        "switchyard.routes": [
          { name: "At home", when: { keywords: ["homework"] }, models: ["home/sim-local"] },
          { name: "Everything else", models: ["east/sim-cheap", "west/sim-balanced"] },
        ],
      }),
    },
  );

  const input = () => chat.locator("textarea.sy-input-text");
  const box = () => chat.getByRole("group", { name: "Before sending" });
  const requests = () => simulator.requests();
  const lastRequest = () => JSON.stringify(requests().at(-1)?.body);

  it("sends a key to a local model without asking", async () => {
    await ask(chat, `My homework has ${KEY} in it`);
    expect(await quietLine(chat)).toContain("sim-local");
    expect(lastRequest()).toContain(KEY);
  });

  it("asks before the key leaves with the next prompt, keeps the prompt meanwhile, and blanks it out", async () => {
    const before = requests().length;
    await input().fill(`Why is ${KEY} rejected?`);
    await input().press("Enter");
    await box().waitFor();
    expect(await box().innerText()).toContain("An earlier prompt holds what looks like a GitHub Token.");
    expect(await box().innerText()).not.toContain(KEY);
    expect(await input().inputValue()).toBe(`Why is ${KEY} rejected?`);
    await workbench.picture("held-prompt", "sidebar");
    await expect.poll(() => input().evaluate((element) => element === document.activeElement)).toBe(true);
    // A reload shows what is stored.
    await isStored(workbench.page, `Why is ${KEY} rejected?`);
    await chat.getByRole("button", { name: "Blank it out and send" }).press("Enter");
    await expect.poll(() => requests().length).toBe(before + 1);
    await answerEnds(chat);
    expect(lastRequest()).not.toContain(KEY);
    expect(lastRequest()).toContain("Why is [removed: GitHub Token] rejected?");
    expect(await chat.locator(".sy-log").innerText()).not.toContain(KEY);
  });

  it("sends a key as it is, and does not ask about it again", async () => {
    await input().fill(`Is ${KEY} long enough?`);
    await input().press("Enter");
    await chat.getByRole("button", { name: "Send as it is" }).click();
    await expect.poll(lastRequest).toContain(`Is ${KEY} long enough?`);
    await answerEnds(chat);
    await ask(chat, `And ${KEY} now?`);
    expect(lastRequest()).toContain(`And ${KEY} now?`);
  });

  it("scales a pasted image down, and sends it to a model that reads images", async () => {
    await paste(chat, 3000, 1500);
    const chip = chat.locator(".sy-composer .sy-chip");
    await expect.poll(() => chip.locator(".sy-chip-name").allInnerTexts()).toEqual(["shot.png"]);
    await chip.locator("img").evaluate((image: HTMLImageElement) => image.decode());
    expect(await chip.locator("button").first().getAttribute("title")).toContain("2000 × 1000 pixels");
    await workbench.picture("image-attached", "sidebar");
    await chip.locator(".sy-chip-open").click();
    await workbench.page.locator('.tab.active[data-resource-name="shot.png"]').waitFor();
    // A preview that still loads takes the focus.
    await workbench.page.locator(".statusbar-item", { hasText: "2000x1000" }).waitFor();
    await chat.locator(".sy-tool--model").click();
    const without = chat.getByRole("option", { name: "sim-cheap" }).first();
    await expect.poll(() => without.innerText()).toContain("Cannot read images");
    const search = chat.getByRole("combobox", { name: "Search models" });
    await search.press("Escape");
    await search.waitFor({ state: "detached" });
    await ask(chat, "What does this show?");
    expect(await quietLine(chat)).toContain("sim-balanced");
    const [sent] = [requests().at(-1)?.body?.["messages"]].flat().slice(-1);
    expect(sent).toMatchObject({
      content: [
        { type: "image", source: { type: "base64", media_type: "image/png" } },
        { type: "text", text: "What does this show?" },
      ],
    });
    await workbench.picture("image-sent", "sidebar");
    await lastAnswer(chat).locator("button.sy-quiet").click();
    await lastAnswer(chat).getByText("Cannot read images").first().waitFor();
    await chat.locator(".sy-turn--user img.sy-chip-thumbnail").waitFor();
  });
});

/** The known models, of which this one reads images. */
function withVision(models: unknown, ref: string): Readonly<Record<string, unknown>> {
  const known = isRecord(models) ? models : {};
  const card = known[ref];
  return {
    ...known,
    [ref]: { ...(isRecord(card) ? card : {}), capabilities: ["vision"], imageTokens: 1600 },
  };
}

/** Pastes a picture of this size into the input. */
async function paste(chat: Frame, width: number, height: number): Promise<void> {
  await chat.locator("textarea.sy-input-text").evaluate(
    async (input, size) => {
      const canvas = new OffscreenCanvas(size.width, size.height);
      const context = canvas.getContext("2d");
      if (context !== null) {
        context.fillStyle = "teal";
        context.fillRect(0, 0, size.width, size.height / 2);
      }
      const clipboardData = new DataTransfer();
      const blob = await canvas.convertToBlob();
      clipboardData.items.add(new File([blob], "shot.png", { type: blob.type }));
      input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    },
    { width, height },
  );
}
