import type { SettingChange } from "../model/changes.ts";
import { cutText } from "./plain-characters.ts";

const MOST_CHARACTERS = 500;

/**
 * What differs between two values: objects are gone into by their keys, lists of things with a `name` by that, so that
 * one that was inserted does not change those after it. Everything else is compared whole.
 */
export function settingChanges(before: unknown, after: unknown, prefix = ""): SettingChange[] {
  const old = flattened(before, prefix);
  const now = flattened(after, prefix);
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => ({ name, before: old.get(name), after: now.get(name) }));
}

function flattened(value: unknown, prefix: string): Map<string, string> {
  const found = new Map<string, string>();
  function visit(part: unknown, name: string): void {
    if (part === undefined) return;
    const members = membersOf(part);
    if (members && members.length > 0) {
      for (const [key, member] of members) visit(member, name === "" ? key : `${name}.${key}`);
      return;
    }
    const text = typeof part === "string" ? part : JSON.stringify(part);
    found.set(name, cutText(text, MOST_CHARACTERS));
  }
  visit(value, prefix);
  return found;
}

function membersOf(value: unknown): [string, unknown][] | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (!Array.isArray(value)) return Object.entries(value);
  const names = new Set(value.map(nameOf));
  if (names.has(undefined) || names.size < value.length) return undefined;
  return value.map((item: { name: string }) => {
    const { name, ...rest } = item;
    return [name, rest];
  });
}

function nameOf(item: unknown): string | undefined {
  const name = item !== null && typeof item === "object" && "name" in item ? item.name : undefined;
  return typeof name === "string" ? name : undefined;
}
