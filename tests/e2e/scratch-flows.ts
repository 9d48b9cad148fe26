import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeSmallFlow } from "./small-flow.ts";

/** A scratch folder of flows with the small flow in it, removed with all that was put beside it. */
export interface ScratchFlows extends AsyncDisposable {
  /** The scratch folder itself, for whatever else a test keeps. */
  root: string;
  /** `flows/`, as a repository has it. */
  flows: string;
  /** The small flow's own folder. */
  small: string;
}

/** The name of the flow that `makeScratchFlows` writes. */
export const SMALL = "small";

export async function makeScratchFlows(): Promise<ScratchFlows> {
  const root = await mkdtemp(path.join(tmpdir(), "flowgate-flows-"));
  const flows = path.join(root, "flows");
  const small = path.join(flows, SMALL);
  await mkdir(small, { recursive: true });
  for (const [file, text] of writeSmallFlow(SMALL)) await writeFile(path.join(small, file), text);
  // Only its last row decides this, so the run never ends early.
  await appendFile(path.join(small, "flow.yaml"), '  output_tokens: { max: "<= 10000" }\n');
  return {
    root,
    flows,
    small,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}
