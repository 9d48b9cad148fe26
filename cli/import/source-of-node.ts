import path from "node:path";
import type { Findings } from "../../shared/flow/diagnostics.ts";
import type { Dag, NodeBody } from "./dag.ts";
import type { ImportSource } from "./import-source.ts";

/** A file that a node names: where it is, relative to the imported folder, and what it says. */
export interface NodeSource {
  file: string;
  text: string;
}

/**
 * The template or code of a node: beside `flow.dag.yaml`, or brought there by `additional_includes`, which names files
 * and folders elsewhere in the repository. Where there is none, a finding at the node's path.
 */
export async function sourceOfNode(
  node: NodeBody,
  dag: Dag,
  source: ImportSource,
  findings: Findings,
): Promise<NodeSource | undefined> {
  if (node.path === undefined) return undefined;
  const folder = path.posix.dirname(dag.file);
  const wanted = path.posix.normalize(node.path.replace(/^\.\//, ""));
  if (wanted.startsWith("..") || path.posix.isAbsolute(wanted)) {
    const message = `${node.path} leaves the flow's folder.`;
    findings.error(
      dag.file,
      node.pathPlace,
      message,
      "Copy the file beside flow.dag.yaml, and name it there.",
    );
    return undefined;
  }
  const beside = path.posix.join(folder, wanted);
  const included = dag.additionalIncludes.map(({ path: include }) => {
    const target = path.posix.join(folder, include.replace(/\/+$/, ""));
    const name = path.posix.basename(target);
    if (name === wanted) return target;
    return wanted.startsWith(`${name}/`) ? path.posix.join(path.posix.dirname(target), wanted) : undefined;
  });
  for (const file of [beside, ...included]) {
    if (file === undefined || !(await source.has(file))) continue;
    const text = await source.text(file, dag.file, node.pathPlace, findings);
    return text === undefined ? undefined : { file, text };
  }
  findings.error(dag.file, node.pathPlace, `There is no file ${beside}.`, "Add it, or correct the path.");
  return undefined;
}
