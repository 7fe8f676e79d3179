import BakeModel
import Glibc
import LinuxSystem

/// The files among which a spec lies: others that it includes, and those that its templates read.
public protocol SpecFiles: Sendable {
    /// The bytes of a file.
    func contents(of path: String) throws -> [UInt8]
    /// The files that fit a glob, sorted by their bytes.
    func paths(matching glob: String) throws -> [String]
}

/// The files of this machine; paths are relative to a directory.
public struct MachineSpecFiles: SpecFiles {
    private let directory: String
    private static let longest = 1 << 20

    /// - Parameter directory: an absolute path.
    public init(relativeTo directory: String) { self.directory = directory }

    public func contents(of path: String) throws -> [UInt8] {
        try Descriptor.open(absolute(path), O_RDONLY | O_NONBLOCK).readAll(limit: Self.longest)
    }

    public func paths(matching glob: String) throws -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        let pattern = glob.hasPrefix("/") ? glob : "\(Self.escaped(directory))/\(glob)"
        guard Glibc.glob(pattern, 0, nil, &found) == 0 else { return [] }
        let prefix = glob.hasPrefix("/") ? 0 : directory.utf8.count + 1
        let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        return paths.map { String($0.utf8.dropFirst(prefix)) ?? $0 }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A path as a pattern that only it fits. glob(7).
    static func escaped(_ path: String) -> String {
        path.reduce(into: "") { text, character in
            if "*?[\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }

    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
}
