// Keeps in a folder what V8 compiled of the package's files, for the next process. Node's own compile cache keeps what is
// compiled when a file is read: what is outermost in it. What then runs in it would be compiled anew at each start.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const path = require("node:path");
const { Script } = require("node:vm");
const { crc32 } = require("node:zlib");

/** Of the check at each file's end: V8 looks at no more of a source than its length, and runs what was damaged. */
const CHECK_BYTES = 4;

/** After the first of several is loaded: by then they have run. A worker on Azure seldom has a normal end. */
const KEPT_AFTER_MS = 10_000;

/** What the folder does not have yet, by the name that it gets there. */
const fresh = new Map();

exports.useCompileCache = (folder) => {
  process.once("exit", keepCompiled);
  require.extensions[".cjs"] = (module, file) => {
    const source = readFileSync(file);
    const kept = path.join(folder, `${crc32(file).toString(16)}.cache`);
    const script = new Script(wrap(source.toString()), {
      filename: file,
      cachedData: readKept(kept, source),
    });
    if (script.cachedDataRejected !== false) {
      if (fresh.size === 0) setTimeout(keepCompiled, KEPT_AFTER_MS).unref();
      fresh.set(kept, { script, source });
    }
    const run = script.runInThisContext();
    run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
  };
};

/** Writes what has been compiled until now. Where it cannot be written, the next process compiles it again. */
function keepCompiled() {
  try {
    for (const [kept, { script, source }] of fresh) {
      const data = script.createCachedData();
      const check = Buffer.alloc(CHECK_BYTES);
      check.writeUInt32LE(checkOf(source, data));
      mkdirSync(path.dirname(kept), { recursive: true });
      // Another process may read it now, or write the same.
      writeFileSync(`${kept}.${process.pid}`, Buffer.concat([data, check]));
      renameSync(`${kept}.${process.pid}`, kept);
    }
  } catch (error) {
    console.warn("What was compiled is not kept for the next start:", error);
  }
  fresh.clear();
}

function readKept(kept, source) {
  let bytes;
  try {
    bytes = readFileSync(kept);
  } catch {
    return undefined;
  }
  if (bytes.length < CHECK_BYTES) return undefined;
  const data = bytes.subarray(0, -CHECK_BYTES);
  return bytes.readUInt32LE(data.length) === checkOf(source, data) ? data : undefined;
}

function checkOf(source, data) {
  return crc32(data, crc32(source));
}
