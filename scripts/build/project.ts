import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
const projectDir = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path inside the repository. */
export function inProject(...parts: string[]): string {
  return join(projectDir, ...parts);
}
