import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFlowFolder } from "../../cli/read-flow-folder.ts";
import { createManagementApi } from "../../cli/management-api.ts";
import type { ManagementApi } from "../../cli/management-api.ts";
import { pushFlow } from "../../cli/push-flow.ts";
import { waitForVerdict } from "../../cli/wait-for-verdict.ts";
import type { WaitResult } from "../../cli/wait-for-verdict.ts";
import { startPlatform } from "../../local/platform.ts";
import type { Platform } from "../../local/platform.ts";
import { createBlobStore } from "../../shared/adapters/azure/blob-store.ts";
import type { Commit } from "../../shared/model/version.ts";
import type { FlowStatus } from "../../shared/model/status.ts";
import type { BlobStore } from "../../shared/ports/blob-store.ts";
import { readSettings } from "../../shared/settings.ts";
import { buildAppIfOld } from "../../scripts/build-app-if-old.ts";
import { sharedModel } from "./shared-model.ts";
import { withoutLatency } from "./without-latency.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
/** What is deployed: it starts in a tenth of the time that the sources take. `npm start` and its tests run those. */
const ENTRY = ["dist/functions/main.cjs"];
export const CONTOSO = "contoso-chat";

/** An embedded platform on scratch folders, with a copy of the sample flow to change at will. */
export interface TestPlatform extends AsyncDisposable {
  platform: Platform;
  api: ManagementApi;
  store: BlobStore;
  /** The scratch copy of the sample flow. */
  folder: string;
  /** What the host logged as warning or error. */
  problems: string[];
  edit(file: string, change: (text: string) => string): Promise<void>;
  push(commit?: Commit): Promise<string>;
  pushAndWait(commit?: Commit): Promise<WaitResult>;
  /** Polls the flow's status until it is as wanted; the error after `timeoutMs` shows what it was instead. */
  until(wanted: (status: FlowStatus) => boolean, what: string, timeoutMs?: number): Promise<FlowStatus>;
  /** Stops the platform, waits for what is to be seen while there is none, and starts another on the same data. */
  restart(seenMeanwhile?: Promise<unknown>): Promise<void>;
}

export interface TestPlatformOptions {
  workers?: number;
  /** Settings as the environment would give them; the app processes see them too. */
  environment?: Record<string, string>;
  /** Another flow's folder than the sample's, copied from here. */
  flowFolder?: string;
  /** Its name. */
  flow?: string;
  modelLatencyMs?: number;
  /** The flow to the letter, as a user has it, and not without its requirement on latency. */
  keepLatency?: boolean;
}

export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  await buildAppIfOld();
  const scratch = await mkdtemp(path.join(tmpdir(), "flowgate-e2e-"));
  const flow = options.flow ?? CONTOSO;
  const folder = path.join(scratch, "flows", flow);
  await cp(options.flowFolder ?? path.join(REPOSITORY, "flows", CONTOSO), folder, { recursive: true });
  const flowYaml = path.join(folder, "flow.yaml");
  if (!options.keepLatency) await writeFile(flowYaml, withoutLatency(await readFile(flowYaml, "utf8")));
  const problems: string[] = [];
  const shared = sharedModel();
  const model = shared && { model: shared };
  const start = (): Promise<Platform> =>
    startPlatform({
      settings: readSettings({
        FLOWGATE_PORT: "0",
        FLOWGATE_DATA: path.join(scratch, "data"),
        ...options.environment,
      }),
      appFolder: REPOSITORY,
      entry: ENTRY,
      workers: options.workers ?? 1,
      environment: {
        NODE_OPTIONS: "--enable-source-maps",
        ...options.environment,
      },
      ...(options.modelLatencyMs === undefined ? model : { modelLatencyMs: options.modelLatencyMs }),
      log: ({ level, category, message }) => {
        if (level === "warning" || level === "error" || level === "critical") {
          problems.push(`${level} ${category}: ${message}`);
        }
      },
    });
  let platform = await start();

  const test: TestPlatform = {
    get platform() {
      return platform;
    },
    get api() {
      const { host, key } = platform.addresses;
      return createManagementApi({ url: host, key }, AbortSignal.timeout(240_000));
    },
    get store() {
      return createBlobStore({ connectionString: platform.connectionString });
    },
    folder,
    problems,
    async edit(file, change) {
      const name = path.join(folder, file);
      const before = await readFile(name, "utf8");
      const after = change(before);
      if (after === before)
        throw new Error(`The edit of ${file} changed nothing: the file is not as the test expects.`);
      await writeFile(name, after);
    },
    async push(commit = {}) {
      const { files } = await readFlowFolder(folder);
      const { pushId } = await pushFlow({ store: test.store, flow, files, commit });
      return pushId;
    },
    async pushAndWait(commit) {
      const pushId = await test.push(commit);
      return waitForVerdict({ api: test.api, flow, pushId, signal: AbortSignal.timeout(240_000) });
    },
    async until(wanted, what, timeoutMs = 120_000) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const status = await test.api.flow(flow).catch(() => undefined);
        if (status && wanted(status)) return status;
        if (performance.now() > deadline) {
          throw new Error(
            `Not within ${timeoutMs} ms: ${what}. Status: ${JSON.stringify(status)?.slice(0, 2000)}`,
          );
        }
        await sleep(50);
      }
    },
    async restart(seenMeanwhile) {
      await platform.close();
      await seenMeanwhile;
      platform = await start();
    },
    async [Symbol.asyncDispose]() {
      await platform.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
  return test;
}

/** The verdict of a push that was decided; fails with what happened instead. */
export function verdictOf(result: WaitResult): Extract<WaitResult, { kind: "decided" }>["verdict"] {
  if (result.kind !== "decided") throw new Error(`Not decided but ${JSON.stringify(result)}`);
  return result.verdict;
}
