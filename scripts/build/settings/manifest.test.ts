import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isRecord } from "../../../src/base/isRecord.ts";
import { readJsonc } from "../../../src/settings/jsonc.ts";
import { readSettings } from "../../../src/settings/read.ts";
import { SETTING_NAMES } from "../../../src/settings/schema.ts";
import { inProject } from "../../project.ts";
import { capabilities, configuration, withSettings } from "./manifest.ts";
import { settingsReference } from "./reference.ts";

const properties = configuration()["properties"];

function property(name: string): Readonly<Record<string, unknown>> {
  const found = isRecord(properties) ? properties[name] : undefined;
  if (!isRecord(found)) throw new Error(`The manifest has no setting ${name}.`);
  return found;
}

describe("package.json", () => {
  it("matches the declarations of the settings (to update it, run: node scripts/build/manifest.ts)", async () => {
    const manifest: unknown = JSON.parse(await readFile(inProject("package.json"), "utf8"));
    expect(isRecord(manifest) && withSettings(manifest)).toEqual(manifest);
  });

  it("lets a workspace set only routes, complexity and private paths", () => {
    const scopeOf = (name: string) => property(name)["scope"];
    expect(SETTING_NAMES.filter((name) => scopeOf(name) === "window")).toEqual([
      "switchyard.routes",
      "switchyard.complexity.keywords",
      "switchyard.complexity.length",
      "switchyard.complexity.hold",
      "switchyard.privatePaths",
    ]);
    expect(SETTING_NAMES.every((name) => /^(?:window|application)$/.test(String(scopeOf(name))))).toBe(true);
  });

  it("ignores routes and complexity of an untrusted workspace, but not its private paths", () => {
    expect(capabilities()).toMatchObject({
      untrustedWorkspaces: {
        supported: "limited",
        restrictedConfigurations: [
          "switchyard.routes",
          "switchyard.complexity.keywords",
          "switchyard.complexity.length",
          "switchyard.complexity.hold",
        ],
      },
      virtualWorkspaces: true,
    });
  });

  it("has a default, an order and a description for every setting", () => {
    const orders = SETTING_NAMES.map((name) => property(name)["order"]);
    expect(new Set(orders).size).toBe(SETTING_NAMES.length);
    for (const name of SETTING_NAMES) {
      expect(property(name)).toHaveProperty("default");
      expect(String(property(name)["markdownDescription"])).toMatch(/\.$/);
    }
  });

  it("rejects unknown keys in a route, and describes each choice of a setting", () => {
    expect(property("switchyard.routes")["items"]).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: ["name", "models"],
    });
    expect(property("switchyard.budget.dailyUsd")).toMatchObject({
      type: ["number", "null"],
      minimum: 0,
      default: 5,
    });
    expect(property("switchyard.budget.whenExceeded")["enumDescriptions"]).toHaveLength(4);
  });
});

describe("docs/settings.md", () => {
  it("matches the declarations of the settings (to update it, run: node scripts/build/manifest.ts)", async () => {
    expect(await readFile(inProject("docs/settings.md"), "utf8")).toBe(settingsReference());
  });

  it("contains only examples that are valid", () => {
    const blocks = [...settingsReference().matchAll(/```jsonc\n([\s\S]*?)\n```/g)];
    expect(blocks.length).toBeGreaterThan(5);
    for (const [, block] of blocks) {
      const { raw, errors } = readJsonc(`{ ${block} }`);
      expect([errors, readSettings(raw).problems]).toEqual([[], []]);
    }
  });
});

describe("a setting", () => {
  it("is read by the product", async () => {
    const code = await productCode();
    expect(SETTING_NAMES.filter((name) => !isRead(name, code))).toEqual([]);
    const unread = ["switchyard.neverRead", "switchyard.neverRead.inner", "switchyard.budget.neverRead"];
    expect(unread.filter((name) => isRead(name, code))).toEqual([]);
  });

  it("has only fields and choices that the product knows", async () => {
    const code = await productCode();
    const fields = [...valuesIn(configuration(), "properties")].filter((field) => !field.includes("."));
    expect(fields.filter((field) => !new RegExp(`(?:\\.|[{,]\\s*)${field}\\b`).test(code))).toEqual([]);
    const choices = [...valuesIn(configuration(), "enum")];
    expect(choices.filter((choice) => !code.includes(`"${choice}"`) && !code.includes(`${choice}:`))).toEqual(
      [],
    );
    expect([fields.length > 40, choices.length > 15]).toEqual([true, true]);
  });
});

/** The keys of all objects, or the entries of all lists, that are at this key anywhere within a value. */
function valuesIn(value: unknown, key: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(visit);
    if (!isRecord(at)) return;
    const inner = at[key];
    if (Array.isArray(inner)) for (const entry of inner) found.add(String(entry));
    else if (isRecord(inner)) for (const name of Object.keys(inner)) found.add(name);
    Object.values(at).forEach(visit);
  };
  visit(value);
  return found;
}

/** The code that is shipped, without the declarations of the settings and without comments. */
async function productCode(): Promise<string> {
  const src = inProject("src");
  const files = (await readdir(src, { recursive: true })).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !/^(?:settings|simulator)\b/.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(src, file), "utf8")));
  return texts.join("\n").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

/** True if code gets the setting from the settings: `settings.a.b`, or `const { a } = settings` and then `b`. */
function isRead(name: string, code: string): boolean {
  const [, outer = "", inner] = name.split(".");
  const access = `[sS]ettings(?:\\(\\))?(?:\\.current)?\\.${outer}\\b`;
  const destructured = `\\{[^{}]*\\b${outer}\\b[^{}]*\\}\\s*(?:=\\s*[^;\\n]*[sS]ettings|:\\s*(?:Pick<)?Settings)`;
  return (
    new RegExp(`${access}|${destructured}`).test(code) &&
    (inner === undefined || new RegExp(`(?:\\.|[{,]\\s*)${inner}\\b`).test(code))
  );
}
