# System calls from perl, and the operations (kernel/ops.ts) on a process itself: what init.pl has of them, and all that a step's enter.pl needs.
package Init;
use strict;

our (%nr, %op);

my ($AT_FDCWD, $O_CLOEXEC) = (-100, 02000000);

# Dies with [errno, what]; numbers must be numbers and strings must be strings, for that is how `syscall` tells integers from pointers.
sub call {
    my ($name, @args) = @_;
    my $result = syscall($nr{$name}, @args);
    die [$! + 0, $name] if $result == -1;
    return $result;
}

sub text { my $copy = "$_[0]"; return $copy }

sub fail { my ($errno, $what) = @_; die [$errno, $what] }

sub open_path {
    my ($path, $flags) = @_;
    my $name = text($path);
    my $fd = syscall($nr{openat}, $AT_FDCWD, $name, $flags | $O_CLOEXEC, 0);
    fail($! + 0, "open $path") if $fd == -1;
    return $fd;
}

sub close_fd { syscall($nr{close}, $_[0]) }

sub write_all {
    my ($path, $content) = @_;
    sysopen(my $file, $path, 1) or fail($! + 0, "open $path");
    defined syswrite($file, $content) or fail($! + 0, "write $path");
    close $file or fail($! + 0, "write $path");
}

%op = (
    unshare => sub { call("unshare", $_[0] + 0) },

    # Joins all the namespaces named; each is opened before the first is joined, for then the paths may be gone.
    setns => sub {
        my @opened = map { open_path($_, 0) } @_;
        # Where this process is already it stays: the host's network, in an engine that has no other, may not be joined.
        my $place = sub { my @at = stat($_[0]); @at ? "$at[0]:$at[1]" : "" };
        my %own = map { $place->("/proc/self/ns/$_") => 1 } qw(net ipc uts);
        my @left = grep { !$own{ $place->("/proc/self/fd/$_") || "nowhere" } } @opened;
        for my $fd (@left) { call("setns", $fd, 0) }
        close_fd($_) for @opened;
    },

    rlimit => sub {
        my ($resource, $soft, $hard) = @_;
        my $limit = pack "Q2", $soft, $hard;
        call("prlimit64", 0, $resource + 0, $limit, 0);
    },

    # Keeps only the named capabilities in the bounding set.
    bound => sub {
        my %keep = map { $_ => 1 } @_;
        for my $capability (0 .. 63) {
            next if $keep{$capability};
            last if syscall($nr{prctl}, 23, $capability, 0, 0, 0) == -1;
            call("prctl", 24, $capability, 0, 0, 0);
        }
    },

    session_keyring => sub { call("keyctl", 1, 0, 0, 0, 0) },

    # A filter (seccomp(2)) by which socket(AF_VSOCK, ...) fails as where there are none: by x86-64's number, with x32's bit or without, by i386's, which has
    # socketcall besides, of which a filter sees no arguments, and by aarch64's.
    no_vsock => sub {
        my ($load, $and, $equal, $return) = (0x20, 0x54, 0x15, 0x06);
        my $filter = pack "(S C C L)*",
            $load, 0, 0, 4,
            $equal, 0, 3, 0xc000003e, $load, 0, 0, 0, $and, 0, 0, 0xbfffffff, $equal, 7, 9, 41,
            $equal, 0, 3, 0x40000003, $load, 0, 0, 0, $equal, 7, 0, 102, $equal, 3, 5, 359,
            $equal, 0, 4, 0xc00000b7, $load, 0, 0, 0, $equal, 0, 2, 198,
            $load, 0, 0, 16, $equal, 1, 0, 40,
            $return, 0, 0, 0x7fff0000,
            $return, 0, 0, 0x00050000 | 97;
        my $program = pack "S x6 P", length($filter) / 8, $filter;
        call("prctl", 22, 2, $program, 0, 0);
    },
    no_new_privileges => sub { call("prctl", 38, 1, 0, 0, 0) },
    die_with_parent => sub { call("prctl", 1, $_[0] + 0, 0, 0, 0) },

    # uid, gid, groups…: keeps the permitted capabilities, which `capabilities` then cuts down
    ids => sub {
        my ($uid, $gid, @groups) = @_;
        my $list = pack "L*", @groups;
        # Where only one id is mapped the kernel forbids setgroups, and there are no groups to be in.
        fail($! + 0, "setgroups") if syscall($nr{setgroups}, scalar @groups, $list) == -1 && $! != 1;
        call("prctl", 8, 1, 0, 0, 0);
        call("setresgid", $gid + 0, $gid + 0, $gid + 0);
        call("setresuid", $uid + 0, $uid + 0, $uid + 0);
        call("prctl", 8, 0, 0, 0, 0);
    },

    capabilities => sub {
        my ($low, $high) = @_;
        my ($header, $data) = (pack("L2", 0x20080522, 0), pack("L6", $low, $low, 0, $high, $high, 0));
        call("capset", $header, $data);
    },
);

sub run {
    my ($encoded) = @_;
    my $index = 0;
    for my $operation (unpack "(N/a*)*", $encoded) {
        my ($name, @args) = unpack "(N/a*)*", $operation;
        my $optional = $name =~ s/^\?//;
        eval { ($op{$name} || fail(38, "unknown operation"))->(@args); 1 } or do {
            my $error = $@;
            $error = [0, "$error"] unless ref $error;
            die [@$error, $index, $name] unless $optional;
        };
        $index++;
    }
}

sub encode { return pack "(N/a*)*", map { pack "(N/a*)*", @$_ } @_ }

1;
