import { formatDuration } from "../scenario/duration.ts";
import type { Comparable, File, Text } from "../scenario/scenario.generated.ts";
import type { ExpectationSubject, StepAction } from "./plan.ts";

/** What an expectation is about, in a few words. */
export function describeSubject(subject: ExpectationSubject): { readonly en: string; readonly zh: string } {
  switch (subject.kind) {
    case "exitCode": {
      const code = [subject.expected].flat().join(" / ");
      return { en: `exit code ${code}`, zh: `退出码 ${code}` };
    }
    case "output":
      return subject.stream === "stdout" ? { en: "standard output", zh: "标准输出" } : { en: "standard error", zh: "标准错误" };
    case "response": {
      const [part = "answer"] = Object.keys(subject.expected);
      const zh = { answer: "响应", status: "状态码", headers: "响应头", body: "响应正文" }[part] ?? part;
      return { en: part === "answer" ? part : `${part} of the answer`, zh };
    }
    case "dialogue":
      return { en: "dialogue at the terminal", zh: "终端对话" };
    case "container":
      return named("container", "容器", subject.name, subject.expected);
    case "image":
      return named("image", "镜像", subject.ref, subject.expected);
    case "volume":
      return named("volume", "数据卷", subject.name, subject.expected);
    case "network":
      return named("network", "网络", subject.name, subject.expected);
    case "count": {
      const what = Object.keys(subject.expected).join(", ");
      return { en: `number of ${what}`, zh: `数量:${what}` };
    }
    case "only":
      return {
        en: `nothing else: ${Object.keys(subject.expected).join(", ")}`,
        zh: `没有其他:${Object.keys(subject.expected).join(", ")}`,
      };
    case "difference": {
      const [from, to] = [describeComparable(subject.expected.from), describeComparable(subject.expected.to)];
      return { en: `differences from ${from} to ${to}`, zh: `${from} 与 ${to} 的差异` };
    }
    case "events":
      return { en: "events", zh: "事件" };
    case "http": {
      const { request } = subject.expected;
      const { method = "GET", url, container } = typeof request === "string" ? { url: request } : request;
      const at = container === undefined ? "" : ` (${container})`;
      return { en: `answer to ${method} ${url}${at}`, zh: `对 ${method} ${url}${at} 的响应` };
    }
    case "diff":
      return { en: `changes in container ${subject.container}`, zh: `容器 ${subject.container} 的文件变化` };
    case "file":
      return describeFile(subject.expected);
    case "entries":
      return { en: `entries of ${subject.tar}`, zh: `${subject.tar} 中的条目` };
    case "logs":
      return { en: `logs of container ${subject.container}`, zh: `容器 ${subject.container} 的日志` };
  }
}

function named(en: string, zh: string, name: string, expected: unknown): { en: string; zh: string } {
  const state = typeof expected === "string" ? expected : "";
  return { en: `${en} ${name}${state && ` is ${state}`}`, zh: `${zh} ${name}${state && `:${state}`}` };
}

function describeComparable({ image, container }: Comparable): string {
  return image ?? container ?? "";
}

function describeFile({ container, image, volume, tar, path }: File): { en: string; zh: string } {
  if (container !== undefined) return { en: `${path} in container ${container}`, zh: `容器 ${container} 中的 ${path}` };
  if (image !== undefined) return { en: `${path} in image ${image}`, zh: `镜像 ${image} 中的 ${path}` };
  if (volume !== undefined) return { en: `${path} in volume ${volume}`, zh: `数据卷 ${volume} 中的 ${path}` };
  if (tar !== undefined) return { en: `${path} in ${tar}`, zh: `${tar} 中的 ${path}` };
  return { en: `file ${path}`, zh: `文件 ${path}` };
}

/** What a step does, in a few words: the first line of its command. */
export function describeAction(action: StepAction): string {
  switch (action.kind) {
    case "write":
    case "fixture":
      return `write ${action.path}`;
    case "copy":
      return `copy ${action.from} to ${action.to}`;
    case "http": {
      const { method = "GET", url } = typeof action.request === "string" ? { url: action.request } : action.request;
      return `${method} ${url}`;
    }
    case "wait":
      return `wait for ${action.step}`;
    case "signal":
      return `send ${action.signal} to ${action.step}`;
    case "sleep":
      return action.ms === 0 ? "wait until it is so" : `sleep ${formatDuration(action.ms)}`;
    default:
  }
  const [first = "", ...more] = action.command.trim().split("\n");
  const short = first.length > 100 ? `${first.slice(0, 99)}…` : first;
  return more.length > 0 && !short.endsWith("…") ? `${short} …` : short;
}

/** `text` in one language, or in the other when it has not this one. */
export function textIn(text: Text, language: "en" | "zh"): string {
  if (typeof text === "string") return text;
  return text[language] ?? text.en ?? text.zh ?? "";
}

/** `title: detail`, in both languages. */
export function joinTexts(title: Text, detail: { readonly en: string; readonly zh: string }): Text {
  return { en: `${textIn(title, "en")}: ${detail.en}`, zh: `${textIn(title, "zh")}：${detail.zh}` };
}
