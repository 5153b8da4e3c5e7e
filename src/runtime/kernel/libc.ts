import { createRequire } from "node:module";
import { getSystemErrorName } from "node:util";
import type { LibraryHandle } from "koffi";

type Koffi = typeof import("koffi");
type Argument = string | number | bigint | null | Uint8Array;

let loaded: { readonly koffi: Koffi; readonly library: LibraryHandle } | undefined;

/** koffi takes about 15 ms to load, so it is loaded by the first call and never by an import. */
function libc(): { readonly koffi: Koffi; readonly library: LibraryHandle } {
  if (loaded === undefined) {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    // Node itself is linked to the C library, whichever that is (glibc, musl): null names the process.
    loaded = { koffi, library: koffi.load(null) };
  }
  return loaded;
}

/** An error as Node's own system calls throw them: `code`, `errno` (negative), `syscall`, and `path` when there is one. */
export function systemError(errno: number, syscall: string, path?: string): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  const error: NodeJS.ErrnoException = new Error(path === undefined ? `${code}: ${syscall}` : `${code}: ${syscall} '${path}'`);
  error.code = code;
  error.errno = -errno;
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  return error;
}

/**
 * One C function: `result` and `parameters` in koffi's notation (`"int"`, `"str"`, `"uint8_t *"`, …), bound at its first call.
 * The call returns the number that C returned; -1 is thrown as a `systemError`, with the first string argument as its path.
 */
export function cFunction(name: string, result: string, parameters: readonly string[]): (...args: Argument[]) => number {
  let bound: ((...args: Argument[]) => number | bigint) | undefined;
  return (...args) => {
    const { koffi, library } = libc();
    bound ??= library.func(name, result, [...parameters]) as (...args: Argument[]) => number | bigint;
    const value = Number(bound(...args));
    if (value === -1)
      throw systemError(
        koffi.errno(),
        name,
        args.find((arg) => typeof arg === "string"),
      );
    return value;
  };
}

/** ioctl(2) with the address of a value. */
export const ioctl = cFunction("ioctl", "int", ["int", "unsigned long", "uint8_t *"]);
