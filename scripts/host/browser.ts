import { type Browser, chromium } from "playwright-core";
import { chromiumFlags, installChromium } from "./chromium.ts";

/** A headless Chromium. Signals are ours to handle: everything is ended together. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: installChromium(),
    args: chromiumFlags,
    chromiumSandbox: false,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
