import type { ComponentChildren } from "preact";
import type { ApiError } from "../data/api-error.ts";
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
  const { value, error, refresh } = live;
  if (value !== undefined && (error === undefined || error.isPassing)) {
    return (
      <>
        {/* That nothing answers at all stands above the page. */}
        {error?.isAnswer && (
          <div class="note open stale" role="status">
            <p>
              What you see of {what} is not the newest: {error.message}
            </p>
            <TryAgain refresh={refresh} />
          </div>
        )}
        {children(value)}
      </>
    );
  }
  if (error) return <Refused error={error} what={what} refresh={refresh} />;
  return (
    <div class="loading" role="status">
      <span class="visually-hidden">Loading {what}</span>
      {[0, 1, 2, 3].map((line) => (
        <div key={line} class="bone" />
      ))}
    </div>
  );
}

function Refused({ error, what, refresh }: { error: ApiError; what: string; refresh: () => void }) {
  const { status, message, isAnswer, isPassing } = error;
  const title =
    { 401: "Sign in first", 403: "This is not for you", 404: "There is no such thing" }[status] ??
    `Flowgate could not show ${what}`;
  return (
    <section class="state" role="alert">
      <h1>{title}</h1>
      <p>{isAnswer ? message : "Nothing answers. This page goes on by itself once Flowgate is back."}</p>
      {isPassing && <TryAgain refresh={refresh} />}
    </section>
  );
}

export function TryAgain({ refresh }: { refresh: () => void }) {
  return (
    <button type="button" onClick={refresh}>
      Try again
    </button>
  );
}
