/**
 * A flow.yaml without its requirement on latency: how fast the offline stand-in computes beside other tests says
 * nothing about the flow, and these tests are about something else.
 */
export function withoutLatency(flowYaml: string): string {
  return flowYaml.replace(/^ {2}latency: .*\n/m, "");
}
