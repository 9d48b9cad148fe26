import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/**
 * What few flows need and every start would wait for: read when it is first called for, and at once. `npm run build` and
 * `npm run pack` make a file of each, and put its name here in place of the source's.
 */
export const linearPatterns = () => load("./linear-patterns.ts") as typeof import("./linear-patterns.ts");
export const rougePackage = () => load("./text/rouge-package.ts") as typeof import("./text/rouge-package.ts");
