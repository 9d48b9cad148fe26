import { handleChange } from "../pipelines/intake/handle-change.ts";
import { queueFunction } from "./queue-function.ts";

queueFunction("flow-changed", "flow-changes", (message, { intake }, { redelivered }) =>
  handleChange(message, intake, redelivered),
);
