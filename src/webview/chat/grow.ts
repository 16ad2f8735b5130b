/** Lets a textarea grow with its text where the browser cannot (`field-sizing`); CSS sets the limit. */
export function grow(input: HTMLTextAreaElement): void {
  if (typeof CSS === "undefined" || CSS.supports("field-sizing", "content")) return;
  const lines = input.value.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 60), 0);
  input.rows = Math.min(lines, 12);
}
