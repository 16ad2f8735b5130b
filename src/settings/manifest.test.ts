import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isRecord } from "../base/isRecord.ts";
import { capabilities, configuration, withSettings } from "./manifest.ts";
import { SETTING_NAMES } from "./read.ts";

const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const properties = configuration()["properties"];

function property(name: string): Readonly<Record<string, unknown>> {
  const found = isRecord(properties) ? properties[name] : undefined;
  if (!isRecord(found)) throw new Error(`no ${name}`);
  return found;
}

describe("the manifest", () => {
  it("says what the settings' schema says (else: node scripts/build/manifest.ts)", () => {
    expect(isRecord(manifest) && withSettings(manifest)).toEqual(manifest);
  });

  it("lets a workspace set routes, complexity and private paths, and nothing else", () => {
    const ofWindow = SETTING_NAMES.filter((name) => property(name)["scope"] === "window");
    expect(ofWindow).toEqual([
      "switchyard.routes",
      "switchyard.complexity.keywords",
      "switchyard.complexity.length",
      "switchyard.privatePaths",
    ]);
    expect(
      SETTING_NAMES.every((name) => /^(?:window|application)$/.test(String(property(name)["scope"]))),
    ).toBe(true);
  });

  it("ignores routes and complexity of a workspace that is not trusted, and obeys its private paths", () => {
    expect(capabilities()).toMatchObject({
      untrustedWorkspaces: {
        supported: "limited",
        restrictedConfigurations: [
          "switchyard.routes",
          "switchyard.complexity.keywords",
          "switchyard.complexity.length",
        ],
      },
      virtualWorkspaces: true,
    });
  });

  it("has a default, a place and a text for every setting", () => {
    const orders = SETTING_NAMES.map((name) => property(name)["order"]);
    expect(new Set(orders).size).toBe(SETTING_NAMES.length);
    for (const name of SETTING_NAMES) {
      expect(property(name)).toHaveProperty("default");
      expect(String(property(name)["markdownDescription"])).toMatch(/\.|\*$/);
    }
  });

  it("refuses unknown keys in a route and offers choices with their meaning", () => {
    const route = property("switchyard.routes")["items"];
    expect(route).toMatchObject({
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
