import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** What `flowgate init` can begin with, and what each is for. */
export const TEMPLATES = {
  chat: "answers from what the prompt itself holds",
  rag: "finds knowledge for each question and answers from it",
  classify: "answers with one of a few labels",
} as const;
export type TemplateName = keyof typeof TEMPLATES;

const FOLDER = path.join(import.meta.dirname, "templates");

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name);
}

/** The files of a template under the flow's own name, by path, without the editor's part. */
export async function templateFiles(template: TemplateName, name: string): Promise<Map<string, string>> {
  const root = path.join(FOLDER, template);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const text = await readFile(file, "utf8");
    files.set(path.relative(root, file).split(path.sep).join("/"), named(text, template, name));
  }
  return files;
}

/** In a template the flow is called as the template is, in `flow.yaml`, the prompt and the title of its README. */
function named(text: string, template: string, name: string): string {
  return text
    .replace(new RegExp(`^name: ${template}$`, "m"), `name: ${name}`)
    .replace(new RegExp(`^# ${template}$`, "m"), `# ${name}`);
}
