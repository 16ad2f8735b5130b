import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RoutedSetup, routedSetup } from "../support/routedSimulator.ts";
import { answerEnds, ask, quietLine } from "./chatPage.ts";
import { Workbench } from "./workbench.ts";

/** Built here so that no file contains anything like a key. */
const KEY = `ghp_${"a1B2c3D4e5F6g7H8i9".repeat(2)}`;

describe("what is about to leave this machine", () => {
  let setup: RoutedSetup;
  let workbench: Workbench;
  let chat: Frame;

  beforeAll(async () => {
    setup = await routedSetup();
    workbench = await Workbench.open({
      settings: {
        ...setup.settings,
        "switchyard.routes": [
          { name: "At home", when: { keywords: ["homework"] }, models: ["home/sim-local"] },
          { name: "Everything else", models: ["east/sim-cheap", "west/sim-balanced"] },
        ],
      },
      env: setup.env,
    });
    chat = await workbench.openChat();
  }, 120_000);
  afterAll(async () => {
    expect(workbench?.webviewErrors).toEqual([]);
    await workbench?.close();
    await setup?.simulator.stop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await workbench.picture(`failed-${task.id}`);
  });

  const input = () => chat.locator("textarea.sy-input-text");
  const box = () => chat.getByRole("group", { name: "Before sending" });
  const requests = () => setup.simulator.requests();
  const lastRequest = () => JSON.stringify(requests().at(-1)?.body);

  it("sends a key to a local model without asking", async () => {
    await ask(chat, `My homework has ${KEY} in it`);
    expect(await quietLine(chat)).toContain("sim-local");
    expect(lastRequest()).toContain(KEY);
  });

  it("asks before the key leaves with the next prompt, keeps the prompt over a reload, and blanks it out", async () => {
    const before = requests().length;
    await input().fill(`Why is ${KEY} rejected?`);
    await input().press("Enter");
    await box().waitFor();
    expect(await box().innerText()).toContain("An earlier prompt holds what looks like a GitHub Token.");
    expect(await box().innerText()).not.toContain(KEY);
    expect(await input().inputValue()).toBe(`Why is ${KEY} rejected?`);
    await workbench.picture("held-prompt", "sidebar");
    await expect.poll(() => input().evaluate((element) => element === document.activeElement)).toBe(true);
    await workbench.reload();
    chat = await workbench.openChat();
    await expect.poll(() => input().inputValue()).toBe(`Why is ${KEY} rejected?`);
    await input().press("Enter");
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
});
