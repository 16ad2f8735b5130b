import { expect, it } from "vitest";
import { packagesIn } from "./notices.ts";

it("lists exactly the packages whose code is in a shipped bundle", () => {
  const input = (bytesInOutput: number) => ({ bytesInOutput });
  const output = { bytes: 1, imports: [], exports: [] };
  const found = packagesIn([
    {
      outputs: {
        "dist/extension.cjs": {
          ...output,
          inputs: {
            "src/extension.ts": input(10),
            "node_modules/valibot/dist/index.js": input(10),
            "node_modules/@a/b/node_modules/@c/d/e.js": input(10),
            "node_modules/removed-as-unused/index.js": input(0),
          },
        },
        "dist/demo.js": { ...output, inputs: { "node_modules/only-in-demo/index.js": input(10) } },
      },
    },
  ]);
  expect([...found].sort()).toEqual([
    "node_modules/@a/b/node_modules/@c/d",
    "node_modules/@vscode/codicons",
    "node_modules/valibot",
  ]);
});
