import path from "node:path";
import type { Plugin } from "esbuild";

/** The client's own file: an object of each API is made as it is made. */
const CLIENT = /[\\/]node_modules[\\/]openai[\\/]client\.mjs$/;
/** What describes one API of OpenAI each, as the client names it. */
const RESOURCE = /^\.\/resources\/.*\.mjs$/;
/** Under a name that esbuild reads as CommonJS. */
const INDEX = "./resources/index.cjs";
const EMBEDDINGS = "./resources/embeddings.mjs";
/** A module in which every name is a class that does nothing. */
const UNUSED = `module.exports = Object.create(new Proxy({}, {
  get: (_, name) => (typeof name === "symbol" || name === "__esModule" ? undefined : class {}),
}));`;
const ASKED = `module.exports.Embeddings = require(${JSON.stringify(EMBEDDINGS)}).Embeddings;`;

/**
 * Leaves out of the bundle the APIs that nothing here asks the `openai` client for by name, as reading them is most of
 * reading the client. Answers are asked of the client itself (`completions-endpoint.ts`).
 */
export const askedResources: Plugin = {
  name: "asked resources",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: RESOURCE }, ({ path: wanted, importer }) =>
      CLIENT.test(importer) && wanted !== EMBEDDINGS
        ? { path: wanted.replace(/mjs$/, "cjs"), namespace: "unused", pluginData: path.dirname(importer) }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "unused" }, ({ path: wanted, pluginData }) => ({
      contents: wanted === INDEX ? `${UNUSED}\n${ASKED}` : UNUSED,
      resolveDir: String(pluginData),
    }));
  },
};
