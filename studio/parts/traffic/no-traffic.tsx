import type { FlowTraffic } from "../../../shared/model/flow-traffic.ts";

/** Nothing was served, and how to change that. */
export function NoTraffic({ traffic: { flow }, time }: { traffic: FlowTraffic; time: string }) {
  const question = { model: flow, messages: [{ role: "user", content: "Hello" }] };
  return (
    <section class="state">
      <h2>Nothing was served in {time}</h2>
      <p>Talk to production, and what it takes appears here within seconds:</p>
      <pre class="command">
        <code>flowgate chat {flow}</code>
      </pre>
      <p>or with any OpenAI client:</p>
      <pre class="command">
        <code>
          {`curl ${window.location.origin}/v1/chat/completions \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(question)}'`}
        </code>
      </pre>
      <p class="quiet">
        Runs, and turns of the playground, are nobody’s traffic and are not counted. Online scores need
        <code> monitoring: {"{}"}</code> in <code>flow.yaml</code>.
      </p>
    </section>
  );
}
