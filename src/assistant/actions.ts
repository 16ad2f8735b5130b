/** What can be done with selected code. The id is the `/command` that routes match on. */
export type Action = "explain" | "fix" | "ask";

/** What an action asks, in the user's place; `ask` asks what the user types. */
export const ACTION_PROMPTS: Readonly<Record<Exclude<Action, "ask">, string>> = {
  explain: "Explain this code.",
  fix: "Find and fix what is wrong in this code. Show the corrected code, then say briefly what was wrong.",
};
