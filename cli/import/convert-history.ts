/** A place in a template where a history is used in a way that cannot be converted. */
export interface HistoryProblem {
  offset: number;
  message: string;
}

const COUNTS = "counts turns, where messages are now.";

/** Bounded, so that text full of openings costs no more than its length. */
const TAG = /\{%[-+]?\s{0,50}(for|endfor)\b((?:[^%]|%(?!\})){0,500})%\}/g;
const FIELD = /\.\s*(inputs|outputs)\b(?:\s*\.\s*\w+|\s*\[\s*(?:'[^']*'|"[^"]*")\s*\])?/g;

/**
 * Turns loops over a history of Prompt Flow, `{ inputs: { question }, outputs: { answer } }` per turn, into what
 * Flowgate's histories are, messages with role and content. The loop that only writes both under their role markers
 * becomes `{{ history }}`; other loops ask for each message's role.
 */
export function convertHistory(
  template: string,
  history: string,
): { text: string; problems: HistoryProblem[] } {
  const problems: HistoryProblem[] = [];
  let text = "";
  let at = 0;
  for (const loop of loopsOver(template, history)) {
    const body = template.slice(loop.bodyStart, loop.bodyEnd);
    const converted = convertLoop(body, loop.item, template.slice(loop.start, loop.bodyStart), history);
    if (converted === undefined) continue;
    if (typeof converted === "object") problems.push({ offset: loop.start, message: converted.problem });
    text += template.slice(at, loop.start);
    text += typeof converted === "string" ? converted : template.slice(loop.start, loop.end);
    at = loop.end;
  }
  text += template.slice(at);
  // A template that only reads turns is given them as Prompt Flow kept them.
  if (!/\.role == "user"/.test(text)) problems.splice(0, problems.length, ...problems.filter(isAlways));
  // What is left of Prompt Flow's form outside of loops, such as chat_history[-1].outputs.answer.
  const direct = new RegExp(String.raw`\b${history}\s*\[[^\]]*\]\s*\.\s*(?:inputs|outputs)\b`).exec(text);
  if (direct !== null) {
    const offset = Math.max(0, template.indexOf(direct[0]));
    problems.push({ offset, message: `${direct[0]} reads a turn as Prompt Flow kept it.` });
  }
  return { text, problems };
}

function isAlways({ message }: HistoryProblem): boolean {
  return !message.endsWith(COUNTS);
}

interface HistoryLoop {
  start: number;
  bodyStart: number;
  bodyEnd: number;
  end: number;
  item: string;
}

function loopsOver(template: string, history: string): HistoryLoop[] {
  const head = new RegExp(String.raw`^\s*(\w+)\s+in\s+${history}\b`);
  const open: { start: number; bodyStart: number; item: string | undefined }[] = [];
  const loops: HistoryLoop[] = [];
  for (const tag of template.matchAll(TAG)) {
    const end = tag.index + tag[0].length;
    if (tag[1] === "for") {
      open.push({ start: tag.index, bodyStart: end, item: head.exec(tag[2] ?? "")?.[1] });
      continue;
    }
    const opened = open.pop();
    if (opened?.item === undefined) continue;
    loops.push({ ...opened, item: opened.item, bodyEnd: tag.index, end });
  }
  return loops.sort((a, b) => a.start - b.start);
}

/** Undefined: a loop that is not in Prompt Flow's form. */
function convertLoop(
  body: string,
  item: string,
  head: string,
  history: string,
): string | { problem: string } | undefined {
  const uses = usesOf(body, item);
  if (uses.length === 0) return undefined;
  const asks = uses.filter(({ part }) => part === "inputs");
  const answers = uses.filter(({ part }) => part === "outputs");
  const whole = /^\{%[-+]?\s*for\s+\w+\s+in\s+\w+\s*[-+]?%\}$/.test(head);
  const shown = body.replace(/\s+/g, " ").trim();
  const marked = new RegExp(
    String.raw`^#? ?user ?: \{\{-? ?${item} ?\. ?inputs[^}]*\}\} #? ?assistant ?: \{\{-? ?${item} ?\. ?outputs[^}]*\}\}$`,
    "i",
  );
  if (whole && marked.test(shown) && !shown.includes("|")) return `{{ ${history} }}`;
  const lastAsk = asks.at(-1)?.end ?? 0;
  const firstAnswer = answers[0]?.at ?? body.length;
  if (lastAsk > firstAnswer || /\{%/.test(body)) {
    return { problem: `The loop over ${history} mixes what was asked and what was answered.` };
  }
  if (!whole) return { problem: `The loop over a part of ${history} ${COUNTS}` };
  const lineEnd = body.indexOf("\n", lastAsk);
  const tagEnd = body.indexOf("}}", lastAsk) + 2;
  const cut = lineEnd >= 0 && lineEnd < firstAnswer ? lineEnd + 1 : tagEnd;
  const [asked, answered] = asks.length === 0 ? ["", body] : [body.slice(0, cut), body.slice(cut)];
  const message = (text: string): string => replaceUses(text, item);
  return `{% for ${item} in ${history} %}{% if ${item}.role == "user" %}${message(asked)}{% else %}${message(answered)}{% endif %}{% endfor %}`;
}

function usesOf(body: string, item: string): { at: number; end: number; part: string }[] {
  return [...body.matchAll(FIELD)]
    .filter(({ index }) =>
      new RegExp(String.raw`(?:^|\W)${item}\s*$`).test(body.slice(Math.max(0, index - 80), index)),
    )
    .map(({ index, 0: text, 1: part = "" }) => ({ at: index, end: index + text.length, part }));
}

function replaceUses(body: string, item: string): string {
  let text = "";
  let at = 0;
  for (const use of usesOf(body, item)) {
    text += `${body.slice(at, use.at)}.content`;
    at = use.end;
  }
  return text + body.slice(at);
}
