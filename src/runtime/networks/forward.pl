# Passes the connections of published TCP ports on to a container: its listening sockets are descriptors 3 and up, their ports in the container the
# arguments, and the container's address comes in on standard input, a line each time it changes; with that end this program ends.
#
# A program of its own, since a short connection costs a fourth here of what it costs in Node, whose one thread has an engine to serve besides.
use strict;

my ($AF_INET, $STREAM, $SOL_SOCKET, $SO_ERROR, $SO_LINGER, $TCP, $NODELAY) = (2, 1, 1, 4, 13, 6, 1);
my ($EAGAIN, $EINPROGRESS, $EINTR, $ECONNABORTED) = (11, 115, 4, 103);
my ($MOST, $PIECE) = (1 << 20, 1 << 16);

# By descriptor: what listens, with its port; of each side of a connection the handle, the other side, what is still to be written to it, whether it has
# ended what it says, and whether its own end was told of; `connecting` while the container has not answered.
my (%listens, %handle, %peer, %pending, %ended, %closed, %connecting);
my ($address, $asked, $reads, $writes) = (undef, "", "", "");

sub nonblocking { my ($file) = @_; fcntl($file, 4, fcntl($file, 3, 0) | 04000) }
sub watch { vec($reads, $_[0], 1) = 1 }
sub ignore { vec($reads, $_[0], 1) = 0 }

# Both sides at once; `reset`: as one that was reset.
sub drop {
    my ($fd, $reset) = @_;
    my @sides = ($fd, $peer{$fd});
    for my $side (@sides) {
        vec($_, $side, 1) = 0 for $reads, $writes;
        setsockopt($handle{$side}, $SOL_SOCKET, $SO_LINGER, pack "ii", 1, 0) if $reset;
        delete $_->{$side} for \%peer, \%pending, \%ended, \%closed, \%connecting;
        close delete $handle{$side};
    }
    # There may have been no descriptors for more.
    watch($_) for keys %listens;
}

sub take {
    my ($listener, $port) = @_;
    for (;;) {
        if (!accept(my $client, $listener)) {
            my $errno = $! + 0;
            next if $errno == $EINTR || $errno == $ECONNABORTED;
            ignore(fileno $listener) if $errno != $EAGAIN && %handle;
            return;
        }
        else {
            my $upstream;
            if (!defined $address || !socket($upstream, $AF_INET, $STREAM, 0)) { close $client; next }
            nonblocking($_) for $client, $upstream;
            setsockopt($_, $TCP, $NODELAY, pack "i", 1) for $client, $upstream;
            my ($near, $far) = (fileno $client, fileno $upstream);
            @handle{ $near, $far } = ($client, $upstream);
            @peer{ $near, $far } = ($far, $near);
            @pending{ $near, $far } = ("", "");
            if (connect($upstream, pack "S n a4 x8", $AF_INET, $port, $address)) { watch($near); watch($far) }
            elsif ($! == $EINPROGRESS) { $connecting{$far} = 1; vec($writes, $far, 1) = 1 }
            else { drop($near, 1) }
        }
    }
}

# What is pending for `fd`, as much as it takes; then its peer may say more, or its end is told.
sub flush {
    my ($fd) = @_;
    if (delete $connecting{$fd}) {
        vec($writes, $fd, 1) = 0;
        return drop($fd, 1) if unpack "i", getsockopt($handle{$fd}, $SOL_SOCKET, $SO_ERROR);
        watch($fd);
        watch($peer{$fd});
    }
    if (length $pending{$fd}) {
        my $written = syswrite $handle{$fd}, $pending{$fd};
        return $! == $EAGAIN || $! == $EINTR ? (vec($writes, $fd, 1) = 1) : drop($fd, 1) unless defined $written;
        substr($pending{$fd}, 0, $written) = "";
    }
    my $other = $peer{$fd};
    vec($writes, $fd, 1) = length $pending{$fd} ? 1 : 0;
    watch($other) if length $pending{$fd} < $MOST && !$ended{$other};
    return if length $pending{$fd} || !$ended{$other} || $closed{$fd};
    $closed{$fd} = 1;
    shutdown($handle{$fd}, 1);
    drop($fd, 0) if $closed{$other};
}

sub hear {
    my ($fd) = @_;
    my $other = $peer{$fd};
    my $count = sysread $handle{$fd}, $pending{$other}, $PIECE, length $pending{$other};
    if (!defined $count) { drop($fd, 1) unless $! == $EAGAIN || $! == $EINTR; return }
    if ($count == 0) { $ended{$fd} = 1; ignore($fd) }
    ignore($fd) if length $pending{$other} >= $MOST;
    flush($other);
}

$SIG{PIPE} = "IGNORE";
$0 = "slipway forward";
nonblocking(\*STDIN);
watch(0);
for my $index (0 .. $#ARGV) {
    open(my $listener, "+<&=", 3 + $index) or die "forward: descriptor: $!\n";
    nonblocking($listener);
    $listens{ 3 + $index } = [$listener, $ARGV[$index]];
    watch(3 + $index);
}

for (;;) {
    my ($readable, $writable) = ($reads, $writes);
    next if select($readable, $writable, undef, undef) == -1;
    if (vec($readable, 0, 1)) {
        my $count = sysread STDIN, $asked, 256, length $asked;
        exit 0 if defined $count && $count == 0;
        $address = pack "C4", split /\./, $1 while $asked =~ s/^([\d.]+)\n//;
    }
    for my $fd (keys %handle) {
        flush($fd) if exists $handle{$fd} && vec($writable, $fd, 1);
        hear($fd) if exists $handle{$fd} && vec($readable, $fd, 1);
    }
    for my $fd (keys %listens) { take(@{ $listens{$fd} }) if vec($readable, $fd, 1) }
}
