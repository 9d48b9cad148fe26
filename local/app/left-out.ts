/**
 * Packages that other packages load and nothing here reaches through them: OpenTelemetry's exporters to other
 * destinations than Azure Monitor (those of OTLP the app names itself, in one version), and what instruments packages
 * that no part of the app uses. A megabyte of source takes ten of memory as soon as it is read. The bundle leaves out
 * the same.
 */
export const LEFT_OUT =
  /^@opentelemetry\/(exporter-\w+-otlp-(grpc|proto)|otlp-grpc-exporter-base|exporter-(zipkin|prometheus)|configuration|instrumentation-(bunyan|mongodb|mysql|pg|redis|winston))$/;
