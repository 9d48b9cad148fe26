import type { FlowDefinition } from "../model/flow.ts";
import { scalarText } from "./scalar-text.ts";

/** Fields that name a record and say nothing about it. */
const IDENTIFIERS = /^(id|_id|uuid|key|sku)$|Id$|_id$/;
const MAX_DEPTH = 6;

/** The sources whose records are searched by meaning, each once. */
export function retrieveSources(definition: Pick<FlowDefinition, "steps">): string[] {
  return [...new Set(definition.steps.filter(({ kind }) => kind === "retrieve").map(({ source }) => source))];
}

/**
 * The text a record is embedded by: a line `field: value` for each field, in the record's order, without identifiers,
 * which would draw records with similar numbers together.
 */
export function knowledgeText(record: Record<string, unknown>): string {
  const told = Object.entries(record).filter(([name]) => !IDENTIFIERS.test(name));
  return recordText(Object.fromEntries(told.length > 0 ? told : Object.entries(record)));
}

/** A record as a person reads it: lines `field: value`, lists and records inside it indented below their field. */
export function recordText(record: Record<string, unknown>): string {
  return linesOf(record, "", 0).join("\n");
}

function linesOf(record: Record<string, unknown>, indent: string, depth: number): string[] {
  return Object.entries(record).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === "") return [];
    if (typeof value !== "object") return [`${indent}${name}: ${scalarText(value) ?? ""}`];
    if (depth >= MAX_DEPTH) return [`${indent}${name}: ${JSON.stringify(value)}`];
    const inner = `${indent}  `;
    if (!Array.isArray(value)) {
      return [`${indent}${name}:`, ...linesOf(value as Record<string, unknown>, inner, depth + 1)];
    }
    if (value.length === 0) return [];
    if (value.every((item) => typeof item !== "object" || item === null)) {
      return [`${indent}${name}: ${value.map(String).join(", ")}`];
    }
    return [`${indent}${name}:`, ...value.flatMap((item: unknown) => itemLines(item, inner, depth + 1))];
  });
}

function itemLines(item: unknown, indent: string, depth: number): string[] {
  if (typeof item !== "object" || item === null || Array.isArray(item))
    return [`${indent}- ${JSON.stringify(item)}`];
  const lines = linesOf(item as Record<string, unknown>, `${indent}  `, depth);
  return lines.map((line, index) => (index === 0 ? `${indent}- ${line.trimStart()}` : line));
}
