import timers from "node:timers";

// A setup file for files that share a process: what waits for a timer that stayed mocked waits forever, in any later file.
if (globalThis.setTimeout !== timers.setTimeout) {
  throw new Error("An earlier test file of this process has mocked setTimeout and not restored it.");
}
