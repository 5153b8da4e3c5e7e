import { UnavailableError } from "../../../base/errors.ts";

/** What a daemon answers that is in no swarm, to what a swarm's manager would do. @throws UnavailableError always */
export function notManager(): never {
  throw new UnavailableError(
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  );
}
