import type { Me } from "../shared/model/status.ts";
import { managementFunction } from "./management-function.ts";

managementFunction("me", "GET", "api/me", (_request, { settings }, { name, roles }) =>
  Promise.resolve({ name, roles: [...roles], signedIn: settings.access.open !== true } satisfies Me),
);
