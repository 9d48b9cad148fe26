import { folderOfCaller } from "../shared/settings.ts";
import { runWords } from "./run-words.ts";

process.chdir(folderOfCaller());
// A reader that has seen enough, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

await runWords(process.argv.slice(2));
