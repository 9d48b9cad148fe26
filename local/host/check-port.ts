import { once } from "node:events";
import { createServer } from "node:net";
import { SettingsError } from "../../shared/errors.ts";

/** Throws one clear line where another program has the port, before anything else is started in vain. */
export async function checkPort(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  try {
    probe.listen(port, "127.0.0.1");
    await once(probe, "listening");
  } catch (error) {
    throw portError(error, port);
  }
  probe.close();
  await once(probe, "close");
}

/** What a person is told when a port cannot be had. */
export function portError(error: unknown, port: number): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  if (!("code" in failure && failure.code === "EADDRINUSE")) return failure;
  return new SettingsError(`Port ${port} is taken. End what uses it, or set FLOWGATE_PORT to another.`);
}
