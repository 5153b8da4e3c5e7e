/** A controller whose signal is aborted with `outer` too, if there is one. */
export function abortWith(outer: AbortSignal | undefined): AbortController {
  const own = new AbortController();
  if (outer?.aborted === true) own.abort(outer.reason);
  else outer?.addEventListener("abort", () => own.abort(outer.reason), { once: true, signal: own.signal });
  return own;
}
