// What Azure's worker loads of the package. The worker may have waited warmed up: then the app's settings reach it after
// Node has started, so that the folder of compiled code is asked for here, before the app.
const folder = process.env.NODE_COMPILE_CACHE;
if (folder) {
  const { keepCompiled, useCompileCache } = require("./compile-cache.cjs");
  useCompileCache(folder);
  // A worker on Azure seldom has a normal end; by then all that is loaded later is there too.
  setTimeout(keepCompiled, 10_000).unref();
  process.once("exit", keepCompiled);
}
require("./registered.cjs");
