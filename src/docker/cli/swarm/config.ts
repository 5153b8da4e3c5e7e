import { messageOf } from "../../../base/errors.ts";
import { StatusError } from "../cli-errors.ts";
import { inspectCommand, listCommand, managerCommand } from "./ask-manager.ts";
import { checkStoredText } from "./stored-text.ts";

/** `docker config …` */
export const create = managerCommand({
  use: "[OPTIONS] CONFIG file|-",
  args: { min: 2, max: 2 },
  flags: "-l, --label list  Config labels\n--template-driver string  Template driver",
  async check({ args: [, file = ""] }, context) {
    try {
      await checkStoredText(file, context);
    } catch (error) {
      throw new StatusError(`Error reading content from ${JSON.stringify(file)}: ${messageOf(error)}`);
    }
  },
});
export const inspect = inspectCommand("CONFIG [CONFIG...]");
export const ls = listCommand();
export const rm = managerCommand({ use: "CONFIG [CONFIG...]", args: { min: 1 }, eachWord: true });
