import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { benchFlow, writeFlowsFolder } from "./bench-flow.ts";
import { round } from "./bench-result.ts";
import type { BenchResult } from "./bench-result.ts";
import { asJavascript } from "./chat/as-javascript.ts";
import { putLoad, quantileOf, type Load, type Target } from "./chat/load.ts";
import { portkeyServer } from "./chat/portkey.ts";
import { startPeer, startServer, type ServerProcess } from "./chat/processes.ts";
import { measurePromotion } from "./chat/promotion.ts";
import { startModelStub } from "./model-stub.ts";
import { cpuMilliseconds, residentMegabytes, startPlatformProcess } from "./platform-process.ts";
import { runFlow, untilReleased } from "./run-flow.ts";

const FLOW = "bench-chat";
const ROUNDS = 7;
const SECONDS = 1.5;
const BUSY = 128;
const CALM = 16;
const LATENCY_MS = 50;
const WARM_REQUESTS = 30_000;
const WARM_MS = 40_000;
const ROOT = path.resolve(import.meta.dirname, "..");

/** `bare`: the library's request and response alone; `function`: the same as a function, as Flowgate is one. */
type Name = "own" | "bare" | "function" | "peer" | "direct";
interface Measured {
  loads: Load[];
  cpuMs: number;
}

/** The production chat under load, beside pass-throughs and, where it can be installed, Portkey's gateway. */
export async function run(): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  const portkey = await portkeyServer();
  await promisify(execFile)(process.execPath, [path.join(ROOT, "scripts/build.ts")]);
  const model = await startModelStub(0);
  stack.defer(() => model.close());
  const flows = await writeFlowsFolder("warm-up", benchFlow("warm-up", 1));
  stack.defer(() => rm(flows, { recursive: true, force: true }));
  const platform = await startPlatformProcess({
    flows,
    workers: 2,
    environment: { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: "stub", FLOWGATE_MODEL: "stub" },
  });
  stack.defer(() => platform.close());
  await untilReleased(platform, await runFlow(platform, FLOW, benchFlow(FLOW, 1)));

  const upstream = stack.use(await startServer("upstream.ts"));
  const own = stack.use(
    await startServer("app.ts", ["dist/functions/main.cjs"], {
      AzureWebJobsStorage: platform.addresses.storage,
      OPENAI_BASE_URL: `${upstream.origin}/v1`,
      OPENAI_API_KEY: "stub",
      FLOWGATE_MODEL: "stub",
      FLOWGATE_MODEL_CONCURRENCY: "512",
      FLOWGATE_AUTH: "open",
      APPLICATION_INSIGHTS_NO_STATSBEAT: "1",
      OTEL_METRIC_EXPORT_INTERVAL: "5000",
      // As in Azure (`azure-monitor.ts`): locally every span would be sent. Metrics and events are whole either way.
      OTEL_TRACES_SAMPLER: "microsoft.rate_limited",
      OTEL_TRACES_SAMPLER_ARG: "50",
      APPLICATIONINSIGHTS_CONNECTION_STRING: `InstrumentationKey=${randomUUID()};IngestionEndpoint=${platform.addresses.telemetry}/;LiveEndpoint=${platform.addresses.telemetry}/`,
    }),
  );
  const bare = stack.use(await startServer("classes.ts", [`${upstream.origin}/v1`]));
  const entry = path.relative(ROOT, await asJavascript("function.ts"));
  const asFunction = stack.use(await startServer("app.ts", [entry, `${upstream.origin}/v1`]));
  const peer = portkey === undefined ? undefined : stack.use(await startPeer(portkey));
  const servers: Partial<Record<Name, ServerProcess>> = {
    own,
    bare,
    function: asFunction,
    ...(peer && { peer }),
  };
  const targets = targetsOf(servers, upstream);

  // The SDKs of telemetry come a second after the first request; code is compiled as it is used.
  for (const streamed of [false, true]) {
    for (const target of Object.values(targets)) await warmUp(target, streamed);
  }
  const whole = await measure(targets, servers, { connections: BUSY, streamed: false, rounds: ROUNDS });
  const stream = await measure(targets, servers, { connections: BUSY, streamed: true, rounds: ROUNDS });
  const memory = {
    own: await residentMegabytes(own.pid),
    peer: peer && (await residentMegabytes(peer.pid)),
  };
  await setLatency(upstream, LATENCY_MS);
  const all = { ...targets, direct: directTarget(upstream) };
  const slow = await measure(all, servers, { connections: CALM, streamed: false, rounds: ROUNDS });
  const slowStream = await measure(all, servers, { connections: CALM, streamed: true, rounds: ROUNDS });
  const promotion = await measurePromotion(platform, FLOW);

  const figures: BenchResult["figures"] = {};
  const add = (key: string, value: number | undefined, bound: string): void => {
    if (value !== undefined && Number.isFinite(value)) figures[key] = { value: round(value), bound };
  };
  const prefixed = (name: Name): string => (name === "own" ? "" : `${name}_`);
  for (const name of ["own", "bare", "function", "peer"] as const) {
    if (servers[name] === undefined) continue;
    const who = {
      own: "one app process",
      bare: "a pass-through with the library's request and response",
      function: "the pass-through as a function",
      peer: "Portkey's gateway",
    }[name];
    const put = (key: string, value: number, bound: string): void =>
      add(`${prefixed(name)}${key}`, value, bound);
    put("rps", perSecond(whole[name]), `${who}, ${BUSY} connections, no latency upstream`);
    put("rps_stream", perSecond(stream[name]), `${who}, the same, streaming`);
    put("cpu_ms", cpuEach(whole[name]), `CPU of ${who} over requests`);
    put("cpu_ms_stream", cpuEach(stream[name]), "the same, streaming");
    for (const [key, share] of [
      ["p50", 0.5],
      ["p95", 0.95],
    ] as const) {
      const latency = added(slow, name, "direct", "latency", share);
      put(
        `added_${key}_ms`,
        latency,
        `${who}: over the stub asked directly, at ${LATENCY_MS} ms, ${CALM} connections`,
      );
      const against = name === "own" ? "bare" : "direct";
      const first = added(slowStream, name, against, "firstByte", share);
      put(
        `added_ttft_${key}_ms`,
        first,
        `${who}: time to the first byte of a stream over that of ${against}`,
      );
    }
  }
  add(
    "cpu_ratio",
    cpuEach(whole.own) / cpuEach(whole.bare),
    "CPU of a request over that of the bare pass-through",
  );
  add("cpu_ratio_stream", cpuEach(stream.own) / cpuEach(stream.bare), "the same, streaming");
  add("rss_mb", memory.own, "resident memory of the app process after that load");
  add("peer_rss_mb", memory.peer, "the same of Portkey's gateway");
  const failed = [whole, stream, slow, slowStream].flatMap(({ own: measured }) => measured?.loads ?? []);
  add(
    "promotion_s",
    promotion.seconds,
    "from the release's time to the last answer of the old version, two processes",
  );
  add(
    "failed_requests",
    promotion.failed + failed.reduce((sum, load) => sum + load.failed, 0),
    `under load, and of ${promotion.requests} during the promotion`,
  );
  const requests = failed.reduce((sum, load) => sum + load.requests, 0);
  return {
    figures,
    measured: `${requests} requests to the app, in ${ROUNDS} rounds that alternate with the others`,
  };
}

