import { userInfo } from "node:os";
import type { Commit } from "../shared/model/version.ts";
import { git } from "./git.ts";

/**
 * What git knows about a folder: repository, branch, commit with its author and subject. Where the folder holds
 * changes that are not committed, `commit` ends in `-dirty`, the author is who works here and there is no message.
 * Outside a checkout and where there is no git: who works here.
 */
export async function gitFacts(folder: string): Promise<Commit> {
  const commit = await git(folder, ["rev-parse", "HEAD"]);
  if (commit === undefined) return { author: await personHere(folder) };
  const [remote, branch, changes, last] = await Promise.all([
    git(folder, ["config", "--get", "remote.origin.url"]),
    git(folder, ["symbolic-ref", "--short", "HEAD"]),
    git(folder, ["status", "--porcelain", "--", "."]),
    git(folder, ["log", "-1", "--format=%an <%ae>%n%s"]),
  ]);
  const [author, message] = last?.split("\n") ?? [];
  const facts = { repository: remote && withoutCredentials(remote), branch };
  return changes
    ? { ...facts, commit: `${commit}-dirty`, author: await personHere(folder) }
    : { ...facts, commit, author, message };
}

/** Who sits here: git's user, else the system's. */
export async function personHere(folder: string): Promise<string> {
  const [name, email] = await Promise.all([
    git(folder, ["config", "--get", "user.name"]),
    git(folder, ["config", "--get", "user.email"]),
  ]);
  if (name === undefined) return userInfo().username;
  return email === undefined ? name : `${name} <${email}>`;
}

/** Clone addresses of build agents carry tokens, which must not travel with the push. */
function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}
