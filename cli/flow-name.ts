import { flowSchema } from "../shared/flow/flow-schema.ts";
import { CommandError } from "./command-error.ts";

/** A name that flows may have, made of what something is called. */
export function toFlowName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return plain === "" ? "my-flow" : plain;
}

/** Throws `CommandError` for a name that `flow.yaml` would refuse. */
export function checkFlowName(name: string): string {
  if (flowSchema.shape.name.safeParse(name).success) return name;
  throw new CommandError(
    `${name} is no name for a flow: lower-case letters, digits and hyphens, at most 63. Take ${toFlowName(name)}.`,
  );
}
