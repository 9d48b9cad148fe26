import { styleText } from "node:util";

/** Styles text where the stream is a terminal and NO_COLOR is not set; else returns it as it is. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Where a command writes: results to stdout, everything about getting there to stderr. */
export interface Output {
  /** Whether stdout carries one JSON document and nothing else. */
  json: boolean;
  /** Adds the line break. */
  print: (text: string) => void;
  /** As `print`, without the line break: for what streams. */
  write: (text: string) => void;
  printJson: (value: unknown) => void;
  /** Progress, warnings and errors. */
  note: (text: string) => void;
  paint: Paint;
  paintNote: Paint;
  columns: number;
}

/** Writes to this process's streams. */
export function createOutput(json: boolean): Output {
  const { stdout, stderr } = process;
  return {
    json,
    print: (text) => void stdout.write(`${text}\n`),
    write: (text) => void stdout.write(text),
    printJson: (value) => void stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    paint: (format, text) => styleText(format, text, { stream: stdout }),
    paintNote: (format, text) => styleText(format, text, { stream: stderr }),
    columns: Math.min(stdout.columns ?? 80, 120),
  };
}
