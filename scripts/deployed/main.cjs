// What Azure's worker loads of the package. The worker may have waited warmed up: then the app's settings reach it after
// Node has started, which reads NODE_COMPILE_CACHE at its start alone, so that it is asked for here, before the app.
const { enableCompileCache, flushCompileCache } = require("node:module");

const folder = process.env.NODE_COMPILE_CACHE;
if (folder) {
  enableCompileCache?.(folder);
  // Node writes at a normal end, which a worker on Azure seldom has; by then all that is loaded later is there too.
  setTimeout(() => flushCompileCache?.(), 10_000).unref();
}
require("./registered.cjs");
