import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";

/** What the adapters ask of blob storage, by the SDK's file that describes it. */
const ASKED: Record<string, readonly string[]> = {
  appendBlob: ["appendBlock", "create"],
  blob: ["delete", "download", "getProperties"],
  blockBlob: ["commitBlockList", "stageBlock", "upload"],
  container: ["create", "listBlobFlatSegment", "listBlobHierarchySegment"],
};
const OPERATIONS =
  /[\\/]@azure[\\/]storage-blob[\\/]dist[\\/]esm[\\/]generated[\\/]src[\\/]operations[\\/]\w+\.js$/;
const MAPPERS =
  /[\\/]@azure[\\/]storage-blob[\\/]dist[\\/]esm[\\/]generated[\\/]src[\\/]models[\\/]mappers\.js$/;
const SENT = /return this\.client\.sendOperationRequest\(.*, (\w+)OperationSpec\);/g;
const MAPPER = /^export const (\w+)/gm;

/**
 * Leaves out of the bundle what describes the operations of blob storage that nothing here asks for, half of what its
 * SDK is read for at a start. A call to one of them fails and says where it is asked for.
 */
export const askedOperations: Plugin = {
  name: "asked operations",
  setup({ onLoad }) {
    onLoad({ filter: OPERATIONS }, async ({ path: file }) => {
      const name = path.basename(file, ".js");
      const text = await readFile(file, "utf8");
      return {
        contents: text
          .replaceAll(SENT, (sent, operation: string) =>
            ASKED[name]?.includes(operation)
              ? sent
              : `throw new Error(${JSON.stringify(leftOut(name, operation))});`,
          )
          .replace("createSerializer(Mappers,", "createSerializer(Mappers.ofBodies,"),
      };
    });
    // Those of headers are named where they are used, and go with it; those of bodies are found by their names.
    onLoad({ filter: MAPPERS }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const bodies = [...text.matchAll(MAPPER)].flatMap(([, name = ""]) =>
        name.endsWith("Headers") ? [] : name,
      );
      return { contents: `${text}\nexport const ofBodies = { ${bodies.join(", ")} };` };
    });
  },
};

function leftOut(name: string, operation: string): string {
  return `The package has no ${name}.${operation} of blob storage: name it in scripts/asked-operations.ts, and build anew.`;
}
