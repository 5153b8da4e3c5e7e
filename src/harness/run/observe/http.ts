import type { HttpAnswer, HttpRequest } from "../../scenario/scenario.generated.ts";
import { requestHttp } from "../http-request.ts";
import { inspectNamed } from "./container-facts.ts";
import type { ObservedEngine, Scene } from "./engine.ts";
import type { Observation } from "./observation.ts";
import { say, type Said } from "../../plan/sayings.ts";

/** What a request is answered with. */
export async function observeHttp({ request }: HttpAnswer, scene: Scene): Promise<Extract<Observation, { kind: "http" }>> {
  const at = await addressOf(request, scene.engine);
  if (at.problem !== null) return { kind: "http", answer: null, problem: at.problem };
  const answer = await requestHttp(request, { connect: scene.connect, address: at.address, signal: scene.signal });
  return "en" in answer ? { kind: "http", answer: null, problem: answer } : { kind: "http", answer };
}

/** The address of the container that is asked; null when the url's own host is. */
export async function addressOf(
  request: HttpRequest,
  engine: ObservedEngine,
): Promise<{ readonly address: string | null; readonly problem: Said | null }> {
  const name = typeof request === "string" ? undefined : request.container;
  if (name === undefined) return { address: null, problem: null };
  const inspect = await inspectNamed(engine, name);
  if (inspect === null) return { address: null, problem: say("there is no container {0}", name) };
  if (inspect.HostConfig.NetworkMode === "host") return { address: "127.0.0.1", problem: null };
  const address = Object.values(inspect.NetworkSettings.Networks).find(({ IPAddress }) => (IPAddress ?? "") !== "")?.IPAddress ?? null;
  return { address, problem: address === null ? say("container {0} has no address", name) : null };
}
