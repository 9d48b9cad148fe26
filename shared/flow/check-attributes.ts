import type { Findings } from "./diagnostics.ts";
import type { Prompty } from "./prompty.ts";
import { placeInTemplate } from "./render-messages.ts";

const MAX_REPORTED = 100;
const MARKER =
  /^[ \t]{0,20}#?[ \t]{0,20}(system|user|assistant|developer|function|tool)[ \t]{0,20}(\[[^\]\n]{0,500}\])?[ \t]{0,20}:[ \t]*$/gim;
const NAME = /(\w+)\s*=/g;
/** What services know of a message, and what never leaves this program. */
const KNOWN = new Set(["name", "tool_call_id", "nonce"]);

/**
 * Warns of what a service will not take of a message that a marker opens: a tool's answer without the call's id, a
 * function's without its name, and fields that messages do not have, which are sent as they are.
 */
export function checkAttributes(prompt: Prompty, findings: Findings): void {
  let reported = 0;
  for (const found of prompt.template.matchAll(MARKER)) {
    const { 1: role = "", 2: attributes = "", index } = found;
    const names = [...attributes.replaceAll(/"[^"]*"/g, "").matchAll(NAME)].map(([, name = ""]) => name);
    const needed = { tool: "tool_call_id", function: "name" }[role.toLowerCase()];
    const place = placeInTemplate(prompt, index + found[0].search(/\S/));
    if (needed !== undefined && !names.includes(needed)) {
      reported += 1;
      const message = `A ${role.toLowerCase()} message needs its ${needed}: services refuse it without.`;
      const remedy = `Write ${role}[${needed}="..."]:, or print the history that holds it whole, as {{ chat_history }}.`;
      findings.warning(prompt.path, place, message, remedy);
    }
    const other = names.find((name) => !KNOWN.has(name));
    if (other !== undefined) {
      reported += 1;
      const message = `${other} is sent as a field of the message, and a service may refuse what it does not know.`;
      findings.warning(prompt.path, place, message, "Messages have name and tool_call_id.");
    }
    if (reported >= MAX_REPORTED) return;
  }
}
