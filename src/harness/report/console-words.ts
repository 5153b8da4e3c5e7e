import type { Language } from "./reporter.ts";

const EN = {
  passed: "passed",
  failed: "failed",
  errors: "errors",
  skipped: "skipped",
  blocked: "blocked",
  notRun: "not run",
  flaky: "flaky",
  slow: "slow",
  points: "points",
  interrupted: "interrupted",
  engine: "engine",
  kept: "kept at",
  notDone: (count: number): string => (count === 1 ? "1 step was not done any more" : `${count} steps were not done any more`),
  again: "again",
  tries: (count: number): string => `passed at try ${count}`,
  seed: "order: seed",
  stillRunning: (what: string): string => `is still at ${what}`,
  rerun: "run what did not pass again: slipway run --last-failed",
  slowest: "where the time went",
  root: "waiting for roots",
  work: "running",
  closing: "removing roots",
};

const ZH: typeof EN = {
  passed: "通过",
  failed: "失败",
  errors: "错误",
  skipped: "跳过",
  blocked: "受阻",
  notRun: "未运行",
  flaky: "不稳定",
  slow: "缓慢",
  points: "得分",
  interrupted: "已中断",
  engine: "引擎",
  kept: "文件保留在",
  notDone: (count) => `还有 ${count} 个步骤未执行`,
  again: "重现",
  tries: (count) => `第 ${count} 次尝试通过`,
  seed: "随机顺序，种子",
  stillRunning: (what) => `仍在执行 ${what}`,
  rerun: "重新运行未通过的场景：slipway run --last-failed",
  slowest: "耗时",
  root: "等待环境",
  work: "运行",
  closing: "清理环境",
};

/** What the console says, by language. */
export const CONSOLE_WORDS: Readonly<Record<Language, typeof EN>> = { en: EN, zh: ZH };
