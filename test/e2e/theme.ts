/** The themes that the pictures are looked at in. */
export type Theme =
  | "Default Dark Modern"
  | "Default Light Modern"
  | "Default High Contrast"
  | "Default High Contrast Light";

/** What the workbench is marked with under each of them. */
export const themeClasses: Readonly<Record<Theme, string>> = {
  "Default Dark Modern": "vs-dark",
  "Default Light Modern": "vs",
  "Default High Contrast": "hc-black",
  "Default High Contrast Light": "hc-light",
};
