import BakeModel
import Glibc
import SourceCheckout
import SpecRun
import Synchronization

/// The files of a commit, for specs that include others and templates that read some. It keeps account of what was read:
/// the bake depends on it.
final class CommitSpecFiles: SpecFiles {
    private let checkout: Checkout
    private let taken = Mutex<Set<TreePath>>([])
    private static let longest = 1 << 20

    init(_ checkout: Checkout) { self.checkout = checkout }

    /// What was read so far.
    var read: Set<TreePath> { taken.withLock { $0 } }

    func contents(of path: String) throws -> [UInt8] { try contents(of: try TreePath(cleaning: path), as: path) }

    /// The bytes of a file of the commit.
    func contents(of path: TreePath, as name: String) throws -> [UInt8] {
        guard !name.hasPrefix("/"), let file = try checkout.file(path), file.mode != .symlink else {
            throw MissingSpecFile(path: name)
        }
        taken.withLock { _ = $0.insert(path) }
        return try checkout.read(file, limit: Self.longest)
    }

    func paths(matching glob: String) throws -> [String] {
        // A glob alone needs the whole tree.
        try checkout.tree.files.filter { $0.mode != .symlink }.map(\.path.description).filter {
            fnmatch(glob, $0, FNM_PATHNAME | FNM_PERIOD) == 0
        }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// A file that a spec needs and the commit does not have.
struct MissingSpecFile: ExplainedError, Hashable {
    let path: String
    var doing: String { "read" }
    var subject: String { path }
    var reason: String { "the commit has no such file" }
    var exit: ExitCode { .usage }
}
