import { expect, test } from "vitest";
import { validateFlow } from "../../../shared/flow/validate-flow.ts";

const FLOW =
  "name: a\nprompt: chat/look.prompty\nevaluation: { datasets: d.jsonl }\ngate: { latency: { p95: '<= 1s' } }\n";
const FRONTMATTER = "---\ninputs:\n  - { name: photo, kind: image }\n---\n";

function findings(files: Record<string, string>): string[] {
  const whole = {
    "flow.yaml": FLOW,
    "chat/a.png": "GIF89a",
    "chat/empty.png": "",
    "chat/fake.png": "<html>",
    ...files,
  };
  const encoded = new Map(
    Object.entries(whole).map(([path, text]) => [path, new TextEncoder().encode(text)]),
  );
  return validateFlow(encoded, { evaluators: [], metrics: ["latency"] }).diagnostics.map(
    ({ severity, file, line, column, message, remedy }) =>
      `${file}:${line}:${column}: ${severity}: ${message} ${remedy ?? ""}`,
  );
}

const rows = (...photos: unknown[]): string =>
  photos.map((photo, id) => JSON.stringify({ id: String(id), photo })).join("\n");

test("every row whose image is none is an error at its line, with what to do", () => {
  expect(
    findings({
      "chat/look.prompty": `${FRONTMATTER}user:\n{{ photo }}`,
      "d.jsonl": rows(
        "a.png",
        "b.png",
        "chat/a.png",
        "../secret.png",
        "/etc/passwd",
        "empty.png",
        "https://example.com/a",
        5,
        "fake.png",
      ),
    }),
  ).toEqual([
    "d.jsonl:2:1: error: photo: The image b.png: There is no such file beside the prompt. Images there: a.png, empty.png, fake.png.",
    "d.jsonl:3:1: error: photo: The image chat/a.png: There is no such file beside the prompt. Did you mean a.png?",
    "d.jsonl:4:1: error: photo: The image ../secret.png: A path never leaves the flow's folder: .. is not allowed. Images there: a.png, empty.png, fake.png.",
    expect.stringMatching(/^d\.jsonl:5:1: error: photo: \/etc\/passwd is no image\. An image is an http/),
    "d.jsonl:6:1: error: photo: The image empty.png is an empty file. Put the image there.",
    expect.stringMatching(/^d\.jsonl:8:1: error: photo: A number is no image\./),
    "d.jsonl:9:1: error: photo: The image fake.png does not begin as a PNG, JPEG, GIF or WebP does. Put the image itself there, in one of these formats.",
  ]);
});

test("a default that is none is an error, a sample a warning", () => {
  const look =
    "---\ninputs:\n  - { name: photo, kind: image, default: b.png }\n  - { name: other, kind: image, sample: photograph }\n---\nuser:\n{{ photo }}{{ other }}";
  expect(findings({ "chat/look.prompty": look, "d.jsonl": '{"other": "a.png"}' })).toEqual([
    expect.stringMatching(
      /^chat\/look\.prompty:3:\d+: error: photo: The image b\.png: There is no such file/,
    ),
    expect.stringMatching(/^chat\/look\.prompty:4:\d+: warning: The sample of other: photograph is no image/),
  ]);
});

test("the first dialect's images in Markdown are held against the rows, the second's stay text with a warning", () => {
  const template = "user:\nSee ![it]({{ photo }})";
  const first = `---\nmodel: { api: chat }\ninputs: { photo: { type: string } }\n---\n${template}`;
  const files = { "d.jsonl": rows("a.png", "none.png") };
  expect(findings({ ...files, "chat/look.prompty": first })).toEqual([
    expect.stringMatching(/^d\.jsonl:2:1: error: photo: The image none\.png: There is no such file/),
  ]);
  const second = `---\nmodel: { id: a }\ninputs: [{ name: photo, kind: string }]\n---\n${template}`;
  expect(findings({ ...files, "chat/look.prompty": second })).toEqual([
    "chat/look.prompty:6:5: warning: The image in Markdown stays text: photo is not declared as an image. Declare it: inputs: [{ name: photo, kind: image }].",
  ]);
});

test("a step's prompt that takes its image from the rows is held against them too", () => {
  const flow = `${FLOW.replace("look", "answer")}steps:\n  seen: { prompt: chat/look.prompty }\n`;
  expect(
    findings({
      "flow.yaml": flow,
      "chat/look.prompty": `${FRONTMATTER}user:\n{{ photo }}`,
      "chat/answer.prompty": "user:\n{{ seen }}",
      "d.jsonl": rows("a.png", "none.png"),
    }),
  ).toEqual([expect.stringMatching(/^d\.jsonl:2:1: error: photo: The image none\.png/)]);
});
