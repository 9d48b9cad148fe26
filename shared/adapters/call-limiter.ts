import type { CallContext } from "../ports/chat-model.ts";

/** Gives back the place that `acquire` took. Harmless when called twice. */
export type Release = () => void;

/** Bounds the calls under way to each deployment. */
export interface CallLimiter {
  /** Waits for a place. People who chat go before evaluations. Rejects with the signal's reason when aborted. */
  acquire(
    deployment: string,
    context: Pick<CallContext, "purpose" | "interactive" | "signal">,
  ): Promise<Release>;
}

interface Deployment {
  free: number;
  /** First come, first served, within each of the two. */
  chat: Waiter[];
  others: Waiter[];
}

interface Waiter {
  admit(): void;
}

/**
 * `concurrency` calls at once per deployment and process. The place for an adaptive limit: what a deployment answers
 * (429, `retry-after-ms`) would move `free` down and up here, and callers would not change.
 */
export function createCallLimiter(concurrency: number): CallLimiter {
  const deployments = new Map<string, Deployment>();

  function release(deployment: Deployment): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = deployment.chat.shift() ?? deployment.others.shift();
      if (next) next.admit();
      else deployment.free += 1;
    };
  }

  return {
    async acquire(name, { purpose, interactive, signal }) {
      signal?.throwIfAborted();
      const deployment = deployments.get(name) ?? { free: concurrency, chat: [], others: [] };
      deployments.set(name, deployment);
      if (deployment.free > 0) {
        deployment.free -= 1;
        return release(deployment);
      }
      const queue = purpose === "chat" || interactive ? deployment.chat : deployment.others;
      return new Promise((resolve, reject) => {
        const leave = () => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal?.reason as Error);
        };
        const waiter: Waiter = {
          admit() {
            signal?.removeEventListener("abort", leave);
            resolve(release(deployment));
          },
        };
        signal?.addEventListener("abort", leave, { once: true });
        queue.push(waiter);
      });
    },
  };
}
