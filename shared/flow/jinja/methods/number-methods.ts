import { Float, type Int } from "../values/number.ts";
import type { Methods } from "./method.ts";

export const intMethods: Methods<Int> = {
  bit_length: { parameters: [], call: (self) => bits(self).length },
  bit_count: { parameters: [], call: (self) => bits(self).replaceAll("0", "").length },
  conjugate: { parameters: [], call: (self) => self },
};

export const floatMethods: Methods<number | Float> = {
  is_integer: { parameters: [], call: (self) => self instanceof Float },
  conjugate: { parameters: [], call: (self) => self },
};

function bits(value: Int): string {
  const size = value < 0 ? -BigInt(value) : BigInt(value);
  return size === 0n ? "" : size.toString(2);
}
