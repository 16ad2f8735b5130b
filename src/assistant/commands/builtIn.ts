import type { PromptTemplate } from "./fillPrompt.ts";

/**
 * The commands that every chat has. Their instructions are in English, whatever the user's language is; the words of
 * `switchyard.complexity.keywords` in them rank a review as hard, and tests and refactoring as medium.
 */
export const BUILT_IN_COMMANDS: readonly PromptTemplate[] = [
  { name: "explain", text: "Explain this code.", textWithoutCode: "Explain this.", code: "selected" },
  {
    name: "fix",
    text: "Find and fix what is wrong in this code. Show the corrected code, then say briefly what was wrong.",
    code: "selected-or-file",
  },
  {
    name: "tests",
    text: "Write tests for this code, with the test framework that it already uses. Then list the cases that the tests cover.",
    code: "selected-or-file",
  },
  {
    name: "document",
    text: "Write the comments that document this code: what each public part does, takes and returns, and which errors it reports. Show the code with them, otherwise unchanged.",
    code: "selected-or-file",
  },
  {
    name: "refactor",
    text: "Make this code easier to read and to change, without changing what it does. Show the new code, then describe what you changed.",
    code: "selected-or-file",
  },
  {
    name: "review",
    text: "Review this code. Analyze it for mistakes, security problems and parts that are hard to understand. Name the most serious first, each with its line and a repair.",
    code: "selected-or-file",
  },
  {
    name: "commit",
    text: "Write a commit message for {changes}: an imperative title of at most 72 characters and, only if the title is not enough, an empty line and a body that says what changes and why. Answer with the message alone, in a code block.",
  },
];
