import { StatusError } from "../cli-errors.ts";
import { inspectCommand, listCommand, managerCommand } from "./ask-manager.ts";
import { checkStoredText } from "./stored-text.ts";

/** `docker secret …` */
export const create = managerCommand({
  use: "[OPTIONS] SECRET [file|-]",
  args: { min: 1, max: 2 },
  flags: `
-d, --driver string  Secret driver
-l, --label list  Secret labels
--template-driver string  Template driver`,
  async check({ flags, args: [, file] }, context) {
    if (flags["driver"] !== "") {
      if (file !== undefined) throw new StatusError("When using secret driver secret data must be empty");
      return;
    }
    if (file === undefined) throw new StatusError("secret file is required");
    await checkStoredText(file, context);
  },
});
export const inspect = inspectCommand("SECRET [SECRET...]");
export const ls = listCommand();
export const rm = managerCommand({ use: "SECRET [SECRET...]", args: { min: 1 }, eachWord: true });
