import { type Deployment, inGroup } from "./deployment.ts";

interface Topic {
  id: string;
  name: string;
}

interface Subscription {
  name: string;
  properties: { provisioningState?: string };
}

interface Metrics {
  value: { name: { value: string }; timeseries: { data: { total?: number }[] }[] }[];
}

const DAY_MS = 86_400_000;

/** Changes of flows are delivered to the queue: those of a day were, and none had to be dead-lettered. */
export async function lookAtEvents(deployment: Deployment, now: Date): Promise<string> {
  const { azure } = deployment;
  const path = inGroup(deployment, "Microsoft.EventGrid/systemTopics");
  const [topic] = await azure.list<Topic>(path, "2025-02-15");
  if (!topic) throw new Error("storage has no topic for its events");
  const subscriptions = await azure.list<Subscription>(`${topic.id}/eventSubscriptions`, "2025-02-15");
  const subscription = subscriptions.find(({ name }) => name === "flow-changes");
  if (!subscription) throw new Error(`${topic.name} has no subscription "flow-changes"`);
  const { provisioningState } = subscription.properties;
  if (provisioningState !== "Succeeded")
    throw new Error(`"flow-changes" is ${provisioningState ?? "unknown"}`);

  const metrics = await azure.get<Metrics>(`${topic.id}/providers/Microsoft.Insights/metrics`, "2023-10-01", {
    metricnames: "DeliverySuccessCount,DeadLetteredCount",
    timespan: `${new Date(now.getTime() - DAY_MS).toISOString()}/${now.toISOString()}`,
    interval: "PT1H",
    aggregation: "Total",
  });
  const total = (name: string): number =>
    (metrics?.value.find((metric) => metric.name.value === name)?.timeseries ?? [])
      .flatMap(({ data }) => data)
      .reduce((sum, { total = 0 }) => sum + total, 0);
  const [delivered, dead] = [total("DeliverySuccessCount"), total("DeadLetteredCount")];
  if (dead > 0) throw new Error(`${dead} of a day's events could not be delivered`);
  if (delivered === 0)
    return "ready; nothing was pushed within a day: push a flow, and look again in five minutes";
  return `${delivered} delivered within a day, none lost`;
}
