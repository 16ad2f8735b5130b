import type { Page } from "playwright-core";

/** The text of the Markdown previews in a window. Between the cells of a table are tabs. */
export async function previewText(page: Page): Promise<string> {
  const read = page.frames().map((frame) =>
    frame
      .locator(".markdown-body")
      .allInnerTexts()
      .catch(() => []),
  );
  return (await Promise.all(read)).flat().join("\n");
}
