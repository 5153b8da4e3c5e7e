import type { Language } from "../report/reporter.ts";

/** What feedback says of itself, in a student's language. */
export interface FeedbackWords {
  readonly student: string;
  readonly points: string;
  readonly handedIn: string;
  readonly hint: string;
  readonly actual: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly step: string;
  readonly skipped: string;
  readonly notYet: string;
  readonly empty: string;
  readonly refused: string;
  readonly fault: string;
  readonly review: string;
  readonly taskFault: string;
  readonly afterDue: string;
  unseen(tasks: number): string;
  unseenChecks(checks: number): string;
  penalty(points: string): string;
  capped(points: string): string;
  late(days: number, percent: string, earned: string): string;
}

export const feedbackWords: Readonly<Record<Language, FeedbackWords>> = {
  en: {
    student: "Student",
    points: "Points",
    handedIn: "What you handed in",
    hint: "Hint",
    actual: "What was there",
    stdout: "It printed",
    stderr: "It printed as errors",
    step: "a step did not do what it should",
    skipped: "not reached",
    notYet: "It was not graded yet.",
    empty: "None of the files that were asked for is there, so nothing could be run.",
    refused: "It was not run, for the reasons below.",
    fault: "It could not be graded yet: something on the course's side broke. You lose no points by that; there is nothing for you to do.",
    review: "It could not be graded: what it ran in broke down under it, more than once. The course will look at it.",
    taskFault: "It could not be judged yet.",
    afterDue: "You will be told about this part after the due time.",
    unseen: (tasks) => `${tasks === 1 ? "One more part is" : `${tasks} more parts are`} in the points, and not told about here.`,
    unseenChecks: (checks) =>
      `${checks === 1 ? "One more check counts" : `${checks} more checks count`} here, and ${checks === 1 ? "is" : "are"} not told about.`,
    penalty: (points) => `${points} points are taken off`,
    capped: (points) => `More than ${points} points cannot be got.`,
    late: (days, percent, earned) =>
      `It came late, on day ${days} after the due time: ${percent} % is taken off the ${earned} points that it earned.`,
  },
  zh: {
    student: "学生",
    points: "得分",
    handedIn: "提交的内容",
    hint: "提示",
    actual: "实际内容",
    stdout: "标准输出",
    stderr: "错误输出",
    step: "有一个步骤没有达到要求",
    skipped: "未执行到",
    notYet: "尚未评分。",
    empty: "没有提交所要求的文件，因此无法运行。",
    refused: "由于以下原因，没有运行该提交。",
    fault: "暂时无法评分：课程一方的系统出了问题。你不会因此失分，也无需做任何事。",
    review: "无法评分：运行它的环境不止一次在它运行时崩溃。课程方会查看。",
    taskFault: "这一部分暂时无法评判。",
    afterDue: "这一部分的反馈将在截止时间之后给出。",
    unseen: (tasks) => `得分还包含另外 ${tasks} 个部分，此处不作说明。`,
    unseenChecks: (checks) => `此部分还有 ${checks} 项检查计入得分，此处不作说明。`,
    penalty: (points) => `扣除 ${points} 分`,
    capped: (points) => `得分最多为 ${points} 分。`,
    late: (days, percent, earned) => `迟交（截止后第 ${days} 天）：从所得的 ${earned} 分中扣除 ${percent}%。`,
  },
};
