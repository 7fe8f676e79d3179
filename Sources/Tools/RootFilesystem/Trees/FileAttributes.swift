import BakeModel
import CLinux
import Glibc
import LinuxSystem

/// Which extended attributes belong to a tree, and how they are read and written.
///
/// Kept are file capabilities and what users attach. Left out are labels and lists that belong to a machine
/// (`security.selinux`, ACLs, which umoci loses and which change the mode's meaning), `trusted.*`, which a user
/// namespace cannot write, and the overlay's own.
enum FileAttributes {
    /// The overlay's mark of a directory that hides the one below it.
    static let opaque = "user.overlay.opaque"
    /// Attributes by which bake marks its own directories.
    static let ownPrefix = "user.bake."

    /// What the kernel takes at most, of a value and of a list of names: `XATTR_SIZE_MAX`, `XATTR_LIST_MAX`.
    private static let longest = 65_536

    /// Whether a layer keeps the attribute.
    static func keeps(_ name: String) -> Bool {
        if name == "security.capability" { return true }
        return name.hasPrefix("user.") && !name.hasPrefix("user.overlay.") && !name.hasPrefix(ownPrefix)
    }

    /// Those attributes of a file that a layer keeps.
    static func read(_ path: [CChar], of file: TreePath) throws(SystemError) -> [ExtendedAttribute] {
        var attributes: [ExtendedAttribute] = []
        for name in try names(path, of: file) where keeps(name) {
            attributes.append(ExtendedAttribute(name: name, value: try value(of: name, path, file) ?? []))
        }
        return attributes
    }

    /// One attribute of a file; nil where it has none of that name, or the file system knows none.
    static func value(of name: String, _ path: [CChar], _ file: TreePath) throws(SystemError) -> [UInt8]? {
        try withUnsafeTemporaryAllocation(byteCount: longest, alignment: 1) { value throws(SystemError) in
            let size = clinux_attribute(path, name, value.baseAddress, value.count)
            if size >= 0 { return Array(value[..<size]) }
            if errno == ENODATA || errno == ENOTSUP { return nil }
            throw SystemError("read the attribute \(name) of", "/\(file)")
        }
    }

    /// Attaches an attribute.
    static func write(_ attribute: ExtendedAttribute, to path: [CChar], of file: TreePath) throws(SystemError) {
        try SystemError.check("write the attribute \(attribute.name) of", "/\(file)") {
            clinux_set_attribute(path, attribute.name, attribute.value, attribute.value.count)
        }
    }

    private static func names(_ path: [CChar], of file: TreePath) throws(SystemError) -> [String] {
        try withUnsafeTemporaryAllocation(byteCount: longest, alignment: 1) { list throws(SystemError) in
            let size = clinux_attribute_names(path, list.baseAddress, list.count)
            if size < 0 {
                if errno == ENOTSUP { return [] }
                throw SystemError("list the attributes of", "/\(file)")
            }
            return list[..<size].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
