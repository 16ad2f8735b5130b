import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import php from "highlight.js/lib/languages/php";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { sanitize } from "./sanitize.ts";

const languages = {
  ...{ bash, cpp, csharp, css, diff, go, java, javascript, json, kotlin },
  ...{ php, powershell, python, ruby, rust, sql, swift, typescript, xml, yaml },
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
hljs.registerAliases(["c", "h"], { languageName: "cpp" });
hljs.registerAliases(["shellscript", "shell", "console"], { languageName: "bash" });
hljs.registerAliases(["vue", "svelte"], { languageName: "xml" });

/** Longer code keeps one colour: highlighting takes about 3.5 ms per kilobyte and cannot be interrupted. */
const MAX_CODE_LENGTH = 40_000;

/** The token colours of look.css by the classes of highlight.js. */
const colours: Readonly<Record<string, string>> = {
  ...{ keyword: "k", "selector-tag": "k", name: "k", deletion: "k", "template-tag": "k" },
  ...{ string: "s", regexp: "s", char: "s", addition: "s", link: "s" },
  ...{ number: "n", symbol: "n", bullet: "n" },
  ...{ literal: "l", type: "l", built_in: "l", attr: "l", attribute: "l", "variable language_": "l" },
  ...{ title: "f", section: "f", "selector-class": "f", "selector-id": "f" },
  ...{ comment: "c", quote: "c", meta: "c" },
};

/** Colours finished code in place. Code in an unknown language keeps one colour. */
export function highlight(code: Element): void {
  const language = /(?:^|\s)language-(\S+)/.exec(code.className)?.[1];
  const text = code.textContent;
  if (language === undefined || text.length > MAX_CODE_LENGTH || hljs.getLanguage(language) === undefined)
    return;
  const coloured = sanitize(hljs.highlight(text, { language, ignoreIllegals: true }).value);
  for (const span of coloured.querySelectorAll("span")) {
    const kind = span.className.replace(/^hljs-/, "");
    const colour = colours[kind] ?? colours[kind.split(" ", 1)[0] ?? ""];
    if (colour === undefined) span.removeAttribute("class");
    else span.className = `sy-tok-${colour}`;
  }
  code.replaceChildren(coloured);
}
