import type { Diagnostic } from "../../shared/model/flow.ts";

/** A line that the runner shows at the place in the file. Whatever the texts hold, it stays one command. */
export function annotation(folder: string, diagnostic: Diagnostic): string {
  const { severity, file, line, column, message, remedy } = diagnostic;
  const place = `file=${property(`${folder}/${file}`)},line=${line},col=${column}`;
  return `::${severity} ${place}::${data(remedy === undefined ? message : `${message} ${remedy}`)}`;
}

/** A notice on the run's page. */
export function notice(text: string): string {
  return `::notice title=Flowgate::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
