import BakeModel
import Glibc

/// A file of the image. Everything but the contents and their digests is asked of a link itself, as in goss.
final class FileState: ResourceState {
    private let image: ImageState
    /// The path as written; `~` and `~NAME` at its start are home directories.
    private let path: String
    private lazy var absolute = Result { try absolutePath }
    /// Its facts, looked at once: all properties are of one moment.
    private lazy var status = Result { [root] in try root.status(of: try absolute.get()) }

    init(image: ImageState, path: String) {
        self.image = image
        self.path = path
    }

    private var root: any ImageRoot { image.root }

    func value(of property: Property) throws -> FoundValue {
        let path = try absolute.get()
        switch property {
        case .exists: return .bool(try status.get() != nil)
        case .linkedTo: return .text(try linkTarget(of: path))
        case .contents, .contains: return .text(try root.contents(of: path))
        case .md5: return .text(try FileDigest.hex(.md5, of: path, in: root))
        case .sha256: return .text(try FileDigest.hex(.sha256, of: path, in: root))
        case .sha512: return .text(try FileDigest.hex(.sha512, of: path, in: root))
        default: return try fact(property, of: path)
        }
    }

    private func linkTarget(of path: String) throws -> [UInt8] {
        if let facts = try status.get(), facts.kind != S_IFLNK {
            throw StateError(subject: path, reason: "it is no symbolic link")
        }
        return try root.linkTarget(of: path)
    }

    private func fact(_ property: Property, of path: String) throws -> FoundValue {
        guard let status = try status.get() else {
            throw StateError(subject: path, reason: "there is no such file")
        }
        switch property {
        case .mode: return .text(Self.octal(status.mode & 0o7777))
        case .uid: return .number(Int64(try seen(status.user)))
        case .gid: return .number(Int64(try seen(status.group)))
        case .size: return .number(try status.size ?? root.directorySize(of: path))
        case .filetype: return .text(Self.kind(status.kind))
        case .owner: return .text(try name(image.accounts().userName(try seen(status.user)), status.user, "passwd"))
        case .group: return .text(try name(image.accounts().groupName(try seen(status.group)), status.group, "group"))
        default: throw StateError.unasked(property, of: path)
        }
    }

    /// user_namespaces(7): an owner who has no number here is shown as this one.
    private static let nobody: UInt32 = 65_534

    private func seen(_ owner: UInt32) throws -> UInt32 {
        guard image.hidesOwners, owner == Self.nobody else { return owner }
        throw StateError(subject: path, reason: "who owns it is hidden from this user; root sees it")
    }

    private func name(_ name: [UInt8]?, _ number: UInt32, _ file: String) throws -> [UInt8] {
        if let name { return name }
        throw StateError(subject: path, reason: "the image's /etc/\(file) has no entry for \(number)")
    }

    /// The mode in four digits, with set-id and sticky bits.
    private static func octal(_ mode: mode_t) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func kind(_ kind: mode_t) -> String {
        switch kind {
        case S_IFLNK: "symlink"
        case S_IFCHR: "character-device"
        case S_IFBLK: "block-device"
        case S_IFIFO: "pipe"
        case S_IFSOCK: "socket"
        case S_IFDIR: "directory"
        default: "file"
        }
    }

    /// The path from the root, cleaned as text: `..` takes the part before it away, even where that is a link.
    private var absolutePath: String {
        get throws {
            let path = try expandedPath
            if Self.isClean(path) { return path }
            var parts: [Substring] = []
            for part in path.split(separator: "/") where part != "." {
                if part == ".." { _ = parts.popLast() } else { parts.append(part) }
            }
            return "/" + parts.joined(separator: "/")
        }
    }

    /// Whether a path begins at the root and has no part that is empty or begins with a dot, as nearly every path.
    private static func isClean(_ path: String) -> Bool {
        var isPartBegun = true
        for byte in path.utf8 {
            guard isPartBegun || (byte != UInt8(ascii: "/") && byte != UInt8(ascii: ".")) else { return false }
            isPartBegun = byte != UInt8(ascii: "/")
        }
        return path.utf8.first == UInt8(ascii: "/") && isPartBegun
    }

    private var expandedPath: String {
        get throws {
            guard path.hasPrefix("~") else { return path }
            let name = path.dropFirst().prefix { $0 != "/" }
            let user = name.isEmpty ? "root" : String(name)
            guard let home = try image.accounts().user(named: user)?.home else {
                throw StateError(subject: path, reason: "the image has no user \(user)")
            }
            return String(decoding: home, as: UTF8.self) + path.dropFirst(1 + name.count)
        }
    }
}
