import { inProject } from "./build/project.ts";

/** Where the unit tests leave their results. */
export const unitResults = inProject("out/results/unit.json");

/** vitest's arguments for the unit tests, for people and for scripts/counts.ts. */
export const unitArguments = [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${unitResults}`,
];
