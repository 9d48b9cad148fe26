import { expect, test } from "vitest";
import { readSettings } from "../../shared/settings.ts";

const ENDPOINT = "http://127.0.0.1:4318";

test("without an endpoint nothing goes anywhere, whatever the protocol", () => {
  expect(readSettings({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }).otlp).toBeUndefined();
});

test("below the endpoint for all stand the paths of the signals, in protobuf where nothing else is said", () => {
  const protocol = "http/protobuf";
  expect(readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: `${ENDPOINT}/otlp/` }).otlp).toEqual({
    traces: { url: `${ENDPOINT}/otlp/v1/traces`, protocol },
    metrics: { url: `${ENDPOINT}/otlp/v1/metrics`, protocol },
    logs: { url: `${ENDPOINT}/otlp/v1/logs`, protocol },
  });
});

test("a signal's own endpoint is used to the letter, and its own protocol goes before the one for all", () => {
  const environment = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example.com/in/",
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "https://metrics.example.com",
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  };
  expect(readSettings(environment).otlp).toEqual({
    traces: { url: "https://traces.example.com/in/", protocol: "http/json" },
    metrics: { url: "https://metrics.example.com", protocol: "http/protobuf" },
  });
});

test.each([
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", /PROTOCOL: grpc is not spoken: set http\/protobuf .* \(4318/],
  ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc", /OTLP_LOGS_PROTOCOL: grpc is not spoken/],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "thrift", /no protocol "thrift": set http\/protobuf or http\/json/],
  ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "localhost:4318", /TRACES_ENDPOINT: is no address.*http:\/\//],
])("%s=%s is refused with what to set instead", (name, value, message) => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: ENDPOINT, [name]: value };
  expect(() => readSettings(environment)).toThrow(message);
});
