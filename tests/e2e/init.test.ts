import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { checkFolder } from "../../cli/check-folder.ts";
import { TEMPLATES, templateFiles, type TemplateName } from "../../cli/init/templates.ts";
import { pushFlow } from "../../cli/push-flow.ts";
import { waitForVerdict } from "../../cli/wait-for-verdict.ts";
import { writeFolder } from "../../cli/write-folder.ts";
import { startTestPlatform, verdictOf } from "./test-platform.ts";
import { withoutLatency } from "./without-latency.ts";

test("every template is valid as it is and passes its own gate into production", async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), "flowgate-init-"));
  await using _folder = { [Symbol.asyncDispose]: () => rm(scratch, { recursive: true, force: true }) };
  await using platform = await startTestPlatform();
  for (const template of Object.keys(TEMPLATES) as TemplateName[]) {
    const flow = `my-${template}`;
    const folder = path.join(scratch, flow);
    await writeFolder(folder, await templateFiles(template, flow), false);
    const { files, definition, diagnostics } = await checkFolder(folder);
    expect([definition?.name, diagnostics]).toEqual([flow, []]);
    const flowYaml = withoutLatency(Buffer.from(files.get("flow.yaml") ?? []).toString("utf8"));
    const pushed = new Map([...files, ["flow.yaml", Buffer.from(flowYaml)]]);
    const { pushId } = await pushFlow({ store: platform.store, flow, files: pushed, commit: {} });
    const result = await waitForVerdict({
      api: platform.api,
      flow,
      pushId,
      signal: AbortSignal.timeout(240_000),
    });
    const verdict = verdictOf(result);
    expect({ template, outcome: verdict.outcome, reasons: verdict.reasons }).toMatchObject({
      template,
      outcome: "pass",
    });
  }
});
