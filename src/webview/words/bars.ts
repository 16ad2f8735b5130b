/** A figure beside the bar that it is held against, with as many digits as keep a miss from reading like a hit. */
export function againstBar(has: number, needs: number): { readonly has: string; readonly needs: string } {
  for (let digits = 2; ; digits++) {
    const texts = { has: has.toFixed(digits), needs: needs.toFixed(digits) };
    if (has >= needs || texts.has !== texts.needs || digits === 4) return texts;
  }
}
