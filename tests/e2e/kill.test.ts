import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startOfflineModel } from "../../local/model/start-offline-model.ts";
import { OFFLINE_STAND_IN } from "../../shared/model/offline-stand-in.ts";
import { startCountingProxy } from "./counting-proxy.ts";
import { recordedAnswers } from "./recorded-answers.ts";
import { sharedModel } from "./shared-model.ts";
import { CONTOSO, startTestPlatform } from "./test-platform.ts";

/** Calls to the model at once. */
const CONCURRENCY = 8;

test("a run whose app process is killed in the middle ends with the same verdict and pays for no recorded call again", async () => {
  const model = sharedModel() ?? (await startOfflineModel());
  await using proxy = await startCountingProxy(model.baseUrl, 20);
  const environment = {
    OPENAI_BASE_URL: proxy.baseUrl,
    OPENAI_API_KEY: "any",
    FLOWGATE_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_JUDGE_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_EMBEDDING_MODEL: OFFLINE_STAND_IN,
    FLOWGATE_MODEL_CONCURRENCY: String(CONCURRENCY),
  };
  try {
    await using flowgate = await startTestPlatform({ environment });
    // However long it takes until the kill, the run is not over by then.
    proxy.hold(40);
    await flowgate.push();
    let recorded = 0;
    while (recorded < 20) {
      await sleep(5);
      recorded = await recordedAnswers(flowgate.store, CONTOSO);
    }
    const [pid = 0] = flowgate.platform.host.appPids();
    process.kill(pid, "SIGKILL");
    const came = proxy.came();
    proxy.release();
    const status = await flowgate.until(
      ({ run }) => run?.verdict !== undefined,
      "the run has a verdict",
      240_000,
    );
    expect(status.run?.verdict?.outcome).toBe("pass");

    // The same content on an undisturbed platform: the verdict must be the same, requirement by requirement.
    const repeated = [...proxy.answered.values()].reduce((sum, count) => sum + count - 1, 0);
    // All that was asked but not recorded may be asked again, with what the process had sent and nobody had read yet.
    expect(repeated).toBeLessThanOrEqual(came - recorded + CONCURRENCY);
    const disturbed = status.run?.verdict?.requirements;
    await using other = await startTestPlatform({ environment });
    await other.push();
    const undisturbed = await other.until(
      ({ run }) => run?.verdict !== undefined,
      "the run has a verdict",
      240_000,
    );
    const quality = (requirements: typeof disturbed): unknown =>
      requirements
        ?.filter(({ metric }) => metric !== "latency")
        .map(({ metric, value, outcome }) => ({ metric, value, outcome }));
    expect(quality(undisturbed.run?.verdict?.requirements)).toEqual(quality(disturbed));
    expect(undisturbed.run?.plan.id).toBe(status.run?.plan.id);
    expect(undisturbed.flow).toBe(CONTOSO);
  } finally {
    await model.close();
  }
});
