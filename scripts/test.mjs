// See bootstrap.mjs for why this file is not TypeScript.
import { goOnWith } from "./bootstrap.mjs";

goOnWith("test.ts");
