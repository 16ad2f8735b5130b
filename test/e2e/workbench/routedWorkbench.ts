import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Simulator } from "../../../src/simulator/server.ts";
import { type RoutedSetup, routedSetup } from "../../support/routedSimulator.ts";
import { type Settings, Workbench, type WorkbenchOptions } from "./workbench.ts";

/** What the tests of a `describe` use. */
export type Routed = { readonly workbench: Workbench; readonly simulator: Simulator };

/** How the workbench is opened. */
export type RoutedOptions = Omit<WorkbenchOptions, "settings" | "env"> & {
  /** Changes the settings with which the simulator's models are routed (`routedSetup`). */
  readonly settings?: (routed: RoutedSetup["settings"]) => Settings;
  /** Leaves the simulator's key out of the environment. */
  readonly withoutKey?: boolean;
};

/**
 * Opens a workbench whose models a simulator answers for, before the tests of this `describe`, and closes both after them.
 * Takes a picture when a test fails, and leaves no test what the one before it has prepared in the simulator or, if that
 * one has failed, left open in the workbench.
 * @param use receives both before the first test
 */
export function routedWorkbench(use: (opened: Routed) => unknown, options: RoutedOptions = {}): void {
  const { settings = (routed) => routed, withoutKey = false, ...rest } = options;
  let setup: RoutedSetup;
  let workbench: Workbench | undefined;

  beforeAll(async () => {
    setup = await routedSetup();
    const env = withoutKey ? {} : setup.env;
    workbench = await Workbench.open({ ...rest, settings: settings(setup.settings), env });
    await use({ workbench, simulator: setup.simulator });
  });
  afterEach(async ({ task }) => {
    setup.simulator.clear();
    if (task.result?.state !== "fail" || workbench === undefined) return;
    await workbench.runBuiltIn("notifications.showList");
    await workbench.picture(`failed-${task.id}`);
    await workbench.tidy();
  });
  afterAll(async () => {
    await workbench?.close();
    await setup?.simulator.stop();
    if (workbench !== undefined) expect(workbench.webviewErrors).toEqual([]);
  });
}
