# The way out of an engine that was asked to reach where the host reaches, made from the host's side (way-out.ts has chosen which). Nothing of it
# outlives the keeper: its pair of interfaces goes with the engine's network namespace, its table of nftables with the socket that made it, and its
# program with a pipe of ours.
package WayOut;
use strict;
use warnings;

my ($AF_NETLINK, $SOCK_RAW, $ROUTE, $NETFILTER, $EEXIST, $DONTWAIT) = (16, 3, 0, 12, 17, 0x40);
my ($NEW_LINK, $DELETE_LINK, $NEW_ADDRESS, $CREATE_NEW) = (16, 17, 20, 0x600);
my ($SIOCGIFINDEX, $WNOHANG) = (0x8933, 1);

# How long a program may take until it says that it is up, on a host that has much else to do; one that ends before is not waited for.
my $PATIENCE = 30;

# Makes the way out for the engine whose process 1 is `pid`. Gives what the engine is told of it (KIND INTERFACE ADDRESS/PREFIX GATEWAY, or "none REASON"),
# and a subroutine that takes it away.
sub make {
    my ($set, $pid) = @_;
    my $kind = $set->{way_out};
    return nftables($set, $pid) if $kind eq "nftables";
    return ("none $set->{way_out_facts}", sub {}) if $kind eq "none";
    my ($is_up, $end) = $kind eq "pasta" ? pasta($set, $pid) : slirp($set->{way_out_program}, $pid);
    return ($is_up ? $set->{way_out_facts} : "none $kind did not come up: engine.log has its words", $end);
}

# --- nftables -------------------------------------------------------------------------------------------------------------------

sub nftables {
    my ($set, $pid) = @_;
    my $failed = sub { my $what = shift; return ("none nftables: $what: $!", sub {}) };
    socket(my $route, $AF_NETLINK, $SOCK_RAW, $ROUTE) or return $failed->("netlink");
    socket(my $netfilter, $AF_NETLINK, $SOCK_RAW, $NETFILTER) or return $failed->("netlink");
    for my $candidate (split /\n/, $set->{way_out_candidates}) {
        my ($name, $host, $engine, $batch) = split / /, $candidate;
        $! = ask($route, $NEW_LINK, $CREATE_NEW, veth($name, "uplink", $pid));
        next if $! == $EEXIST;
        return $failed->("make $name") if $!;
        my $request = pack "a16 x24", $name;
        ioctl($route, $SIOCGIFINDEX, $request) or return $failed->("find $name");
        my $index = unpack "x16 l", $request;
        my $end = sub { ask($route, $DELETE_LINK, 0, link_header($index)); close $netfilter };
        $! = ask($route, $NEW_ADDRESS, $CREATE_NEW, address($index, $host)) || netfilter($netfilter, pack "H*", $batch);
        if ($!) { my @answer = $failed->("set up $name"); $end->(); return @answer }
        # As dockerd does; where it was on, nothing changes.
        forward();
        return ("nftables uplink $engine/30 $host", $end);
    }
    return ("none nftables: no subnet is free", sub {});
}

