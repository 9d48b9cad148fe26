import * as z from "zod";
import { suggestion } from "./nearest-name.ts";

/** An object that refuses keys it does not know, naming the nearest one and all known. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const keys = (issue as { keys?: string[] }).keys ?? [];
      return keys
        .slice(0, 100)
        .map((key) => `Unknown key ${key}.|${suggestion(key, Object.keys(shape), "keys")}`)
        .join("\n");
    },
  });
}
