// What Azure's worker loads of the package. The worker may have waited warmed up: then the app's settings reach it after
// Node has started, so that the folder of compiled code is asked for here, before the app.
const folder = process.env.NODE_COMPILE_CACHE;
if (folder) require("./compile-cache.cjs").useCompileCache(folder);
require("./registered.cjs");
