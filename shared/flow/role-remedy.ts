import { isInstruction, roleMeant, roleOf } from "./message-role.ts";

/** What to do about a history's message whose role is none, or one that its history does not take. */
export function roleRemedy(written: string, thread: boolean): string {
  const role = roleOf(written);
  if (role !== undefined && isInstruction(role) && !thread)
    return "Only the prompt gives instructions: leave it out, or declare the input with kind: thread.";
  const meant = roleMeant(written);
  const roles = `user, assistant, tool, function${thread ? ", system, developer" : ""}`;
  return meant === undefined ? `Roles: ${roles}.` : `Did you mean ${meant}? Roles: ${roles}.`;
}
