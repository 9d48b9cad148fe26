import { useEffect, useState } from "preact/hooks";
import { ago, moment } from "../data/format-time.ts";

const TICK_MS = 5_000;

/** How long ago something was; the exact time where one points at it. */
export function Moment({ at }: { at: string }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(at);
  return (
    <time dateTime={at} title={moment(date)}>
      {ago(date, now)}
    </time>
  );
}
