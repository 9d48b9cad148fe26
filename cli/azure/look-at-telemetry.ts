import { type Deployment, inGroup } from "./deployment.ts";

interface Component {
  name: string;
  properties: { AppId: string };
}

const QUERY =
  "customMetrics | where timestamp > ago(30m) and name == 'flowgate.queue.age' | summarize looks = count(), latest = max(timestamp)";

/** What the pipeline measures every minute arrived within half an hour. */
export async function lookAtTelemetry(deployment: Deployment): Promise<string> {
  const path = inGroup(deployment, "Microsoft.Insights/components");
  const [component] = await deployment.azure.list<Component>(path, "2020-02-02");
  if (!component) throw new Error(`no Application Insights is in ${deployment.resourceGroup}`);
  const [row] = await deployment.azure.query(component.properties.AppId, QUERY);
  if (!row || Number(row["looks"]) === 0) {
    throw new Error(`nothing of Flowgate's reached ${component.name} in half an hour`);
  }
  return `${component.name} got its latest at ${String(row["latest"])}`;
}
