import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/**
 * The SDKs that any answer and any look into storage need, and the start of a process does not: read when they are
 * first called for, and at once. `npm run build` and `npm run pack` make a file of each, and put its name here in place
 * of the source's.
 */
export const modelPackages = () => load("./model-packages.ts") as typeof import("./model-packages.ts");
export const blobPackages = () => load("./blob-packages.ts") as typeof import("./blob-packages.ts");
export const queuePackages = () => load("./queue-packages.ts") as typeof import("./queue-packages.ts");
