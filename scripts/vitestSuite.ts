import { inProject } from "./build/project.ts";
import { type Counts, countsOf } from "./counts.ts";
import { runTool } from "./runTool.ts";

/** Runs some of vitest's projects, and counts. @param name of the file in out/results that they leave their results in */
export function vitestSuite(name: string, projects: readonly string[]): Promise<Counts> {
  const results = inProject("out/results", `${name}.json`);
  return countsOf(results, () =>
    runTool("vitest", [
      "run",
      ...projects.map((project) => `--project=${project}`),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
    ]),
  );
}
