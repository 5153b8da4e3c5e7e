import type { EventMessage } from "../../api/types.ts";
import { GoMap, GoStruct, type GoValue } from "../template/go-value.ts";

/** An event as templates meet it, with the older names for the same things. */
export function eventValue(event: EventMessage): GoStruct {
  const attributes = new GoMap("map[string]string", new Map(Object.entries(event.Actor.Attributes)), { missing: "" });
  const actor = new GoStruct(
    "events.Actor",
    new Map<string, GoValue>([
      ["ID", event.Actor.ID],
      ["Attributes", attributes],
    ]),
    { source: event.Actor },
  );
  const fields = new Map<string, GoValue>([
    ["Status", event.status ?? ""],
    ["ID", event.id ?? ""],
    ["From", event.from ?? ""],
    ["Type", event.Type],
    ["Action", event.Action],
    ["Actor", actor],
    ["Scope", event.scope],
    ["Time", event.time],
    ["TimeNano", event.timeNano],
  ]);
  return new GoStruct("*events.Message", fields, { source: event });
}
