import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// A private directory for whoever may read a store and not write to it: unpacked layers and unfinished files.
public struct ReaderWorkspace: Sendable {
    private let directory: PrivateDirectory
    private let program: HelperProgram
    private static let prefix = "bake-reader-"

    /// Its path.
    public var path: String { directory.path }

    /// Makes it, and removes those whose bake was killed.
    /// - Parameters:
    ///   - place: where; on a file system that takes an overlay with user attributes.
    ///   - program: bake itself, which serves the helper that removes.
    /// - Throws: `SystemError`.
    public init(in place: String, program: HelperProgram) throws {
        self.program = program
        for left in PrivateDirectory.abandoned(in: place, prefix: Self.prefix) { Self.remove(left, by: program) }
        directory = try PrivateDirectory(in: place, prefix: Self.prefix)
        for name in ["tmp", "cache"] { try DurableFile.makeDirectories("\(path)/\(name)", mode: 0o700) }
    }

    /// Removes it. Roots hold files of subordinate ids, which only a helper can remove.
    public func remove() { Self.remove(directory, by: program) }

    private static func remove(_ directory: PrivateDirectory, by program: HelperProgram) {
        do { try TreeRemoval.remove(directory.path) } catch {
            try? TreeRemovalHelper.remove(directory.path, by: program)
        }
    }

    /// Works in it; where it has too little room, the error says how to name another place.
    public func explaining<Value>(_ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let error as any ExplainedError {
            throw WorkspaceFull(error, in: path) ?? error
        }
    }
}

/// Too little room for a reader's own unpacked layers, which the store's owner cannot mend.
struct WorkspaceFull: ExplainedError {
    let doing: String
    let subject: String
    let reason: String
    let hint: String? = """
        whoever may not write to the store unpacks images below $TMPDIR, else /var/tmp: make room there, or name another \
        place in TMPDIR
        """

    /// Nil for another error than one of room in this directory.
    init?(_ error: any ExplainedError, in directory: String) {
        let isFull = [ENOSPC, EDQUOT].contains { error.reason.hasPrefix(String(cString: strerror($0))) }
        guard isFull, error.subject.hasPrefix("\(directory)/") else { return nil }
        (doing, subject, reason) = (error.doing, error.subject, error.reason)
    }
}
