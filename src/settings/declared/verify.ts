/** The command that checks edits of selected code. */
import * as v from "valibot";
import { milliseconds, setting } from "../values.ts";

export const verifyCommand = setting({
  schema: v.pipe(v.string(), v.maxLength(1_000)),
  default: "",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "A command that checks edits of selected code, such as tests. It runs in a shell in the workspace folder of the file when you accept all of an edit, which saves the file, and on *Switchyard: Run Verify Command*. Exit code 0: the edit passes. A workspace can only propose a command, which you confirm once. No command runs in Restricted Mode. Empty: none.",
  example: "npm test",
});

export const verifyTimeoutMs = setting({
  schema: milliseconds,
  default: 120_000,
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "How long `switchyard.verify.command` may run, in milliseconds. After that it is ended with all of its processes, and the edit fails.",
});
