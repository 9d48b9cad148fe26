/** What Azure says of a subscription's resources; looks and never changes. */
export interface AzureView {
  /** One resource or answer: `path` begins with `/subscriptions/`. Undefined where there is none (404). */
  get<T>(path: string, apiVersion: string, query?: Record<string, string>): Promise<T | undefined>;
  /** Every item of a list, whatever number of pages it comes in. */
  list<T>(path: string, apiVersion: string): Promise<T[]>;
  /** The rows that a query of Application Insights answers; `component` is the application's id there. */
  query(component: string, query: string): Promise<Record<string, unknown>[]>;
}
