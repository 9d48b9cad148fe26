import type { HttpRequest } from "@azure/functions";
import { ForbiddenError, UnauthenticatedError } from "../shared/errors.ts";
import { mayAct, type Caller, type Role } from "../shared/model/access.ts";
import { services } from "./services.ts";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;
const LOCAL: Caller = { name: "local", roles: ["operator"] };

/**
 * Who calls, if they may do what the role allows. Throws `UnauthenticatedError` (401) where nobody is proven,
 * `ForbiddenError` (403) where it is somebody without the role. Where the settings say `open`, everybody on this machine
 * may do everything, and no page of another site may in their name.
 */
export async function authorise(request: HttpRequest, role: Role): Promise<Caller> {
  const { settings, authenticator } = services();
  if (settings.access.open === true) return onThisMachine(request);
  const credential = credentialOf(request);
  if (credential === undefined) {
    throw new UnauthenticatedError(
      settings.access.entra === undefined && Object.keys(settings.access.keys).length === 0
        ? "Nobody can sign in yet: set FLOWGATE_KEYS, or FLOWGATE_ENTRA_TENANT and FLOWGATE_ENTRA_AUDIENCE."
        : "Sign in: send a key or a token as `authorization: Bearer ...`.",
    );
  }
  const caller = await authenticator.identify(credential);
  if (!caller) throw new UnauthenticatedError("This key or token is not valid here, or not any more.");
  if (!mayAct(caller, role))
    throw new ForbiddenError(`This takes the role "${role}", which ${caller.name} lacks.`);
  return caller;
}

/** Who a decision is ascribed to: whom the sign-in proves; on this machine, where nobody signs in, who they say they are. */
export function actorOf(caller: Caller, said: string): string {
  return caller === LOCAL ? said : caller.name;
}

function onThisMachine(request: HttpRequest): Caller {
  const { headers } = request;
  // The host adds its header to what a client sent, who may have sent the same one: every name given must be ours. A
  // page whose name was made to point at this machine can choose but one of the two.
  const names = [headers.get("x-forwarded-host"), headers.get("host")].filter((name) => name !== null);
  const [host = ""] = names;
  if (host === "" || !names.every((name) => LOOPBACK.test(name))) {
    throw new ForbiddenError(
      "Without sign-in Flowgate answers on this machine only, as 127.0.0.1 or localhost.",
    );
  }
  const origin = headers.get("origin");
  const isForeign = origin !== null && origin !== `http://${host}`;
  if (isForeign || headers.get("sec-fetch-site") === "cross-site") {
    throw new ForbiddenError("A page of another site may not call Flowgate.");
  }
  return LOCAL;
}

/** As OpenAI's clients send it, as Azure's do, or as Azure Functions' keys are sent. */
function credentialOf({ headers }: HttpRequest): string | undefined {
  const bearer = /^Bearer\s+(.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return bearer?.trim() ?? headers.get("api-key") ?? headers.get("x-functions-key") ?? undefined;
}
