/**
 * The tokenizer's rules, written as plainly as possible, one regular expression after the other. Tests compare the real
 * tokenizer with it, and it is the baseline of the embedding benchmark.
 */
export function plainTokens(text: string, vocabulary: ReadonlyMap<string, number>): readonly number[] {
  const separated = text.slice(0, 8000).replace(/[A-Za-z0-9]+/g, (run) => {
    const isLower = /[a-z]/.test(run) && !/[A-Z]/.test(run);
    if (isLower || vocabulary.has(run.toLowerCase())) return run;
    return run.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, " ");
  });
  const spaced = separated
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\t\n\r\p{Z}]/gu, " ")
    .replace(/[\p{Mn}\p{C}\uFFFD]/gu, "")
    .replace(
      /[\u1100-\u11FF\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFF00-\uFFEF\u{20000}-\u{323AF}]/gu,
      " ",
    )
    .replace(/[!-/:-@[-`{-~]|[\p{P}\p{S}]/gu, " $& ");
  const tokens: number[] = [];
  for (const word of spaced.split(" ")) {
    if (word === "") continue;
    tokens.push(...piecesOf(word, vocabulary));
    if (tokens.length >= 512) break;
  }
  return tokens.slice(0, 512);
}

function piecesOf(word: string, vocabulary: ReadonlyMap<string, number>): readonly number[] {
  const points = [...word];
  if (points.length > 100) return [];
  const found: number[] = [];
  for (let from = 0; from < points.length; ) {
    let to = points.length;
    let row: number | undefined;
    for (; to > from; to -= 1) {
      row = vocabulary.get((from === 0 ? "" : "##") + points.slice(from, to).join(""));
      if (row !== undefined) break;
    }
    if (row === undefined) return [];
    found.push(row);
    from = to;
  }
  return found;
}