sub forward {
    my $file = "/proc/sys/net/ipv4/ip_forward";
    open(my $switch, "+<", $file) or return;
    return if (readline($switch) // "") =~ /^1/;
    seek $switch, 0, 0;
    syswrite $switch, "1\n";
}

sub attribute { my ($type, $data) = @_; my $bytes = pack("S S", 4 + length $data, $type) . $data; return $bytes . "\0" x (-length($bytes) % 4) }

# struct ifinfomsg; the second is IFF_UP, asked for and to be changed.
sub link_header { my ($index, $up) = @_; return pack "x4 l L L", $index, ($up // 0) x 2 }

# One end here, up; the other as `peer` in the network namespace of `pid` (linux/if_link.h, veth.h).
sub veth {
    my ($name, $peer, $pid) = @_;
    my $other = link_header(0) . attribute(3, "$peer\0") . attribute(19, pack "L", $pid);
    return link_header(0, 1) . attribute(3, "$name\0") . attribute(18, attribute(1, "veth\0") . attribute(2, attribute(1, $other)));
}

# struct ifaddrmsg: AF_INET, 30 bits of prefix.
sub address {
    my ($index, $address) = @_;
    my $bytes = pack "C4", split /\./, $address;
    return pack("C C C C L", 2, 30, 0, 0, $index) . attribute(2, $bytes) . attribute(1, $bytes);
}

# Gives the errno that the kernel answers with, 0 for none.
sub ask {
    my ($socket, $type, $flags, $body) = @_;
    my $message = pack("L S S L L", 16 + length $body, $type, 5 | $flags, 1, 0) . $body;
    send($socket, $message, 0) or return $! + 0;
    return answered($socket);
}

sub netfilter {
    my ($socket, $batch) = @_;
    send($socket, $batch, 0) or return $! + 0;
    return answered($socket);
}

# The kernel has answered by the time that send returns.
sub answered {
    my ($socket) = @_;
    my $errno = 0;
    while (defined recv($socket, my $answer, 65536, $DONTWAIT)) {
        while (length $answer >= 20) {
            my ($length, $type, $code) = unpack "L S x10 l", $answer;
            $errno ||= -$code if $type == 2;
            last if $length < 16;
            substr($answer, 0, ($length + 3) & ~3) = "";
        }
    }
    return $errno;
}

# --- programs -------------------------------------------------------------------------------------------------------------------

# slirp4netns for the network namespace of process `pid`; it ends when the pipe that we hold is closed.
sub slirp {
    my ($program, $pid) = @_;
    pipe(my $end, my $hold);
    pipe(my $ready, my $tell);
    my $child = fork // return (0, sub {});
    if ($child == 0) {
        close $hold;
        close $ready;
        fcntl($_, 2, 0) for $end, $tell;
        no warnings "exec";
        exec $program, "--configure", "--mtu=65520", "--disable-host-loopback", "--userns-path=/proc/$pid/ns/user",
            "--exit-fd=" . fileno $end, "--ready-fd=" . fileno $tell, $pid, "tap0";
        exit 127;
    }
    close $_ for $end, $tell;
    my $wanted = "";
    vec($wanted, fileno $ready, 1) = 1;
    my $is_up = select(my $readable = $wanted, undef, undef, $PATIENCE) && sysread $ready, my $word, 64;
    return ($is_up, sub { close $hold; 1 while waitpid($child, 0) == -1 && $! == 4 });
}

# pasta, the same; it knows no such pipe, so a process of ours holds it. That it is ready it tells by a file.
sub pasta {
    my ($set, $pid) = @_;
    my (undef, $interface, $address, $gateway) = split / /, $set->{way_out_facts};
    my ($engine, $prefix) = split m{/}, $address;
    my $file = "$set->{root}/pasta.pid";
    unlink $file;
    pipe(my $end, my $hold);
    my $holder = fork // return (0, sub {});
    if ($holder == 0) {
        $0 = "slipway way-out $set->{root}";
        $SIG{$_} = "IGNORE" for qw(TERM INT HUP);
        Init::call("prctl", 1, 0, 0, 0, 0);
        # The keeper's other descriptors tell others by their end that it is gone.
        syscall($Init::nr{close_range}, 3, fileno($end) - 1, 0) if fileno $end > 3;
        syscall($Init::nr{close_range}, fileno($end) + 1, 0xffffffff, 0);
        # At its end perl would complain of each descriptor that was closed by its number.
        my $leave = sub { close STDERR; exit };
        # Without pasta there is nothing to hold.
        $SIG{CHLD} = $leave;
        my $child = fork // exit 1;
        if ($child == 0) {
            # One that finds SIGPIPE ignored gives up.
            $SIG{$_} = "DEFAULT" for qw(TERM INT HUP PIPE);
            no warnings "exec";
            exec $set->{way_out_program}, "--foreground", "--stderr", "--quiet", "--ipv4-only", "--config-net", "--ns-ifname", $interface,
                "--address", $engine, "--netmask", $prefix, "--gateway", $gateway, "--dns-forward", $set->{way_out_resolver}, "--no-map-gw",
                qw(--tcp-ports none --udp-ports none --tcp-ns none --udp-ns none), "--pid", $file, $pid;
            exit 127;
        }
        sysread $end, my $nothing, 1;
        $SIG{CHLD} = "DEFAULT";
        kill KILL => $child;
        1 while waitpid($child, 0) == -1 && $! == 4;
        $leave->();
    }
    close $end;
    my $is_up = 0;
    for (1 .. 100 * $PATIENCE) { last if ($is_up = -s $file) || waitpid($holder, $WNOHANG) == $holder; select undef, undef, undef, 0.01 }
    unlink $file;
    return ($is_up, sub { close $hold; 1 while waitpid($holder, 0) == -1 && $! == 4 });
}

1;
