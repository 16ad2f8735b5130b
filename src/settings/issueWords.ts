import type * as v from "valibot";
import { isRecord } from "../base/isRecord.ts";
import { nearest } from "../base/nearest.ts";
import { choiceOf, type Path, shortened } from "./problem.ts";

/** An issue of a schema with its path from the top of the setting. */
export type Issue = { readonly path: Path; readonly issue: v.BaseIssue<unknown> };

type Words = { readonly message: string; readonly repair: string };

/**
 * The issues that say most: where a value may take one of several shapes, those within the shape that it resembles
 * instead of "none of them".
 */
export function flatIssues(issues: readonly v.BaseIssue<unknown>[], base: Path = []): readonly Issue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...pathOf(issue)];
    const deeper = issue.type === "union" ? (issue.issues ?? []).filter(isWithin) : [];
    return deeper.length > 0 ? flatIssues(deeper, path) : [{ path, issue }];
  });
}

/** What was received, and what would be right. `quiet`: what was received is not repeated, it may be a secret. */
export function wordsFor(issue: v.BaseIssue<unknown>, value: unknown, quiet: boolean): Words {
  const received = quiet && typeof value === "string" ? "This text" : receivedText(value);
  const { requirement } = issue;
  switch (issue.type) {
    case "strict_object":
      if (issue.expected === "never") return unknownKey(issue);
      return issue.expected === "Object"
        ? wrongType(received, value, "an object in braces: { … }")
        : { message: "This is missing.", repair: "Add it." };
    case "picklist":
    case "literal":
      return notAmong(received, value, issue);
    case "min_value":
      return { message: `${received} is too small.`, repair: `Write ${requirement} or more.` };
    case "max_value":
      return { message: `${received} is too large.`, repair: `Write ${requirement} or less.` };
    case "gt_value":
      return { message: `${received} is too small.`, repair: `Write more than ${requirement}.` };
    case "integer":
      return { message: `${received} is no whole number.`, repair: `Write ${wholeNear(value)}.` };
    case "min_length":
    case "non_empty":
      return { message: "This is empty.", repair: "Fill it in, or leave it out." };
    case "max_length":
      return { message: "This is too long.", repair: `Write ${requirement} characters at most.` };
    case "regex":
    case "check":
      return { message: checkText(issue, received), repair: `Write ${issue.message}.` };
    case "union":
      return wrongType(received, value, unionText(issue));
    default:
      return wrongType(received, value, typeText(issue.type));
  }
}

function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).flatMap(({ key }) =>
    typeof key === "string" || typeof key === "number" ? [key] : [],
  );
}

/** True where the value had the shape, and something inside was wrong. */
function isWithin(issue: v.BaseIssue<unknown>): boolean {
  return (issue.path ?? []).length > 0 || issue.kind === "validation";
}

function receivedText(value: unknown): string {
  if (value === undefined) return "Nothing";
  if (typeof value === "string") return JSON.stringify(shortened(value));
  if (Array.isArray(value)) return "A list";
  if (isRecord(value)) return "An object";
  return shortened(String(value));
}

function unknownKey(issue: v.BaseIssue<unknown>): Words {
  const known = Array.isArray(issue.requirement) ? issue.requirement.map(String) : [];
  const meant = nearest(String(issue.input), known);
  return {
    message: `${receivedText(issue.input)} is not known here.`,
    repair: meant === undefined ? `Known are ${choiceOf(known)}.` : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

function notAmong(received: string, value: unknown, issue: v.BaseIssue<unknown>): Words {
  const options = optionsOf(issue);
  const meant = typeof value === "string" ? nearest(value, options) : undefined;
  return {
    message: `${received} is not among ${choiceOf(options)}.`,
    repair: meant === undefined ? `Write ${choiceOf(options)}.` : `Did you mean ${JSON.stringify(meant)}?`,
  };
}

/** The options as valibot tells them: `("a" | "b")`. */
function optionsOf(issue: v.BaseIssue<unknown>): readonly string[] {
  return [...(issue.expected ?? "").matchAll(/"([^"]*)"/g)].map(([, option]) => option ?? "");
}

function wrongType(received: string, value: unknown, expected: string): Words {
  const wanted = `Write ${expected}`;
  const unquoted = typeof value === "string" && /number|true/.test(expected) ? value.trim() : "";
  const fits = expected.includes("number") ? /^-?\d{1,15}(?:\.\d{1,15})?$/ : /^(?:true|false)$/;
  return {
    message: `${received} stands where ${expected} belongs.`,
    repair: fits.test(unquoted) ? `Write ${unquoted} without quotes.` : `${wanted}.`,
  };
}

function checkText(issue: v.BaseIssue<unknown>, received: string): string {
  return issue.type === "regex" ? `${received} is not ${issue.message}.` : "This does not fit together.";
}

function unionText(issue: v.BaseIssue<unknown>): string {
  const options = (issue.issues ?? []).map(({ type }) => typeText(type));
  return [...new Set(options)].join(" or ");
}

function typeText(type: string): string {
  switch (type) {
    case "string":
    case "literal":
      return "a text in quotes";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list in brackets: [ … ]";
    case "nullable":
      return "null";
    default:
      return "an object in braces: { … }";
  }
}

function wholeNear(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.round(value) : 1;
}
