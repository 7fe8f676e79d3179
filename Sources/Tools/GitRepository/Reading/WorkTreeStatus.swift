import BakeModel

/// How the work tree differs from HEAD, as `git status` has it, ignored files left out.
///
/// Files under a clean filter (LFS) or with converted line ends may be listed as modified though git calls them clean:
/// no program that the repository's configuration names is ever run.
public struct WorkTreeStatus: Hashable, Sendable {
    /// Tracked paths that differ from HEAD, staged or not, sorted.
    public let modified: [TreePath]
    /// Paths that are neither tracked nor ignored, sorted.
    public let untracked: [TreePath]
    /// Whether the limit was reached and paths are missing.
    public let isCutOff: Bool

    /// Whether nothing differs.
    public var isClean: Bool { modified.isEmpty && untracked.isEmpty && !isCutOff }

    /// Reads `M` or `?` and a path, each closed by a NUL; a last `+` says that it was cut off.
    init(records bytes: [UInt8]) throws {
        var modified: Set<TreePath> = []
        var untracked: Set<TreePath> = []
        var isCutOff = false
        for record in bytes.split(separator: 0) {
            switch record.first {
            case UInt8(ascii: "M"): modified.insert(try TreePath(cleaning: record.dropFirst()))
            case UInt8(ascii: "?"): untracked.insert(try TreePath(cleaning: record.dropFirst()))
            default: isCutOff = true
            }
        }
        self.modified = modified.sorted()
        self.untracked = untracked.sorted()
        self.isCutOff = isCutOff
    }
}
