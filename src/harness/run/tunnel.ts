import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Duplex } from "node:stream";

/**
 * Copies between its standard streams and a TCP connection; exits with 3 when nobody is there. Perl, as for terminals (see pty.ts):
 * it is essential on Debian, and joins an engine's network where we ourselves cannot.
 * Arguments: HOST PORT.
 */
const PROGRAM = String.raw`
use strict; use IO::Socket::INET; use IO::Select;
my ($host, $port) = @ARGV;
my $socket = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Proto => 'tcp')
  or do { my $why = $! . ''; $why = $@ if $why eq ''; $why =~ s/^IO::Socket::INET: //; print STDERR $why; exit 3 };
my $select = IO::Select->new($socket, \*STDIN);
while (my @ready = $select->can_read) {
  for my $from (@ready) {
    my $bytes = sysread($from, my $buffer, 65536);
    if (!$bytes) {
      exit 0 if $from == $socket;
      $select->remove($from); shutdown($socket, 1); next;
    }
    my $to = $from == $socket ? \*STDOUT : $socket;
    for (my $done = 0; $done < $bytes;) { my $n = syswrite($to, $buffer, $bytes - $done, $done) or exit 0; $done += $n }
  }
}
`;

/** A connection through a program. */
export interface Tunnel {
  readonly stream: Duplex;
  /** Why there is no connection, as soon as it is known to have ended without one; null when there was one. */
  readonly refused: Promise<string | null>;
  /** Ends it. */
  readonly close: () => void;
}

/** Connects to `host:port` where `enter` leads. */
export function openTunnel(
  enter: (argv: readonly string[]) => readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  { host, port }: { readonly host: string; readonly port: number },
): Tunnel {
  const [file, ...args] = enter(["perl", "-e", PROGRAM, host, String(port)]);
  const child = spawn(file, args, { env, cwd: "/", stdio: "pipe" });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    if (said.length < 1000) said += chunk.toString();
  });
  for (const stream of [child.stdin, child.stdout]) stream.on("error", () => undefined);
  const refused = new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(code === 0 || code === null ? null : said.trim() || `exit code ${code}`));
  });
  const stream = duplexOf(child);
  return { stream, refused, close: () => void child.kill("SIGKILL") };
}

/** As a socket is: what was sent already can be read though the other side takes nothing more. `Duplex.from` would give that up. */
function duplexOf({ stdin, stdout }: ChildProcessWithoutNullStreams): Duplex {
  const stream = new Duplex({
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _, done) => {
      if (stdin.destroyed) done();
      else stdin.write(chunk, () => done());
    },
    final: (done) => {
      if (stdin.destroyed) done();
      else stdin.end(() => done());
    },
  });
  stdout.on("data", (chunk: Buffer) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  stdout.once("end", () => stream.push(null));
  stream.on("error", () => undefined);
  return stream;
}
