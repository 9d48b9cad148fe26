import { mayAct, type Role } from "../../shared/model/access.ts";
import type { Me } from "../../shared/model/status.ts";
import { useLive } from "./use-live.ts";

/** Who may neither read nor decide is not even told that. */
const CHAT_CLIENT: Me = { name: "a chat client", roles: ["chat"], signedIn: true };

/** Who looks at the page; undefined until that is known. */
export function useMe(): Me | undefined {
  const { value, error } = useLive<Me>("/api/me", { everyMs: 60_000 });
  return error?.status === 403 ? CHAT_CLIENT : value;
}

/** Whether a request that needs the role would be granted; false while that is not known. */
export function useMayAct(role: Role): boolean {
  const me = useMe();
  return me !== undefined && mayAct(me, role);
}
