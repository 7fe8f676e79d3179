import Testing

@testable import RootFilesystem

/// Where groups are made, by the kernel's tables as cgroups(7) and proc(5) describe them.
@Suite struct ControlGroupPlaceTests {
    private static let unified = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"
    private static let hybrid = """
        33 32 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
        34 32 0:30 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        35 32 0:31 / /sys/fs/cgroup/pids rw,relatime shared:9 - cgroup cgroup rw,pids
        36 32 0:32 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """

    private func place(_ controller: ControlGroupController, _ membership: String, _ mounts: String) -> String? {
        ControlGroupPlace.named(controller, membership: membership, mounts: mounts).map {
            "\($0.version == .first ? 1 : 2) \($0.path)"
        }
    }

    @Test func besideTheUnitOnVersion2() {
        let user = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-u7.scope\n"
        #expect(
            place(.memory, user, Self.unified)
                == "2 /sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice")
        #expect(place(.pids, "0::/init.scope\n", Self.unified) == "2 /sys/fs/cgroup")
        #expect(place(.pids, "0::/\n", Self.unified) == "2 /sys/fs/cgroup")
    }

    @Test func belowTheGroupOnVersion1() {
        let membership = "8:pids:/\n4:memory:/job/7\n1:cpu:/\n0::/\n"
        #expect(place(.memory, membership, Self.hybrid) == "1 /sys/fs/cgroup/memory/job/7")
        #expect(place(.pids, membership, Self.hybrid) == "1 /sys/fs/cgroup/pids")
        #expect(place(.memory, "4:cpu,memory:/a\n", "1 2 0:3 / /g rw - cgroup cgroup rw,cpu,memory\n") == "1 /g/a")
    }

    /// A container mounts a part of the hierarchy: the group is where the mount begins, or not in sight.
    @Test func insideContainers() {
        let mount = "30 24 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw"
        #expect(place(.pids, "0::/docker/abc\n", mount) == "2 /sys/fs/cgroup")
        #expect(place(.pids, "0::/docker/abc/x/y\n", mount) == "2 /sys/fs/cgroup/x")
        #expect(place(.pids, "0::/elsewhere/x\n", mount) == nil)
        #expect(place(.pids, "0::/../x/y\n", Self.unified) == nil)
        #expect(place(.pids, "", Self.unified) == nil)
        #expect(place(.pids, "0::/a\n", "") == nil)
    }
}
