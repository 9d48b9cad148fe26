import { splitFlow } from "../../shared/flow/split-flow.ts";
import { versionName } from "../../shared/model/version.ts";
import { versionId } from "../../shared/registry/version-id.ts";
import { snapshotFiles } from "../../shared/registry/version-store.ts";
import { checkFolder } from "../check-folder.ts";
import { CommandError } from "../command-error.ts";
import { countDiagnostics } from "../print-diagnostics.ts";
import type { DiffSide } from "./side.ts";

/** A folder as it would be pushed. Throws `CommandError` for one that the platform would refuse. */
export async function folderSide(folder: string): Promise<DiffSide> {
  const { definition, files, diagnostics } = await checkFolder(folder);
  if (!definition) {
    throw new CommandError(
      `${folder} cannot be compared: ${countDiagnostics(diagnostics)}. \`flowgate validate ${folder}\` lists them.`,
    );
  }
  const { version, suite } = splitFlow(definition, files);
  const described = snapshotFiles(version.files);
  const id = versionId(version.definition, described);
  return {
    label: `${folder} (${versionName(definition.name, id)})`,
    flow: definition.name,
    version: id,
    snapshot: {
      definition: version.definition,
      files: described,
      read: (path) => Promise.resolve(version.files.get(path)),
    },
    suite: {
      definition: suite.definition,
      judge: undefined,
      files: snapshotFiles(suite.files),
      read: (path) => Promise.resolve(suite.files.get(path)),
    },
    runs: [],
  };
}
