# What an engine that was asked to reach the host's network has there, as a child of the keeper: a publisher, which binds sockets on the host and
# hands them to the engine. It ends with the engine or the keeper, whichever goes first.
package Gateway;
use strict;
use warnings;

my ($SOL_SOCKET, $SO_REUSEADDR, $SCM_RIGHTS, $IPPROTO_IPV6, $IPV6_V6ONLY) = (1, 2, 1, 41, 26);
my %kind = (tcp => 1, udp => 2);

# Answers "tcp ADDRESS PORT" by an errno in decimals, 0 with the socket's descriptor beside it (unix(7), SCM_RIGHTS).
sub publish {
    my ($peer) = @_;
    require Socket;
    for (;;) {
        my $length = sysread($peer, my $request, 256);
        next if !defined $length && $! == 4;
        last unless $length;
        my $socket = bound(split / /, $request);
        my $errno = $! + 0;
        if (!defined $socket) { syswrite($peer, $errno); next }
        my $answer = "0";
        my $vector = pack "PQ", $answer, length $answer;
        my $control = pack "Q i i i x4", 20, $SOL_SOCKET, $SCM_RIGHTS, fileno $socket;
        my $message = pack "Q L x4 P Q P Q l x4", 0, 0, $vector, 1, $control, length $control, 0;
        syscall($Init::nr{sendmsg}, fileno $peer, $message, 0);
        close $socket;
    }
}

sub bound {
    my ($protocol, $address, $port) = @_;
    my $six = $address =~ /:/;
    my $family = $six ? Socket::AF_INET6() : Socket::AF_INET();
    my $bytes = Socket::inet_pton($family, $address);
    if (!defined $bytes || !$kind{$protocol}) { $! = 22; return undef }
    socket(my $socket, $family, $kind{$protocol}, 0) or return undef;
    setsockopt($socket, $IPPROTO_IPV6, $IPV6_V6ONLY, 1) or return undef if $six;
    setsockopt($socket, $SOL_SOCKET, $SO_REUSEADDR, 1) or return undef if $protocol eq "tcp";
    bind($socket, $six ? Socket::pack_sockaddr_in6($port, $bytes) : Socket::pack_sockaddr_in($port, $bytes)) or return undef;
    listen($socket, 511) or return undef if $protocol eq "tcp";
    return $socket;
}

1;
