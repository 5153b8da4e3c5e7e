/** An interface's entry in `networks` of `docker stats`. */
export type InterfaceCounters = Readonly<Record<`${"rx" | "tx"}_${"bytes" | "packets" | "errors" | "dropped"}`, number>>;

/** Reads proc_pid_net(5)'s `dev`: two lines of headings, then a line an interface. Loopback is left out, as Docker does. */
export function parseCounters(text: string): Readonly<Record<string, InterfaceCounters>> {
  const counters: Record<string, InterfaceCounters> = {};
  for (const line of text.split("\n").slice(2)) {
    const [name = "", ...fields] = line.trim().split(/[:\s]+/);
    if (name === "" || name === "lo") continue;
    // Eight numbers of what was received, then eight of what was sent.
    const at = (index: number): number => Number(fields[index] ?? 0);
    counters[name] = {
      rx_bytes: at(0),
      rx_packets: at(1),
      rx_errors: at(2),
      rx_dropped: at(3),
      tx_bytes: at(8),
      tx_packets: at(9),
      tx_errors: at(10),
      tx_dropped: at(11),
    };
  }
  return counters;
}
