import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import { versionInputs } from "../shared/flow/version-inputs.ts";
import { snapshotFile, suiteDetail, versionDetail } from "../shared/registry/flow-versions.ts";
import { managementFunction } from "./management-function.ts";
import type { Services } from "./services.ts";

managementFunction("version", "GET", "api/flows/{flow}/versions/{version}", (request, { store }) =>
  versionDetail(store, request.params["flow"] ?? "", request.params["version"] ?? ""),
);

// It loads the version as trying one does, which may have to pay for vectors of its knowledge.
managementFunction(
  "version-inputs",
  "GET",
  "api/flows/{flow}/versions/{version}/inputs",
  async (request, { trying }) =>
    versionInputs(await trying.loadVersion(request.params["flow"] ?? "", request.params["version"] ?? "")),
  "operator",
);

managementFunction("suite", "GET", "api/flows/{flow}/suites/{suite}", (request, { store }) =>
  suiteDetail(store, request.params["flow"] ?? "", request.params["suite"] ?? ""),
);

managementFunction("version-file", "GET", "api/flows/{flow}/versions/{version}/file", (request, services) =>
  sendFile("version", request.params["version"] ?? "", request, services),
);

managementFunction("suite-file", "GET", "api/flows/{flow}/suites/{suite}/file", (request, services) =>
  sendFile("suite", request.params["suite"] ?? "", request, services),
);

/** The bytes as they are. A browser neither guesses a type nor runs anything: users wrote these files. */
async function sendFile(
  kind: "version" | "suite",
  id: string,
  { params, query }: HttpRequest,
  { store }: Services,
): Promise<HttpResponseInit> {
  const body = await snapshotFile(store, kind, params["flow"] ?? "", id, query.get("path") ?? "");
  return {
    body,
    headers: {
      "content-type": "application/octet-stream",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
    },
  };
}
