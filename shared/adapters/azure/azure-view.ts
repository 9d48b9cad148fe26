import type { AzureView } from "../../ports/azure-view.ts";
import type { LazyCredential } from "./lazy-credential.ts";

const MANAGEMENT = "https://management.azure.com";
const INSIGHTS = "https://api.applicationinsights.io";
const TIMEOUT_MS = 20_000;

interface Page<T> {
  value?: T[];
  nextLink?: string;
}

interface Answer {
  tables: { columns: { name: string }[]; rows: unknown[][] }[];
}

/**
 * Azure Resource Manager and Application Insights by their REST interfaces, as whoever is signed in (`az login`).
 * Throws an `Error` that names the status and what the service said.
 */
export function createAzureView(
  credential: LazyCredential,
  {
    management = MANAGEMENT,
    insights = INSIGHTS,
    signal,
  }: { management?: string; insights?: string; signal?: AbortSignal } = {},
): AzureView {
  async function ask<T>(url: URL, audience: string): Promise<T | undefined> {
    const token = await credential.getToken(`${audience}/.default`, {});
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token?.token ?? ""}` },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (response.status === 404) return undefined;
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return body as T;
    const said = (body as { error?: { message?: string } } | undefined)?.error?.message;
    const shown = said === undefined ? "" : `: ${said.split("\n")[0]}`;
    throw new Error(`${url.pathname} answered ${response.status}${shown}`);
  }

  const address = (path: string, apiVersion: string, query: Record<string, string> = {}): URL => {
    const url = new URL(path, management);
    url.search = new URLSearchParams({ ...query, "api-version": apiVersion }).toString();
    return url;
  };

  return {
    get: (path, apiVersion, query) => ask(address(path, apiVersion, query), MANAGEMENT),

    async list<T>(path: string, apiVersion: string) {
      const items: T[] = [];
      let next: URL | undefined = address(path, apiVersion);
      while (next) {
        const page: Page<T> | undefined = await ask<Page<T>>(next, MANAGEMENT);
        items.push(...(page?.value ?? []));
        next = page?.nextLink ? new URL(page.nextLink) : undefined;
      }
      return items;
    },

    async query(component, query) {
      const url = new URL(`/v1/apps/${encodeURIComponent(component)}/query`, insights);
      url.searchParams.set("query", query);
      const answer = await ask<Answer>(url, INSIGHTS);
      const [table] = answer?.tables ?? [];
      const names = table?.columns.map(({ name }) => name) ?? [];
      return (table?.rows ?? []).map((row) =>
        Object.fromEntries(names.map((name, index) => [name, row[index]])),
      );
    },
  };
}
