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
      /[!-/:-@[-`{-~]|[\p{P}\p{S}]|[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B820}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu,
      " $& ",
    );
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
