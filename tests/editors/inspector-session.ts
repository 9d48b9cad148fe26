import { once } from "node:events";

/** A debugger's connection to a Node process, in the messages of the inspector protocol that VS Code speaks. */
export interface InspectorSession extends Disposable {
  send<Result>(method: string, params?: object): Promise<Result>;
  /** Resolves with the parameters of the next event of that name. */
  next<Parameters>(method: string): Promise<Parameters>;
}

export async function openInspectorSession(url: string): Promise<InspectorSession> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  const answers = new Map<number, PromiseWithResolvers<unknown>>();
  const awaited = new Map<string, PromiseWithResolvers<unknown>>();
  let count = 0;
  socket.addEventListener("message", ({ data }: MessageEvent) => {
    const message = JSON.parse(String(data)) as {
      id?: number;
      method?: string;
      params?: unknown;
      result?: unknown;
      error?: { message: string };
    };
    if (message.method !== undefined) awaited.get(message.method)?.resolve(message.params);
    else if (message.error) answers.get(message.id ?? 0)?.reject(new Error(message.error.message));
    else answers.get(message.id ?? 0)?.resolve(message.result);
  });
  return {
    send<Result>(method: string, params: object = {}) {
      count += 1;
      const answer = Promise.withResolvers<unknown>();
      answers.set(count, answer);
      socket.send(JSON.stringify({ id: count, method, params }));
      return answer.promise as Promise<Result>;
    },
    next<Parameters>(method: string) {
      const event = Promise.withResolvers<unknown>();
      awaited.set(method, event);
      return event.promise as Promise<Parameters>;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
