import type { Page } from "playwright-core";
import { until } from "./until.ts";

/** Entries of settings.json; `undefined` removes one. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * Replaces the user's settings.json in the editor and saves it. (The host does not watch that file: written to the disk
 * behind its back, or saved in another window, it is read again only when the window is reloaded.)
 */
export async function replaceUserSettings(
  workbench: { readonly page: Page; command(title: string): Promise<void> },
  settings: Settings,
): Promise<void> {
  const { page } = workbench;
  const tab = page.locator('.tab.active[data-resource-name="settings.json"]');
  // What comes just before may take the focus away before the command is run.
  await until(async () => {
    await workbench.command("Preferences: Open User Settings (JSON)");
    await tab.waitFor({ timeout: 8_000 });
  }, 60_000);
  await page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(JSON.stringify(settings, null, 2));
  await page.keyboard.press("ControlOrMeta+S");
  await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  await workbench.command("View: Close Editor");
  await tab.waitFor({ state: "detached" });
}
