import type { FlowDefinition, FlowFiles, StepDefinition } from "../model/flow.ts";
import { fieldValue } from "./field-text.ts";
import { readRecords } from "./records.ts";
import { scalarText } from "./scalar-text.ts";

/** Fields that name a record and say nothing about it. */
const IDENTIFIERS = /^(id|_id|uuid|key|sku)$|Id$|_id$/;
const MAX_DEPTH = 6;

/** Records that are searched by meaning, and by which of their fields. */
export interface VectorSet {
  /** What the vectors go by in memory: the source, with the fields where not all are searched. */
  key: string;
  source: string;
  fields: string[] | undefined;
}

/** The vectors a retrieval needs; undefined where it searches by words alone. */
export function vectorSetOf(step: StepDefinition): VectorSet | undefined {
  if (step.kind !== "retrieve" || step.mode === "keyword") return undefined;
  const { source, fields } = step;
  return { key: fields === undefined ? source : JSON.stringify([source, ...fields]), source, fields };
}

/** The vectors that the steps need, each once. */
export function vectorSets(definition: Pick<FlowDefinition, "steps">): VectorSet[] {
  const sets = definition.steps.map(vectorSetOf).filter((set) => set !== undefined);
  return [...new Map(sets.map((set) => [set.key, set])).values()];
}

/** The texts of a set's records, in the order of `readRecords`: what their vectors are made of. */
export function vectorTexts(set: VectorSet, files: FlowFiles): string[] {
  return readRecords(set.source, files).records.map(({ value }) => knowledgeText(value, set.fields));
}

/**
 * The text a record is embedded by: a line `field: value` for each field, in the record's order, without identifiers,
 * which would draw records with similar numbers together. Where `fields` are named, those alone and in their order.
 */
export function knowledgeText(record: Record<string, unknown>, fields?: readonly string[]): string {
  if (fields !== undefined) {
    return recordText(Object.fromEntries(fields.map((field) => [field, fieldValue(record, field)])));
  }
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
