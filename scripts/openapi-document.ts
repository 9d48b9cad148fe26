import path from "node:path";
import { createGenerator, type Schema } from "ts-json-schema-generator";
import * as z from "zod";
import packageFacts from "../package.json" with { type: "json" };
import { DESCRIBED_ROUTES, type DescribedRoute } from "./openapi-routes.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const TYPES_REF = "#/definitions/";
const SCHEMAS_REF = "#/components/schemas/";

/**
 * The API as an OpenAPI 3.1 document: the answers from the types of `shared/model` that the code answers by, the
 * requests from the schemas that it reads them with.
 */
export function openapiDocument(): object {
  const names = new Set(DESCRIBED_ROUTES.flatMap(({ answer }) => answer.type ?? []));
  const schemas = answerSchemas([...names, "ErrorBody", "ChatErrorBody"]);
  const paths: Record<string, Record<string, object>> = {};
  for (const described of DESCRIBED_ROUTES) {
    const [method = "", route = ""] = described.route.split(" ");
    (paths[`/${route}`] ??= {})[method.toLowerCase()] = operation(described);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Flowgate",
      version: packageFacts.version,
      description: "What the command and the studio use, and how clients chat with what is in production.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "A key of FLOWGATE_KEYS, or an Entra token." },
      },
    },
  };
}

function answerSchemas(names: readonly string[]): Record<string, Schema> {
  const generator = createGenerator({
    path: path.join(ROOT, "shared/model/*.ts"),
    tsconfig: path.join(ROOT, "tsconfig.json"),
    skipTypeCheck: true,
    expose: "export",
    topRef: true,
    additionalProperties: true,
    jsDoc: "basic",
  });
  const schemas = new Map<string, Schema>();
  for (const name of names) {
    for (const [defined, schema] of Object.entries(generator.createSchema(name).definitions ?? {})) {
      if (typeof schema === "object") schemas.set(defined, withRefs(schema));
    }
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withRefs(schema: Schema): Schema {
  const text = JSON.stringify(schema).replaceAll(`"$ref":"${TYPES_REF}`, `"$ref":"${SCHEMAS_REF}`);
  return JSON.parse(text) as Schema;
}

function operation({ route, summary, role, query = {}, body, answer, chat }: DescribedRoute): object {
  const [, address = ""] = route.split(" ");
  const inPath = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query).map(([name, parameter]) => ({ name, in: "query", ...parameter }));
  const refusal = chat ? "ChatErrorBody" : "ErrorBody";
  const refused = { description: "Refused.", content: json({ $ref: `${SCHEMAS_REF}${refusal}` }) };
  return {
    summary,
    operationId: operationId(route),
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required: true, content: json(requestSchema(body)) } }),
    responses: { 200: answered(answer), ...(address.endsWith("openapi.json") ? {} : { default: refused }) },
    ...(role === undefined ? { security: [] } : { "x-flowgate-role": role }),
  };
}

function answered(answer: DescribedRoute["answer"]): object {
  const ref = answer.type === undefined ? undefined : { $ref: `${SCHEMAS_REF}${answer.type}` };
  if (!("content" in answer)) return { description: "As asked.", content: json(ref ?? {}) };
  const schema = ref ?? (answer.content === "application/json" ? {} : { type: "string" });
  return { description: answer.description, content: { [answer.content]: { schema } } };
}

function requestSchema(body: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(body, { io: "input" });
  return schema;
}

function json(schema: object): object {
  return { "application/json": { schema } };
}

/** `GET api/flows/{flow}/runs/{run}` is `getFlowRun`. */
function operationId(route: string): string {
  const words = route.replaceAll(/\{(\w+)\}/g, "by $1").split(/[^A-Za-z0-9]+/);
  return words
    .filter((word) => word !== "api")
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : `${word[0]?.toUpperCase() ?? ""}${word.slice(1)}`,
    )
    .join("");
}
