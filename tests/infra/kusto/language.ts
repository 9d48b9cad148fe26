import { createRequire } from "node:module";

/** A node of a query's syntax tree. What it has beside depends on its kind. */
export interface SyntaxNode {
  kind: string;
  text: string;
  children: SyntaxNode[];
}

export interface ParsedQuery {
  /** What the language service finds wrong, against the tables' schemas. */
  problems: string[];
  root: SyntaxNode;
}

/** What is used of Microsoft's language service; its own types are megabytes. */
interface LanguageService {
  GlobalState: { Default: { WithDatabase(database: object): object } };
  KustoCode: { ParseAndAnalyze(text: string, globals: object): Code };
  Symbols: {
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object };
  };
  Syntax: { SyntaxKind: Record<string, unknown> };
}
interface Code {
  Syntax: ServiceNode;
  GetDiagnostics(): { Count: number; getItem(index: number): { Message: string; Start: number } };
}
interface ServiceNode {
  Kind: number;
  ChildCount: number;
  GetChild(index: number): ServiceNode | null;
  Text?: string;
}

/** Application Insights' own tables, as far as queries here may use them. Numbers in `customDimensions` are text. */
const TABLES: Record<string, string> = {
  dependencies:
    "(timestamp: datetime, id: string, target: string, type: string, name: string, data: string, success: string, resultCode: string, duration: real, performanceBucket: string, itemType: string, customDimensions: dynamic, customMeasurements: dynamic, operation_Name: string, operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string, appId: string, appName: string, iKey: string, sdkVersion: string, itemId: string, itemCount: int)",
  customEvents:
    "(timestamp: datetime, name: string, itemType: string, customDimensions: dynamic, customMeasurements: dynamic, operation_Name: string, operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string, appId: string, appName: string, iKey: string, sdkVersion: string, itemId: string, itemCount: int)",
  customMetrics:
    "(timestamp: datetime, name: string, value: real, valueCount: int, valueSum: real, valueMin: real, valueMax: real, valueStdDev: real, itemType: string, customDimensions: dynamic, operation_Name: string, operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string, appId: string, appName: string, iKey: string, sdkVersion: string, itemId: string, itemCount: int)",
};

const { service, kinds, globals } = load();

/** Parses a query and checks it against the tables of Application Insights. */
export function parseQuery(text: string): ParsedQuery {
  const code = service.KustoCode.ParseAndAnalyze(text, globals);
  const found = code.GetDiagnostics();
  const problems = Array.from({ length: found.Count }, (_, index) => {
    const { Message, Start } = found.getItem(index);
    return `${Message} (line ${text.slice(0, Start).split("\n").length})`;
  });
  return { problems, root: nodeOf(code.Syntax) };
}

function nodeOf(node: ServiceNode): SyntaxNode {
  const children = Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index));
  return {
    kind: kinds.get(node.Kind) ?? String(node.Kind),
    text: node.Text ?? "",
    children: children.filter((child) => child !== null).map(nodeOf),
  };
}

/** The package writes itself into the global object, as it was made for browsers. */
function load() {
  const require = createRequire(import.meta.url);
  require("@kusto/language-service-next/bridge.min.js");
  require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
  const service = (globalThis as unknown as { Kusto: { Language: LanguageService } }).Kusto.Language;
  const kinds = new Map(
    Object.entries(service.Syntax.SyntaxKind).flatMap(([name, value]): [number, string][] =>
      typeof value === "number" ? [[value, name]] : [],
    ),
  );
  const { TableSymbol, DatabaseSymbol } = service.Symbols;
  const tables = Object.entries(TABLES).map(([name, schema]) => new TableSymbol.$ctor7(name, schema, null));
  const database = new DatabaseSymbol.ctor("insights", tables);
  return { service, kinds, globals: service.GlobalState.Default.WithDatabase(database) };
}
