import { afterAll, beforeAll, expect, test } from "vitest";
import { pushFlow } from "../../cli/push-flow.ts";
import { readFlowFolder } from "../../cli/read-flow-folder.ts";
import { waitForVerdict } from "../../cli/wait-for-verdict.ts";
import { makeScratchFlows, type ScratchFlows, SMALL } from "./scratch-flows.ts";
import { startTestPlatform, type TestPlatform, verdictOf } from "./test-platform.ts";

const PROPOSAL = "pr-12";
let scratch: ScratchFlows;
let flowgate: TestPlatform;

beforeAll(async () => {
  scratch = await makeScratchFlows();
  flowgate = await startTestPlatform({ flow: SMALL, flowFolder: scratch.small });
});
afterAll(async () => {
  await flowgate[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});

test("a proposal is judged and never released, and a flow that only it knows is listed", async () => {
  const { files } = await readFlowFolder(flowgate.folder);
  const push = { store: flowgate.store, flow: SMALL, proposal: PROPOSAL, files, commit: { pullRequest: 12 } };
  const { pushId, uploaded } = await pushFlow(push);
  expect(uploaded).toEqual([...files.keys()]);
  const signal = AbortSignal.timeout(240_000);
  const result = await waitForVerdict({
    api: flowgate.api,
    flow: SMALL,
    proposal: PROPOSAL,
    pushId,
    signal,
  });
  const verdict = verdictOf(result);
  expect([verdict.outcome, verdict.purpose]).toEqual(["pass", "proposal"]);
  expect(result).toMatchObject({ served: false, withheld: undefined });

  const { flows } = await flowgate.api.flows();
  expect(flows).toEqual([{ flow: SMALL }]);
  const status = await flowgate.api.flow(SMALL, PROPOSAL);
  expect(status).toMatchObject({ change: { commit: { pullRequest: 12 } }, run: { state: "completed" } });
  const { host, key } = flowgate.platform.addresses;
  const answer = await fetch(`${host}/api/flows/${SMALL}/proposals`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await answer.json()).toMatchObject({
    proposals: [{ proposal: PROPOSAL, change: { commit: { pullRequest: 12 } }, run: { state: "completed" } }],
  });
  await expect(flowgate.api.flow(SMALL, "pr-13")).rejects.toThrow(`no proposal pr-13`);
  await expect(flowgate.api.flow(SMALL, "../x")).rejects.toThrow("No proposal has such a name");

  // The same content from the main branch is a change of its own: it is judged for production, and released.
  const released = await flowgate.pushAndWait();
  expect(released).toMatchObject({ kind: "decided", served: true, verdict: { purpose: "candidate" } });
});
