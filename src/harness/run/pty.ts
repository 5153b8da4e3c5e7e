/**
 * The perl program that gives a command a terminal of its own: it opens a pseudo-terminal, makes it the controlling terminal of the
 * command's new session, and copies between it and its own standard input and output. It exits with the command's exit code.
 * Its input comes in frames (see `terminalInput`), so that the window can be resized and closed too.
 * Perl, because it is essential on Debian and needs no native build here; util-linux's `script` knows no sizes,
 * and types keys of its own at the end of input.
 * Arguments: ROWS COLUMNS COMMAND [ARG…]. The requests are of <asm-generic/ioctls.h>.
 */
const PTY_PROGRAM = String.raw`
use strict; use Fcntl; use POSIX ();
my ($rows, $cols, @command) = @ARGV;
use constant { TIOCSPTLCK => 0x40045431, TIOCGPTN => 0x80045430, TIOCSCTTY => 0x540E, TIOCSWINSZ => 0x5414 };
sysopen(my $master, '/dev/ptmx', O_RDWR | O_NOCTTY) or die "slipway: no terminal: /dev/ptmx: $!\n";
my $unlocked = pack('i', 0);
ioctl($master, TIOCSPTLCK, $unlocked) or die "slipway: no terminal: unlock: $!\n";
my $number = pack('i', 0);
ioctl($master, TIOCGPTN, $number) or die "slipway: no terminal: number: $!\n";
my $name = '/dev/pts/' . unpack('i', $number);
# TIOCGPTPEER opens the other end without its path, which these namespaces may not have.
my $peer = ioctl($master, 0x5441, my $flags = O_RDWR | O_NOCTTY);
my $slave;
if (defined $peer) { open($slave, '+<&=', $peer + 0) or die "slipway: no terminal: $!\n" }
else { sysopen($slave, $name, O_RDWR | O_NOCTTY) or die "slipway: no terminal: $name: $!\n" }
my $size = pack('S4', $rows, $cols, 0, 0);
ioctl($slave, TIOCSWINSZ, $size) or die "slipway: no terminal: size: $!\n";
my $child = fork();
die "slipway: fork: $!\n" unless defined $child;
if ($child == 0) {
  close $master;
  POSIX::setsid();
  ioctl($slave, TIOCSCTTY, my $steal = 0) or die "slipway: no terminal: controlling: $!\n";
  POSIX::dup2(fileno($slave), $_) for 0, 1, 2;
  close $slave if fileno($slave) > 2;
  exec { $command[0] } @command or do { print STDERR "slipway: $command[0]: $!\n"; POSIX::_exit(127) };
}
close $slave;
my $status;
$SIG{$_} = sub { kill 'HUP', -$child; kill 'TERM', -$child; } for qw(TERM INT HUP);
$SIG{CHLD} = sub { };
my ($input, $pending) = (1, '');
while (defined $master) {
  if (!defined $status && waitpid($child, POSIX::WNOHANG()) == $child) { $status = $? }
  my $read = '';
  vec($read, fileno($master), 1) = 1;
  vec($read, 0, 1) = 1 if $input;
  # Once the command ended we take what is there already: a background child may keep the terminal open.
  my $ready = select($read, undef, undef, defined $status ? 0.02 : 0.2);
  if ($ready <= 0) { last if defined $status; next }
  if (vec($read, fileno($master), 1)) {
    my $bytes = sysread($master, my $buffer, 65536);
    if (!$bytes) { last if defined $bytes || $! != POSIX::EINTR() } else { put(*STDOUT, $buffer) }
  }
  if ($input && vec($read, 0, 1)) {
    my $bytes = sysread(STDIN, $pending, 65536, length $pending);
    $input = 0 if !$bytes;
    while (length $pending >= 5) {
      my ($kind, $length) = unpack('aN', $pending);
      last if length $pending < 5 + $length;
      my $data = substr($pending, 5, $length);
      substr($pending, 0, 5 + $length) = '';
      if ($kind eq 'i') { put($master, $data) }
      elsif ($kind eq 'r') { my $size = pack('S4', unpack('nn', $data), 0, 0); ioctl($master, TIOCSWINSZ, $size) }
      elsif ($kind eq 'c') { close $master; $master = undef; last }
    }
  }
}
if (!defined $status) { waitpid($child, 0) == $child and $status = $? }
POSIX::_exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
sub put {
  my ($to, $buffer) = @_;
  my $done = 0;
  while ($done < length $buffer) {
    my $n = syswrite($to, $buffer, length($buffer) - $done, $done);
    if (!defined $n) { next if $! == POSIX::EINTR(); return }
    $done += $n;
  }
}
`;

/** The size of a step's terminal, in characters. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** The command that runs `argv` on a terminal of this size; its stdin and stdout are the terminal's other end. */
export function onTerminal(argv: readonly string[], size: TerminalSize): readonly [string, ...string[]] {
  return ["perl", "-e", PTY_PROGRAM, String(size.rows), String(size.columns), ...argv];
}

/** Frames for the program's standard input: a letter, the length in four bytes, the data. */
export const terminalInput = {
  type: (text: string): Buffer => frame("i", Buffer.from(text, "utf8")),
  resize: ({ rows, columns }: TerminalSize): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt16BE(rows, 0);
    size.writeUInt16BE(columns, 2);
    return frame("r", size);
  },
  /** The other end hangs up, as when a window is closed. */
  close: (): Buffer => frame("c", Buffer.alloc(0)),
};

function frame(kind: string, data: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 0, "latin1");
  head.writeUInt32BE(data.length, 1);
  return Buffer.concat([head, data]);
}
