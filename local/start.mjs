// Plain JavaScript, so that a Node that cannot run TypeScript still says what it lacks.
import module from "node:module";

if (process.features.typescript) {
  // Compiled code is kept for the next start, which is then a third faster.
  module.enableCompileCache();
  await import("./start.ts");
} else {
  console.error(
    `Flowgate needs Node 22.18 or newer; this is Node ${process.versions.node}. ` +
      "Run `npm ci && npm start`: it brings its own Node 24.",
  );
  process.exitCode = 2;
}
