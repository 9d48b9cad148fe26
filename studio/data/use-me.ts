import { mayAct, type Role } from "../../shared/model/access.ts";
import type { Me } from "../../shared/model/status.ts";
import { useLive } from "./use-live.ts";

/** Who looks at the page; undefined until that is known. */
export function useMe(): Me | undefined {
  return useLive<Me>("/api/me", { everyMs: 60_000 }).value;
}

/** Whether a request that needs the role would be granted; false while that is not known. */
export function useMayAct(role: Role): boolean {
  const me = useMe();
  return me !== undefined && mayAct(me, role);
}
