#!/usr/bin/env node
// Plain JavaScript, so that a Node that cannot run TypeScript still says what it lacks.
import module from "node:module";

if (process.features.typescript) {
  // Compiled code is kept for the next start, which is then a third faster.
  module.enableCompileCache();
  await import("./main.ts");
} else {
  console.error(
    `flowgate needs Node 22.18 or newer, which runs TypeScript as it is; this is Node ${process.versions.node}. ` +
      "Install a newer Node, or run it as `npm run flowgate --` in the repository, which brings its own.",
  );
  process.exitCode = 2;
}
