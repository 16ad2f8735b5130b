import { beforeAll, describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { type Catalogue, knownTo } from "../../src/models/catalogue.ts";
import { loadCatalogue } from "../../src/models/catalogueFiles.ts";
import { checkSettings } from "../../src/settings/checks.ts";
import { readJsonc } from "../../src/settings/jsonc.ts";
import { readSettings } from "../../src/settings/read.ts";
import { blocksOf, documents } from "./documents.ts";

// The world file in docs/cli.md is tested with `decide`.
const examples = blocksOf(...documents.filter(({ path }) => path !== "docs/cli.md")).filter(
  ({ language }) => language === "jsonc",
);

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(inProject("src/models/data"));
});

/** Providers that the example of `switchyard.providers` configures, and others use. */
const CONFIGURED = ["azure", "gpu-box"];

describe("examples of settings in the documents", () => {
  it.each(examples)("are valid, and name only known models: $document, line $line", ({ text }) => {
    const { raw, errors } = readJsonc(text.startsWith("{") ? text : `{${text}}`);
    expect(errors).toEqual([]);
    expect(Object.keys(raw).filter((name) => !name.startsWith("switchyard."))).toEqual([]);
    const read = readSettings(raw);
    const known = knownTo(catalogue, read.settings, CONFIGURED);
    expect([...read.problems, ...checkSettings(read, known)]).toEqual([]);
  });

  it("are in the README and in every guide that describes settings", () => {
    const withExamples = new Set(examples.map(({ document }) => document));
    for (const name of ["routing", "budget", "reliability", "privacy-and-security", "settings"])
      expect(withExamples).toContain(`docs/${name}.md`);
    expect(withExamples).toContain("README.md");
  });
});
