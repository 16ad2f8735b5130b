import type { Page } from "playwright-core";

/** Drags the edge of the sidebar until its view is this wide in CSS pixels. */
export async function setSidebarWidth(page: Page, px: number): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const missing = px - (await viewWidth(page));
    if (Math.abs(missing) < 1) return;
    const x = await sashX(page);
    const y = 300;
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + missing / 2, y);
    await page.mouse.move(x + missing, y);
    await page.mouse.up();
    // Pictures must not show the sash's hover.
    await page.mouse.move(x + missing + 200, y);
    await page.locator(".monaco-sash.hover, .monaco-sash.active").first().waitFor({ state: "detached" });
  }
  const width = await viewWidth(page);
  if (Math.abs(width - px) >= 1) throw new Error(`the sidebar's view is ${width} px wide, not ${px}`);
}

async function viewWidth(page: Page): Promise<number> {
  const box = await page.locator(".part.sidebar > .content").boundingBox();
  if (box === null) throw new Error("the sidebar is not open");
  return box.width;
}

/** Returns the position of the sash at the sidebar's right edge. */
async function sashX(page: Page): Promise<number> {
  const sidebar = await page.locator(".part.sidebar").boundingBox();
  if (sidebar === null) throw new Error("the sidebar is not open");
  const edge = sidebar.x + sidebar.width;
  const boxes = await Promise.all(
    (await page.locator(".monaco-sash.vertical:not(.disabled)").all()).map((sash) => sash.boundingBox()),
  );
  const middles = boxes.flatMap((box) => (box === null || box.height < 100 ? [] : [box.x + box.width / 2]));
  const nearest = middles.sort((a, b) => Math.abs(a - edge) - Math.abs(b - edge))[0];
  if (nearest === undefined || Math.abs(nearest - edge) > 12) throw new Error("the sidebar has no sash");
  return nearest;
}
