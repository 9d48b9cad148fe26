#!/usr/bin/env node
// What `npx flowgate` runs: the built command, or the built platform.
import module from "node:module";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major >= 22) {
  module.enableCompileCache?.();
  if (process.argv[2] === "start") {
    process.argv.splice(2, 1);
    await import("./lib/start.js");
  } else await import("./lib/main.js");
} else {
  console.error(`flowgate needs Node 22 or newer; this is Node ${process.versions.node}.`);
  process.exitCode = 2;
}