/** Until code is compiled as it stays: by requests, as a busy machine takes its time over them. */
async function warmUp(target: Target, streamed: boolean): Promise<void> {
  for (let asked = 0, begun = Date.now(); asked < WARM_REQUESTS && Date.now() - begun < WARM_MS;) {
    asked += (await putLoad(target, { connections: CALM, seconds: 1, streamed })).requests;
  }
}

/** All servers in turn, round by round, so that what else the machine does hits them alike. */
async function measure(
  targets: Partial<Record<Name, Target>>,
  servers: Partial<Record<Name, ServerProcess>>,
  { rounds, ...load }: { connections: number; streamed: boolean; rounds: number },
): Promise<Partial<Record<Name, Measured>>> {
  const measured: Partial<Record<Name, Measured>> = {};
  for (let index = 0; index < rounds; index += 1) {
    for (const [name, target] of Object.entries(targets) as [Name, Target][]) {
      const pid = servers[name]?.pid;
      const before = pid === undefined ? 0 : await cpuMilliseconds(pid);
      const found = await putLoad(target, { ...load, seconds: SECONDS });
      const cpuMs = pid === undefined ? 0 : (await cpuMilliseconds(pid)) - before;
      const known = (measured[name] ??= { loads: [], cpuMs: 0 });
      known.loads.push(found);
      known.cpuMs += cpuMs;
    }
  }
  return measured;
}

function targetsOf(
  servers: Partial<Record<Name, ServerProcess>>,
  upstream: ServerProcess,
): Partial<Record<Name, Target>> {
  const json = { "content-type": "application/json", authorization: "Bearer any" };
  const path = "/v1/chat/completions";
  const body = (streamed: boolean): string => bodyOf(FLOW, streamed);
  const { own, bare, function: asFunction, peer } = servers;
  const targets: Partial<Record<Name, Target>> = {};
  // As a host hands them to the app: each by the number of its invocation.
  const invoked = () => ({
    ...json,
    "x-ms-invocation-id": randomUUID(),
    "x-forwarded-host": "127.0.0.1",
    "x-forwarded-proto": "http",
  });
  for (const [name, server] of [
    ["own", own],
    ["function", asFunction],
  ] as const) {
    if (server) targets[name] = { origin: server.origin, path, body, headers: invoked };
  }
  if (bare) targets.bare = { origin: bare.origin, path, body, headers: () => json };
  const routed = { "x-portkey-provider": "openai", "x-portkey-custom-host": `${upstream.origin}/v1` };
  if (peer) targets.peer = { origin: peer.origin, path, body, headers: () => ({ ...json, ...routed }) };
  return targets;
}

function directTarget(upstream: ServerProcess): Target {
  return {
    origin: upstream.origin,
    path: "/v1/chat/completions",
    headers: () => ({ "content-type": "application/json" }),
    body: (streamed) => bodyOf(FLOW, streamed),
  };
}

function bodyOf(model: string, streamed: boolean): string {
  const messages = [{ role: "user", content: "What does item 7 weigh?" }];
  return JSON.stringify({ model, messages, ...(streamed && { stream: true }) });
}

async function setLatency({ child }: ServerProcess, latencyMs: number): Promise<void> {
  const changed = once(child, "message");
  child.send({ latencyMs });
  await changed;
}

/** The best round: what else the machine does can only slow one down. */
function perSecond(measured: Measured | undefined): number {
  return Math.max(...(measured?.loads ?? []).map(({ requests, seconds }) => requests / seconds));
}

function cpuEach(measured: Measured | undefined): number {
  const requests = (measured?.loads ?? []).reduce((sum, load) => sum + load.requests, 0);
  return (measured?.cpuMs ?? Number.NaN) / requests;
}

function added(
  measured: Partial<Record<Name, Measured>>,
  name: Name,
  against: Name,
  of: "latency" | "firstByte",
  share: number,
): number {
  return (
    quantileOf(measured[name]?.loads ?? [], of, share) - quantileOf(measured[against]?.loads ?? [], of, share)
  );
}
