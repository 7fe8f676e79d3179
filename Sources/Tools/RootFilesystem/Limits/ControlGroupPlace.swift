import Glibc
import LinuxSystem

/// What a control group limits: a controller, by the kernel's name.
enum ControlGroupController: String, CaseIterable {
    case memory
    case pids
}

/// A directory in which groups for a controller can be made: on control groups of version 2 the parent of this process's
/// group (its slice, where systemd rules), on version 1 the group itself. Sources: cgroups(7), cgroup-v2.rst,
/// cgroup-v1/memory.rst.
struct ControlGroupPlace: Hashable {
    /// The two sets of file names that the kernel has.
    enum Version {
        case first
        case second
    }

    /// The directory.
    let path: String
    let version: Version

    /// Where this process may make groups for a controller; nil where it may not.
    static func forThisProcess(_ controller: ControlGroupController) -> ControlGroupPlace? {
        let read = { (path: String) -> String in
            String(decoding: (try? DurableFile.read(path, limit: 4 << 20)) ?? [], as: UTF8.self)
        }
        let place = named(controller, membership: read("/proc/self/cgroup"), mounts: read("/proc/self/mountinfo"))
        guard let place, access(place.path, W_OK | X_OK) == 0, place.offers(controller) else { return nil }
        return place
    }

    /// The place that the kernel's two tables name, whether or not it may be used.
    /// - Parameters:
    ///   - membership: the text of /proc/self/cgroup, `NUMBER:CONTROLLERS:PATH` a line, `0::PATH` for version 2.
    ///   - mounts: the text of /proc/self/mountinfo.
    static func named(_ controller: ControlGroupController, membership: String, mounts: String) -> ControlGroupPlace? {
        let groups = membership.split(separator: "\n")
            .map { $0.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init) }
            .filter { $0.count == 3 }
        let mounts = mounts.split(separator: "\n").compactMap(ControlGroupMount.init)
        if let own = groups.first(where: { $0[1].split(separator: ",").contains { $0 == controller.rawValue } }) {
            let path = mounts.first { $0.holds(controller) }?.directory(of: own[2])
            return path.map { ControlGroupPlace(path: $0, version: .first) }
        }
        guard let own = groups.first(where: { $0[0] == "0" && $0[1].isEmpty }) else { return nil }
        let parent = own[2].lastIndex(of: "/").map { String(own[2][..<$0]) } ?? ""
        let mount = mounts.first(where: \.isUnified)
        // At the top of what is mounted there is no parent in sight.
        let path = mount?.directory(of: parent.isEmpty ? "/" : parent) ?? mount?.directory(of: own[2])
        return path.map { ControlGroupPlace(path: $0, version: .second) }
    }

    /// Whether groups made here have the controller. Where the kernel's own top leaves it to root, it is turned on.
    private func offers(_ controller: ControlGroupController) -> Bool {
        guard version == .second else { return true }
        let file = "\(path)/cgroup.subtree_control"
        let has = {
            let text = (try? DurableFile.read(file, limit: 4096)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return text.split { $0.isWhitespace }.contains { $0 == controller.rawValue }
        }
        if has() { return true }
        try? Descriptor.open(file, O_WRONLY).write("+\(controller.rawValue)".utf8)
        return has()
    }
}

/// A mounted hierarchy of control groups, as /proc/self/mountinfo lists it.
private struct ControlGroupMount {
    let root: String
    let point: String
    let isUnified: Bool
    let options: [Substring]

    init?(line: Substring) {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count > 6, let dash = fields[6...].firstIndex(of: "-"), dash + 3 < fields.count,
            ["cgroup", "cgroup2"].contains(fields[dash + 1])
        else { return nil }
        (root, point) = (fields[3], fields[4])
        isUnified = fields[dash + 1] == "cgroup2"
        options = dash + 3 < fields.count ? fields[dash + 3].split(separator: ",").map { Substring($0) } : []
    }

    func holds(_ controller: ControlGroupController) -> Bool {
        !isUnified && options.contains { $0 == controller.rawValue }
    }

    /// The directory of a group; nil where the mount does not show it.
    func directory(of group: String) -> String? {
        if group == root || root == "/" && group == "/" { return point }
        if root == "/" { return group.hasPrefix("/") && !group.contains("/../") ? point + group : nil }
        return group.hasPrefix(root + "/") ? point + group.dropFirst(root.utf8.count) : nil
    }
}
