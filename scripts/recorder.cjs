// Stands for `registered.cjs` while that is made: prints, as JSON, the calls by which `functions/` registers what it holds.
const calls = [];
const record =
  (method) =>
  (...given) =>
    void calls.push([method, ...given]);

exports.app = {
  setup: record("setup"),
  http: record("http"),
  timer: record("timer"),
  storageQueue: record("storageQueue"),
  hook: { appTerminate() {} },
};
exports.HttpResponse = Response;
// Handlers are functions, which JSON leaves out.
process.on("exit", () => process.stdout.write(JSON.stringify(calls)));
