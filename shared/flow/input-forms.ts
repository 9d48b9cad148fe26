import { isExactNumber } from "./exact-number.ts";
import { parseStrictJson } from "./strict-json.ts";

/** What values of an input's type look like, in data and as text. */
export interface InputForm {
  fits(value: unknown): boolean;
  /** The value that a text stands for, as in a cell of a CSV file; undefined where it is none of this form. */
  read(text: string): unknown;
  /** How one is written. */
  hint: string;
}

const TEXT: InputForm = {
  fits: (value) => typeof value === "string",
  read: (text) => text,
  hint: "Write a text.",
};
const WHOLE: InputForm = {
  fits: (value) => Number.isInteger(value),
  read: (text) => {
    const value = numberIn(text);
    // A text has all digits of a number; to lose some, as a customer's, would mean another one.
    return Number.isInteger(value) && isExactNumber(text.trim()) ? value : undefined;
  },
  hint: "Write a whole number, such as 3.",
};
const NUMBER: InputForm = {
  fits: (value) => typeof value === "number",
  read: numberIn,
  hint: "Write a number, such as 0.5.",
};
const BOOLEAN: InputForm = {
  fits: (value) => typeof value === "boolean",
  read: (text) =>
    new Map([
      ["true", true],
      ["false", false],
    ]).get(text.trim().toLowerCase()),
  hint: "Write true or false.",
};
const LIST: InputForm = {
  fits: Array.isArray,
  read: (text) => jsonIn(text, Array.isArray),
  hint: 'Write a list, such as ["a", "b"].',
};
const OBJECT: InputForm = {
  fits: isObject,
  read: (text) => jsonIn(text, isObject),
  hint: 'Write an object, such as {"name": "value"}.',
};
const THREAD: InputForm = {
  ...LIST,
  hint: 'Write a list of messages, such as [{"role": "user", "content": "Hi"}].',
};
/** Whether an image is one is asked of its content elsewhere. */
const IMAGE: InputForm = { fits: () => true, read: (text) => jsonIn(text, isObject) ?? text, hint: "" };
const MEDIA: InputForm = {
  fits: (value) =>
    typeof value === "string" ||
    (isObject(value) && [value.url, value.source].some((address) => typeof address === "string")),
  read: IMAGE.read,
  hint: 'Write a URL, a data URL or base64, or an object such as {"url": "https://..."}.',
};

const FORMS = new Map<string, InputForm>([
  ["string", TEXT],
  ["str", TEXT],
  ["integer", WHOLE],
  ["int", WHOLE],
  ["float", NUMBER],
  ["number", NUMBER],
  ["double", NUMBER],
  ["boolean", BOOLEAN],
  ["bool", BOOLEAN],
  ["array", LIST],
  ["list", LIST],
  ["object", OBJECT],
  ["dict", OBJECT],
  ["thread", THREAD],
  ["image", IMAGE],
  ["file", MEDIA],
  ["audio", MEDIA],
]);

/** The form of a type, in the words of either dialect; undefined for one that takes any value. */
export function formOf(type: string): InputForm | undefined {
  return FORMS.get(type.toLowerCase());
}

/** Whether a value of another form cannot be sent: a message's part is a medium or none. */
export function isMedia(form: InputForm): boolean {
  return form === MEDIA;
}

/** Whether what is written for nothing, an empty cell, is a value of the form all the same. */
export function takesEmptyText(form: InputForm | undefined): boolean {
  return form === undefined || form === TEXT;
}

function numberIn(text: string): number | undefined {
  const value = parseStrictJson(text).value;
  return typeof value === "number" ? value : undefined;
}

function jsonIn(text: string, isOne: (value: unknown) => boolean): unknown {
  const { value } = parseStrictJson(text);
  return isOne(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
