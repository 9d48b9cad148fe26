import { NotFoundError } from "../shared/errors.ts";
import { CommandError } from "./command-error.ts";
import type { ManagementApi } from "./management-api.ts";

/** The flow a command means where none is named: the only one there is. Else an error that lists them. */
export async function chooseFlow(api: ManagementApi, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const names = (await api.flows()).flows.map(({ flow }) => flow);
  return onlyFlow(names);
}

/** The one name of the list. */
export function onlyFlow(names: string[]): string {
  const [only] = names;
  if (only === undefined)
    throw new NotFoundError("There is no flow yet. Push one: flowgate push flows/<name>.");
  if (names.length > 1) throw new CommandError(`There are several flows: ${names.join(", ")}. Name one.`);
  return only;
}
