import BakeModel
import Glibc

/// The scripts of System V's init and the links that start them. update-rc.d(8).
struct SystemVScripts {
    /// Where the scripts lie.
    static let directory = "/etc/init.d"
    private let root: any ImageRoot

    init(_ root: any ImageRoot) { self.root = root }

    /// Whether there is a script of this name.
    func exists(_ name: String) throws -> Bool { try root.exists("\(Self.directory)/\(name)") }

    /// The numbers N of the `/etc/rcN.d/SnnNAME`, which are the levels that goss counts: `S` is none of them. The name is a
    /// glob, as in goss.
    func runlevels(of name: String) throws -> [String] {
        try root.names(in: "/etc").compactMap { directory in
            guard directory.hasPrefix("rc"), directory.hasSuffix(".d") else { return nil }
            let level = directory.dropFirst(2).dropLast(2)
            guard !level.isEmpty, level.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return try starts(name, in: directory, digits: "[0-9][0-9]") ? String(level) : nil
        }
    }

    /// Whether it is started on the way to a normal system. `is-enabled` of Debian's systemd-sysv-install.
    func isStarted(_ name: String) throws -> Bool {
        try ["rcS.d", "rc5.d"].contains { try starts(name, in: $0, digits: "??") }
    }

    private func starts(_ name: String, in directory: String, digits: String) throws -> Bool {
        try root.names(in: "/etc/\(directory)").contains { fnmatch("S\(digits)\(name)", $0, 0) == 0 }
    }
}
