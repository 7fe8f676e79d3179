import Glibc
import LinuxSystem

/// A mount in the image's own mount namespace.
struct MountState: ResourceState {
    let path: String
    private let mount: MountTable.Mount?
    private let root: String

    /// Looks it up.
    /// - Parameters:
    ///   - table: /proc/PID/mountinfo of a process in there.
    ///   - root: the path at which this process sees that process's root.
    init(_ path: String, table: String, root: String) throws {
        self.path = path
        self.root = root
        let text = try Descriptor.open(table, O_RDONLY).readAll(limit: 16 << 20)
        mount = MountTable(String(decoding: text, as: UTF8.self)).mounts.first { $0.path == path }
    }

    func value(of property: Property) throws -> FoundValue {
        if property == .exists { return .bool(mount != nil) }
        guard let mount else { throw StateError(subject: path, reason: "nothing is mounted there") }
        switch property {
        case .opts: return .texts(mount.options)
        case .vfsOpts: return .texts(mount.fileSystemOptions)
        case .source: return .text(mount.source)
        case .filesystem: return .text(mount.fileSystem)
        case .usage: return .number(try usage())
        default: throw StateError.unasked(property, of: path)
        }
    }

    /// The used share in percent, rounded; goss counts the blocks that only root may use as free.
    private func usage() throws -> Int64 {
        let directory = try MountedRoot(at: root).handle(at: path)
        var facts = statvfs()
        try SystemError.check("examine the file system of", path) { fstatvfs(directory.number, &facts) }
        guard facts.f_blocks > 0 else { return 0 }
        return Int64((100 * (1 - Double(facts.f_bfree) / Double(facts.f_blocks))).rounded(.toNearestOrAwayFromZero))
    }
}

/// The lines of /proc/PID/mountinfo. proc(5).
struct MountTable {
    /// One line.
    struct Mount: Hashable {
        let path: String
        let options: [String]
        let fileSystem: String
        let source: String
        let fileSystemOptions: [String]
    }

    /// The mounts, in the kernel's order.
    let mounts: [Mount]

    /// Reads the table; lines that are none are left out.
    init(_ text: String) { mounts = text.split(separator: "\n").compactMap(Self.mount) }

    /// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`
    private static func mount(_ line: Substring) -> Mount? {
        let fields = line.split(separator: " ", omittingEmptySubsequences: false).map(unescaped)
        guard let hyphen = fields.firstIndex(of: "-"), hyphen >= 6, fields.count >= hyphen + 4 else { return nil }
        return Mount(
            path: fields[4], options: words(fields[5]), fileSystem: fields[hyphen + 1], source: fields[hyphen + 2],
            fileSystemOptions: words(fields[hyphen + 3]))
    }

    private static func words(_ field: String) -> [String] { field.split(separator: ",").map(String.init) }

    /// Spaces and the like are three octal digits behind a backslash.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), digits.utf8.count == 3, let value = UInt8(digits, radix: 8) {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
