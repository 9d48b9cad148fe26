import { SettingsError } from "./errors.ts";

/** The signals that OTLP tells apart, as its paths and variables name them. */
const OTLP_SIGNALS = ["traces", "metrics", "logs"] as const;
type OtlpSignal = (typeof OTLP_SIGNALS)[number];

const OTLP_PROTOCOLS = ["http/protobuf", "http/json"] as const;
type OtlpProtocol = (typeof OTLP_PROTOCOLS)[number];

/** Where one signal goes, to the letter, and how it is written. */
export interface OtlpTarget {
  url: string;
  protocol: OtlpProtocol;
}

/** Where each signal goes; one that is missing goes nowhere. */
export type OtlpSettings = Partial<Record<OtlpSignal, OtlpTarget>>;

type Variable = "ENDPOINT" | "PROTOCOL";
type Signal = "" | "TRACES_" | "METRICS_" | "LOGS_";
export type OtlpEnvironment = Partial<Record<`OTEL_EXPORTER_OTLP_${Signal}${Variable}`, string | undefined>>;

/**
 * What the variables of OpenTelemetry's specification say: a signal's own endpoint is used as it is, below the one for
 * all stand `v1/traces`, `v1/metrics` and `v1/logs`; `http/protobuf` where no protocol is named. Undefined without an
 * endpoint. Throws `SettingsError` for a protocol that is not spoken.
 */
export function otlpSettingsOf(environment: OtlpEnvironment): OtlpSettings | undefined {
  const settings: OtlpSettings = {};
  for (const signal of OTLP_SIGNALS) {
    const own = signalPrefix(signal);
    const base = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
    const url =
      environment[`OTEL_EXPORTER_OTLP_${own}ENDPOINT`] ??
      (base && `${base.replace(/\/+$/, "")}/v1/${signal}`);
    if (url === undefined) continue;
    const ownName = `OTEL_EXPORTER_OTLP_${own}PROTOCOL` as const;
    const name = environment[ownName] === undefined ? "OTEL_EXPORTER_OTLP_PROTOCOL" : ownName;
    settings[signal] = { url, protocol: protocolOf(name, environment[name] ?? "http/protobuf") };
  }
  return Object.keys(settings).length > 0 ? settings : undefined;
}

function signalPrefix(signal: OtlpSignal): Exclude<Signal, ""> {
  return ({ traces: "TRACES_", metrics: "METRICS_", logs: "LOGS_" } as const)[signal];
}

function protocolOf(name: string, value: string): OtlpProtocol {
  const protocol = OTLP_PROTOCOLS.find((known) => known === value);
  if (protocol) return protocol;
  const spoken = `set ${OTLP_PROTOCOLS.join(" or ")}`;
  throw new SettingsError(
    value === "grpc"
      ? `${name}: grpc is not spoken: ${spoken}, and point the endpoint at the collector's port for HTTP (4318 of ` +
          "most, where gRPC has 4317). See docs/settings.md."
      : `${name}: there is no protocol "${value}": ${spoken}. See docs/settings.md.`,
  );
}
