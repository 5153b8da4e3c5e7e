# What a step that nobody has reason to trust is not to see of its engine, as operations in a mount namespace of its own.
package Hide;
use strict;

# The engine's state, the images that other roots share and the cgroups are out of reach, but for the socket; what hides them cannot be undone,
# for the capabilities to do so are given up.
sub engine {
    my $root = "/run/slipway/root";
    my @void = ("tmpfs", 1 | 2 | 4 | 8, "mode=755");
    return (
        ["clone_tree", "socket", "$root/docker.sock", "", 0],
        ["make_fs", "store", @void], ["attach", "store", "/run/slipway/store"],
        ["make_fs", "sandbox", @void], ["attach", "sandbox", "/run/slipway/sandbox"],
        ["make_fs", "root", "tmpfs", 2 | 4 | 8, "mode=755"], ["attach", "root", $root],
        ["attach", "socket", "$root/docker.sock"],
        ["set_readonly", $root, ""],
        ["set_readonly", "/sys", 1],
    );
}

1;
