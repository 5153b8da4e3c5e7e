import { ConflictError, InvalidArgumentError, NotFoundError } from "../../base/errors.ts";
import { shortId } from "../../base/ids.ts";
import type { Digest } from "../../oci/digest.ts";
import type { ImageUsers } from "../images/images.ts";
import type { VolumeUsers } from "../volumes/volumes.ts";
import type { LiveContainer } from "./live-container.ts";
import { isAlive } from "./state.ts";

/** The containers of one root by id, prefix and name. Names are reserved before a container is there, so that two creates cannot both have one. */
export class ContainerRegistry implements ImageUsers, VolumeUsers {
  readonly #byId = new Map<string, LiveContainer>();
  readonly #idByName = new Map<string, string>();

  /** In order of creation. */
  all(): readonly LiveContainer[] {
    return [...this.#byId.values()];
  }

  add(container: LiveContainer): void {
    this.#byId.set(container.id, container);
    this.#idByName.set(container.record.name, container.id);
  }

  remove(container: LiveContainer): void {
    this.#byId.delete(container.id);
    this.release(container.record.name, container.id);
  }

  isNameTaken(name: string): boolean {
    return this.#idByName.has(name);
  }

  /** @throws ConflictError with Docker's text when another container has the name. */
  reserve(name: string, id: string): void {
    const holder = this.#idByName.get(name);
    if (holder !== undefined) {
      throw new ConflictError(
        `Conflict. The container name "/${name}" is already in use by container "${holder}". ` +
          "You have to remove (or rename) that container to be able to reuse that name.",
      );
    }
    this.#idByName.set(name, id);
  }

  release(name: string, id: string): void {
    if (this.#idByName.get(name) === id) this.#idByName.delete(name);
  }

  /**
   * By full id, name, or unambiguous id prefix, in this order.
   * @throws NotFoundError `No such container: x`; InvalidArgumentError `Multiple IDs found with provided prefix: x`.
   */
  get(ref: string): LiveContainer {
    const found = this.find(ref);
    if (!found) throw new NotFoundError(`No such container: ${ref}`);
    return found;
  }

  /** As `get`, but null when there is none. */
  find(ref: string): LiveContainer | null {
    const exact = this.#byId.get(ref) ?? this.#byId.get(this.#idByName.get(ref.replace(/^\//, "")) ?? "");
    if (exact) return exact;
    if (ref === "") return null;
    const matches = [...this.#byId.values()].filter(({ id }) => id.startsWith(ref));
    if (matches.length > 1) throw new InvalidArgumentError(`Multiple IDs found with provided prefix: ${ref}`);
    return matches[0] ?? null;
  }

  containersOf(image: Digest): readonly { readonly id: string; readonly running: boolean }[] {
    return this.all()
      .filter(({ record }) => record.imageId === image)
      .map(({ id, state }) => ({ id: shortId(id), running: isAlive(state) || state.status === "restarting" }));
  }

  containersWith(volume: string): readonly string[] {
    return this.all()
      .filter(({ record }) => record.mounts.some(({ point }) => point.Type === "volume" && point.Name === volume))
      .map(({ id }) => id);
  }
}
