import type { ComponentChildren } from "preact";
import type { Live } from "../data/use-live.ts";

/** Nothing to show, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <section class="state">
      <h1>{title}</h1>
      <p>{children}</p>
    </section>
  );
}

/** What a live value shows: lines that wait for it, why there is none, or what is made of it. */
export function Loaded<T>({
  live,
  what,
  children,
}: {
  live: Live<T>;
  /** `the flows`, for what is said while it loads. */
  what: string;
  children: (value: T) => ComponentChildren;
}) {
  const { value, error } = live;
  if (value !== undefined && (error === undefined || error.isPassing)) return <>{children(value)}</>;
  if (error && !error.isPassing) return <Refused status={error.status} message={error.message} what={what} />;
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">Loading {what}</span>
      {[0, 1, 2, 3].map((line) => (
        <div key={line} class="bone" />
      ))}
    </div>
  );
}

function Refused({ status, message, what }: { status: number; message: string; what: string }) {
  const title =
    { 401: "Sign in first", 403: "This is not for you", 404: "There is no such thing" }[status] ??
    `Flowgate could not show ${what}`;
  return (
    <section class="state" role="alert">
      <h1>{title}</h1>
      <p>{message}</p>
    </section>
  );
}
