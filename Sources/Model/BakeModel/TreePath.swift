/// A path below some root, as bytes: relative, without empty parts, `.`, `..` or NUL. The empty path is the root itself.
///
/// Paths are bytes on Linux: two names that Unicode calls equal are two files, and a name may be no Unicode at all.
public struct TreePath: Hashable, Sendable, CustomStringConvertible {
    /// The bytes, parts separated by `/`, none at either end.
    public let bytes: [UInt8]

    /// The root.
    public static let root = TreePath(trusted: [])

    /// Why bytes are not a path.
    public enum Fault: Error, Hashable, Sendable {
        /// It contains a NUL byte.
        case containsNUL
        /// A part is `..`.
        case leavesRoot
        /// A part is longer than 255 bytes, or the whole longer than 4,095.
        case tooLong
    }

    /// Cleans what archives and people write (`./a//b/`, a leading `/`), and refuses what could leave the root.
    public init(cleaning raw: some Collection<UInt8>) throws(Fault) {
        let raw = Array(raw)
        bytes = Self.isClean(raw) ? raw : try Self.cleaned(raw)
    }

    /// Whether there is nothing to clean and nothing to refuse, as in nearly every path.
    private static func isClean(_ raw: [UInt8]) -> Bool {
        raw.withUnsafeBufferPointer { raw in
            var start = 0
            for place in 0..<raw.count {
                if raw[place] == 0 { return false }
                guard raw[place] == UInt8(ascii: "/") else { continue }
                guard isCleanPart(UnsafeBufferPointer(rebasing: raw[start..<place])) else { return false }
                start = place + 1
            }
            return raw.isEmpty
                || (raw.count <= 4095 && isCleanPart(UnsafeBufferPointer(rebasing: raw[start..<raw.count])))
        }
    }

    private static func isCleanPart(_ part: UnsafeBufferPointer<UInt8>) -> Bool {
        switch part.count {
        case 0: false
        case 1: part[0] != UInt8(ascii: ".")
        case 2: part[0] != UInt8(ascii: ".") || part[1] != UInt8(ascii: ".")
        default: part.count <= 255
        }
    }

    private static func cleaned(_ raw: [UInt8]) throws(Fault) -> [UInt8] {
        guard !raw.contains(0) else { throw .containsNUL }
        var clean: [UInt8] = []
        for part in raw.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
            guard !part.elementsEqual("..".utf8) else { throw .leavesRoot }
            guard part.count <= 255 else { throw .tooLong }
            if !clean.isEmpty { clean.append(UInt8(ascii: "/")) }
            clean += part
        }
        guard clean.count <= 4095 else { throw .tooLong }
        return clean
    }

    /// Cleans the UTF-8 bytes of text.
    public init(cleaning text: String) throws(Fault) {
        try self.init(cleaning: Array(text.utf8))
    }

    private init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// The parts between the slashes.
    public var parts: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    /// Whether this is the root.
    public var isRoot: Bool { bytes.isEmpty }

    /// The last part; empty for the root.
    public var name: ArraySlice<UInt8> {
        bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
    }

    /// The path of the directory that holds this one; the root for the root.
    public var parent: TreePath {
        TreePath(trusted: Array(bytes[..<(bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0)]))
    }

    /// This path with another below it.
    public func appending(_ other: TreePath) -> TreePath {
        if isRoot { return other }
        if other.isRoot { return self }
        return TreePath(trusted: bytes + [UInt8(ascii: "/")] + other.bytes)
    }

    /// This path with one part below it.
    public func appending(part: some Collection<UInt8>) throws(Fault) -> TreePath {
        let part = Array(part)
        guard !part.contains(UInt8(ascii: "/")), !part.isEmpty else { throw .leavesRoot }
        return appending(try TreePath(cleaning: part))
    }

    /// What follows `ancestor`; nil where this path is neither it nor below it.
    public func relative(to ancestor: TreePath) -> TreePath? {
        if ancestor.isRoot { return self }
        guard bytes.starts(with: ancestor.bytes) else { return nil }
        if bytes.count == ancestor.bytes.count { return .root }
        guard bytes[ancestor.bytes.count] == UInt8(ascii: "/") else { return nil }
        return TreePath(trusted: Array(bytes[(ancestor.bytes.count + 1)...]))
    }

    /// The path as text; bytes that are no UTF-8 are replaced, so this is for people, never for the file system.
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension TreePath: Comparable {
    /// The order of a walk through directories sorted by the bytes of their names: a directory, all below it, its
    /// next sibling. In it `/` sorts before every other byte.
    public static func < (left: TreePath, right: TreePath) -> Bool {
        left.bytes.withUnsafeBytes { left in right.bytes.withUnsafeBytes { precedes(left, $0) } }
    }

    /// The same order of the bytes of two clean paths.
    public static func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        let common = min(left.count, right.count)
        var place = 0
        while place < common, left[place] == right[place] { place += 1 }
        guard place < common else { return left.count < right.count }
        return rank(left[place]) < rank(right[place])
    }

    private static func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }
}
