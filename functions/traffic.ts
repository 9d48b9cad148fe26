import { PermanentError } from "../shared/errors.ts";
import { MOST_HOURS } from "../pipelines/monitor/read-traffic.ts";
import { managementFunction } from "./management-function.ts";

managementFunction("traffic", "GET", "api/flows/{flow}/traffic", (request, { readTraffic }) => {
  const hours = Number(request.query.get("hours") ?? 1);
  if (!(hours > 0 && hours <= MOST_HOURS)) {
    throw new PermanentError(`hours: a number above 0 and up to ${MOST_HOURS}.`);
  }
  const to = request.query.get("to");
  if (to !== null && !(Date.parse(to) > 0)) {
    throw new PermanentError(
      "to: a time such as 2026-11-26T14:00:00Z, the end of the hours; now by default.",
    );
  }
  return readTraffic(request.params["flow"] ?? "", hours, to === null ? undefined : new Date(to));
});
