import { describe, expect, it } from "vitest";
import { ownWordsIn } from "./ownWords.ts";

const STACKS = {
  JavaScript: `TypeError: Cannot create property 'x' of undefined
    at compare (/app/src/list.js:12:7)
    at Array.sort (<anonymous>)
    at async analyze (file:///app/src/main.js:3:1)`,
  "JavaScript without indentation": "at compare (/app/src/list.js:12:7)\nat analyze (/app/main.js:3:1)",
  Python: `Traceback (most recent call last):
  File "/app/main.py", line 3, in <module>
    compare(create(a), b)
    ~~~~~~~^^^^^^^^^^^^^^
  File "/app/list.py", line 9, in compare
    return a.value - b.value
AttributeError: 'NoneType' object has no attribute 'value'`,
  Java: `Exception in thread "main" java.lang.IllegalStateException: cannot create bean
	at com.example.Compare.analyze(Compare.java:14)
	at com.example.Main.main(Main.java:5)
Caused by: java.io.IOException: list is empty
	... 23 more`,
  Rust: `thread 'main' panicked at src/main.rs:3:5:
  compare failed
   0: 0x55d5 std::panicking::begin_panic
             at /rustc/9fc6b43/library/std/src/panicking.rs:692:5`,
} as const;

const LOGS = {
  "with times":
    "2026-11-21T15:00:01Z ERROR cannot create the list\n2026-11-21 15:00:02,120 INFO compare done",
  "of syslog": "Nov 21 15:00:01 host app[12]: analyze started\nNov  2 15:00:01 host app[12]: create failed",
  "with levels": "[ERROR] cannot create the list\nWARN com.example.Lists - compare is slow\nINFO: explain",
  "as JSON": '{"level":30,"time":1700000000,"msg":"create"}\n{"msg":"compare"}',
  "of a server": '127.0.0.1 - - [21/Nov/2026:15:00:01 +0000] "POST /create HTTP/1.1" 500',
  "of compilers":
    "src/list.ts(3,5): error TS2322: Type 'create' is not assignable.\nsrc/list.c:3:5: error: compare\nsrc/a.rs:4:2 explain\nerror[E0382]: borrow of moved value: `list`\n  --> src/main.rs:3:5\n   |\n 3 |   let list = create();",
  "of npm": "npm ERR! code ELIFECYCLE\nnpm error create failed",
} as const;

const PATCH = `diff --git a/src/list.ts b/src/list.ts
index 83db48f..bf26912 100644
--- a/src/list.ts
+++ b/src/list.ts
@@ -1,4 +1,5 @@ export function compare
 const a = 1;

-create(a);
+analyze(a);
+explain(a);
 list(a);`;

describe("the user's own words", () => {
  it.each([
    "Compare both versions",
    "Compare:\n- list a\n- list b\n\n    and indented words at the end (see above)",
    "Is src/list.ts:12 wrong? Errors: none. WARNING signs at 12:30?",
    "> why does it fail?\nBecause of the list.",
    "a < b, so <T> is created",
    "<div>\nis never closed",
    "INFO we have: nothing\nERROR in my build, create a fix",
    "Error handling: compare both ways",
    "",
  ])("are a text without anything pasted: %j", (text) => {
    expect(ownWordsIn(text)).toBe(text);
  });

  it.each(Object.entries({ ...STACKS, ...LOGS }))("contain no stack trace or log, %s", (_, pasted) => {
    expect(ownWordsIn(`Why does this fail?\n\n${pasted}\n\nIt worked before.`)).toBe(
      "Why does this fail?\n\n\nIt worked before.",
    );
    expect(ownWordsIn(pasted)).toBe("");
    expect(ownWordsIn(pasted.replaceAll("\n", "\r\n"))).toBe("");
  });

  it("contain no fenced code, closed or not, and no shorter fence in it", () => {
    const code = "````md\ncompare\n```js\ncreate()\n```\n````";
    expect(ownWordsIn(`Why?\n${code}\nThanks`)).toBe("Why?\nThanks");
    expect(ownWordsIn(`Why?\n  ~~~\n${code}\n  ~~~\nThanks`)).toBe("Why?\nThanks");
    expect(ownWordsIn("Why?\n```js\ncreate()")).toBe("Why?");
    expect(ownWordsIn("```create``` fails")).toBe("```create``` fails");
  });

  it("contain no diff, and the words that follow it directly", () => {
    expect(ownWordsIn(`Review\n${PATCH}\n- compare the names`)).toBe("Review\n- compare the names");
    expect(ownWordsIn("@@ -1 +1 @@\n-create\n+compare\nWhy?")).toBe("Why?");
  });

  it("contain short quotes and no long ones", () => {
    expect(ownWordsIn("> create\n> a\n> list\nAgreed?")).toBe("Agreed?");
    expect(ownWordsIn(`> ${"compare ".repeat(30)}\nAgreed?`)).toBe("Agreed?");
    expect(ownWordsIn("> create\nAgreed?")).toBe("> create\nAgreed?");
  });

  it("contain no block in tags", () => {
    const reminder = "<system-reminder>\nCompare <b>all</b>.\n</system-reminder>";
    const file = '<file path="a.ts">\n<file>\ncreate()\n</file>\n</file>';
    expect(ownWordsIn(`${reminder}\nrename x\n${file}\n`)).toBe("rename x");
    expect(ownWordsIn(reminder)).toBe("");
  });

  it("are those in a tag for the user's words", () => {
    const details = "<environment_details>\ncompare\n</environment_details>";
    expect(ownWordsIn(`<task>\nrename x\n\`\`\`\ncreate()\n\`\`\`\n</task>\n${details}`)).toBe("rename x");
  });

  it.each([
    ["tags without ends", Array.from({ length: 10_000 }, (_, at) => `<a${at}>\n</b${at}>\n`).join("")],
    ["tags with one end", `${"<a>\n".repeat(30_000)}</a>`],
    ["a long word", "a.".repeat(65_000)],
    ["white space", `${" ".repeat(65_000)}\n${"\t\n".repeat(30_000)}`],
    ["fences in fences", "````\n```\n````\n".repeat(9000)],
    ["headers of hunks", "@@ -1,9999 +1,9999 @@\n".repeat(6000)],
  ])("are found in linear time in %s", (_, text) => {
    // Quadratic time would exceed the time limit of a test.
    expect(text).toContain(ownWordsIn(text));
  });
});
