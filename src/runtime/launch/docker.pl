# The `docker` of an engine's world. Starting Node takes longer than most commands do, so the engine, which has one running, is asked to run the
# command; what it prints, reads and opens is done here, as whoever called. src/docker/cli/served/frames.ts has the protocol.
# Before this text stands: our ($node, $default, @start), where Node is, the engine's address, and what makes Node run our command.
use strict;

$ENV{DOCKER_HOST} = $default if !length($ENV{DOCKER_HOST} // "");

# A terminal and a configuration are for a process of their own. The last two words of its start are enough, and all where somebody has flags of
# his own for Node, which ends with others than those of the snapshot that the words before name.
sub itself {
    my @words = length($ENV{NODE_OPTIONS} // "") ? @start[-2, -1] : @start;
    exec { $node } $node, @words, @ARGV or do { print STDERR "docker: $node: $!\n"; exit 126 }
}
my $config = length($ENV{DOCKER_CONFIG} // "") ? $ENV{DOCKER_CONFIG} : ($ENV{HOME} // "") . "/.docker";
my ($path) = $ENV{DOCKER_HOST} =~ m{^unix://(/.*)}s or itself();
itself() if -t STDIN || -t STDOUT || -t STDERR || -e "$config/config.json";
my $cwd = readlink "/proc/self/cwd" or itself();
itself() if $cwd !~ m{^/} || $cwd =~ / \(deleted\)$/ || length $path > 107;

my $engine;
socket($engine, 1, 1, 0) && connect($engine, pack "Sa*", 1, "$path\0") or itself();
my $line = join "\0", $cwd, scalar @ARGV, @ARGV, map { "$_=$ENV{$_}" } keys %ENV;
my $unsent = "POST /slipway/command HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: slipway\r\nContent-Length: " . length($line) . "\r\n\r\n$line";

my (%caught, $reading, $writing, $unwritten, $temporary, $target);
my $wants_stdin = 0;

# Signals come between any two statements: what they have to say waits for its turn.
my @signals;
sub drop { close $writing if $writing; unlink $temporary if defined $temporary; undef $_ for $writing, $temporary }
sub frame { $unsent .= pack("aN", $_[0], length $_[1]) . $_[1] }
sub flush {
    frame("s", shift @signals) while @signals;
    local $SIG{PIPE} = "IGNORE" if length $unsent;
    while (length $unsent) {
        my $count = syswrite $engine, $unsent;
        if (!defined $count) { next if $! == 4; last }
        substr($unsent, 0, $count) = "";
    }
}
sub put {
    my ($to, $bytes) = @_;
    while (length $bytes) {
        my $count = syswrite $to, $bytes;
        if (!defined $count) {
            if ($! == 4) { flush(); next }
            # Another program at the same file has set it so that nobody waits (11, EAGAIN): we do.
            if ($! == 11) { my $room = ""; vec($room, fileno $to, 1) = 1; select undef, $room, undef, 1; flush(); next }
            return 0 + $!;
        }
        substr($bytes, 0, $count) = "";
    }
    return 0;
}
# An answer of ours: what `$do` gives, or why not.
sub answer { my $do = shift; $! = 0; my $got = $do->(); defined $got ? frame("a", $got) : frame("z", 0 + $! || 5) }
sub lost { drop(); print STDERR "error during connect: the engine went away\n"; exit 1 }

$SIG{$_} = do { my $name = $_; sub { drop(); $SIG{$name} = "DEFAULT"; kill $name => $$ } } for grep { ($SIG{$_} // "") ne "IGNORE" } qw(INT TERM HUP);

my %do = (
    # Whoever reads us may be gone, as in `docker ps | head -1`.
    o => sub { put(*STDOUT, $_[0]) and exit 0 },
    e => sub { put(*STDERR, $_[0]) and exit 1 },
    x => sub { exit $_[0] },
    b => sub { itself() },
    i => sub { $wants_stdin++ },
    s => sub { my $name = shift; $caught{$name} //= $SIG{$name} // "DEFAULT"; $SIG{$name} = sub { push @signals, $name } },
    S => sub { my $name = shift; $SIG{$name} = delete $caught{$name} if exists $caught{$name} },
    k => sub { my $path = shift; answer(sub { stat $path or return; -f _ ? "file" : -d _ ? "directory" : "other" }) },
    r => sub { my $path = shift; answer(sub { sysopen $reading, $path, 0 or return; if (-d $reading) { $! = 21; return } "" }) },
    n => sub { answer(sub { my $bytes; for (;;) { my $count = sysread $reading, $bytes, 262144; return $bytes if defined $count; return if $! != 4 } }) },
    w => sub {
        $target = shift;
        $unwritten = 0;
        answer(sub { my $name = "$target.$$.tmp"; sysopen $writing, $name, 1 | 0100 | 0200, 0600 or return; $temporary = $name; "" });
    },
    p => sub { $unwritten ||= put($writing, $_[0]) },
    c => sub {
        answer(sub {
            $unwritten ||= 0 + $! if !close $writing;
            $unwritten ||= 0 + $! if !$unwritten && !rename $temporary, $target;
            if ($unwritten) { drop(); $! = $unwritten; return }
            undef $_ for $writing, $temporary;
            return "";
        });
    },
    u => sub { drop(); frame("a", "") },
);

my ($received, $upgraded) = ("", 0);
for (;;) {
    flush();
    my $ready = "";
    vec($ready, fileno $engine, 1) = 1;
    vec($ready, 0, 1) = 1 if $wants_stdin;
    # One that came after the flush would wait for the next bytes: not longer than a second.
    if ($wants_stdin || %caught) { next if select($ready, undef, undef, %caught ? 1 : undef) <= 0 }
    if (vec $ready, fileno $engine, 1) {
        my $count = sysread $engine, $received, 262144, length $received;
        next if !defined $count && $! == 4;
        if (!$count) { itself() if !$upgraded; lost() }
    }
    if (!$upgraded) {
        $received =~ s/^(\S+ (\d+).*?)\r\n\r\n//s or next;
        # Another engine than ours.
        itself() if $2 != 101;
        $upgraded = 1;
    }
    while (length $received >= 5) {
        my ($type, $size) = unpack "aN", $received;
        last if length $received < 5 + $size;
        my $payload = substr $received, 5, $size;
        substr($received, 0, 5 + $size) = "";
        ($do{$type} or lost())->($payload);
    }
    if ($wants_stdin && vec $ready, 0, 1) {
        my $count = sysread STDIN, my $bytes, 262144;
        next if !defined $count && ($! == 4 || $! == 11);
        $wants_stdin = $count ? $wants_stdin - 1 : 0;
        frame("i", $count ? $bytes : "");
    }
}
