import { describe, expect, it } from "vitest";
import { isFollowUp } from "./followUp.ts";

describe("isFollowUp", () => {
  it.each(
    [
      ["yes", "Yes!", "y", "ok", "OK.", "yes please", "Sure, go ahead", "go on", "continue", "Keep going..."],
      [
        "commit it",
        "ok do it",
        "do that",
        "make it shorter",
        "now test this",
        "Fix it.",
        "explain that again",
      ],
      [
        "why?",
        "Why",
        "really?",
        "and then?",
        "again",
        "no",
        "no, undo that",
        "commit and push",
        "LGTM",
        "thanks",
      ],
      ["2", "2.", "option 2", "the second one", "both", "👍", "...", "?", "that's right", "it's fine"],
      [
        "ja",
        "Ja, bitte",
        "mach weiter",
        "mach das",
        "Nochmal!",
        "weiter",
        "das zweite",
        "warum?",
        "hau rein",
      ],
      ["oui", "vas-y", "d'accord", "s'il te plaît", "continue", "encore", "fais-le", "sí", "Sí, hazlo"],
      ["sì", "va bene", "sim", "ga door", "doe maar", "tak", "devam et", "да", "продолжай", "сделай это"],
      [
        "looks good to me, implement step 1 and 2",
        "ok, start with part 2",
        "Ja, bitte genau so",
        "ja, mach Schritt 1",
      ],
      ["好的，继续", "yes - steps 1 and 3 first"],
      ["好的", "继续", "继续。", "可以，继续", "はい", "続けて", "네", "계속", "ต่อไป"],
    ].flat(),
  )("accepts %j", (text) => {
    expect(isFollowUp(text)).toBe(true);
  });

  it.each(
    [
      ["What is a closure?", "what is it", "How does it work?", "is it thread-safe?", "which one"],
      [
        "Write unit tests",
        "Explain closures",
        "Sort an array",
        "refactor",
        "translate to German",
        "asdf qwer zxcv",
      ],
      ["Compare it with Rust and C++", "yes, and now write it in Rust please", "404", "Write a story"],
      ["Was ist ein Closure?", "wie geht das", "Erkläre Closures", "Schreib einen Test", "Was bedeutet das?"],
      [
        "Qu'est-ce qu'une closure?",
        "comment ça marche",
        "什么是闭包",
        "写一个排序函数",
        "クロージャとは何ですか",
      ],
      [
        "Compare step 1 and step 2",
        "looks wrong, rewrite step 1",
        "ok, what is step 2?",
        "yes, write a test for it in Go",
      ],
      ["", "   ", `${"yes ".repeat(3)}${"y".repeat(60)}`, "/fix"],
    ].flat(),
  )("rejects %j", (text) => {
    expect(isFollowUp(text)).toBe(false);
  });

  it("rejects a very long text without searching it", () => {
    const text = `${"a'".repeat(5_000_000)}yes`;
    expect(isFollowUp(text)).toBe(false);
  });
});
