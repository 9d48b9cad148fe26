import { createBlobStore } from "../shared/adapters/azure/blob-store.ts";
import { createQueue } from "../shared/adapters/azure/queue.ts";
import type { SettleMessage } from "../shared/messages/queue-messages.ts";

/**
 * Has intake look at every flow once. Events wait in the host's memory, and a killed host loses those that were on
 * their way; Azure's Event Grid keeps them. A flow that did not change is recognised and left alone.
 */
export async function lookAgain(connectionString: string): Promise<void> {
  const store = createBlobStore({ connectionString });
  const queue = createQueue({ connectionString });
  for (const flow of await store.listFolders("flows", "")) {
    const eventTime = new Date().toISOString();
    const note: SettleMessage = {
      kind: "settle",
      source: { container: "flows", flow },
      eventTime,
      afterRestart: true,
    };
    await queue.send("flow-changes", note);
  }
}
