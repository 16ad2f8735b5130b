import { describe, expect, it } from "vitest";
import { editAnswer } from "./edits.ts";

const CODE = "const a = 1;\nfor (let i = 0; i <= a.length; i++) {\n}";
const ask = (words: string, form: "whole" | "blocks", again = false, model = "sim-cheap") =>
  editAnswer(
    [
      {
        role: "system",
        text: `You edit code in Visual Studio Code. ${form === "blocks" ? "<<<<<<< SEARCH" : ""}`,
      },
      {
        role: "user",
        text: `The code after it:\n\`\`\`ts\nrest\n\`\`\`\n\nSelected:\n\`\`\`ts\n${CODE}\n\`\`\`\n\n${words}`,
      },
      ...(again
        ? [
            { role: "assistant", text: "" },
            { role: "user", text: "Again" },
          ]
        : []),
    ],
    model,
  );

describe("the simulator, asked for an edit", () => {
  it("repairs the code, or replaces what the prompt names, in the form that is asked for", () => {
    expect(ask("Fix it", "whole")).toBe(`\`\`\`ts\n${CODE.replace("<=", "<")}\n\`\`\``);
    expect(ask("[replace: a = 1 => a = 'x'] [replace: i++ => ++i]", "blocks")).toBe(
      "<<<<<<< SEARCH\nconst a = 1;\n=======\nconst a = 'x';\n>>>>>>> REPLACE\n\n" +
        "<<<<<<< SEARCH\nfor (let i = 0; i <= a.length; i++) {\n=======\nfor (let i = 0; i <= a.length; ++i) {\n>>>>>>> REPLACE",
    );
  });

  it("says in a new file that it writes no code", () => {
    const answer = editAnswer(
      [
        { role: "system", text: "You edit code in Visual Studio Code." },
        { role: "user", text: "Selected:\n```ts\n\n```\n\nWrite tests" },
      ],
      "sim-cheap",
    );
    expect(answer).toContain("// The simulator writes no new code.");
  });

  it("gives a wrong edit, for the named models only", () => {
    const words = "[edit: wrong sim-cheap sim-local]";
    expect(ask(words, "whole")).toContain('number = "not a number"');
    expect(ask(words, "blocks")).toContain('number = "not a number"');
    expect(ask(words, "whole", false, "sim-premium")).not.toContain("not a number");
  });

  it("gives blocks without a place at first, and none where the prompt says so", () => {
    expect(ask("[edit: not-found]", "blocks")).toContain("these lines are not in the code");
    expect(ask("[edit: not-found]", "blocks", true)).toContain("i < a.length");
    expect(ask("[edit: none]", "blocks")).not.toContain("SEARCH");
  });

  it("answers other requests as before", () => {
    expect(editAnswer([{ role: "user", text: "Fix it" }], "sim-cheap")).toBeUndefined();
  });
});
