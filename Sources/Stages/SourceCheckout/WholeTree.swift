import GitRepository
import Synchronization

/// The tree of a checkout, walked at most once, by whoever needs all of it first.
final class WholeTree: Sendable {
    private let tree: Mutex<CommittedTree?>

    init(_ tree: CommittedTree? = nil) { self.tree = Mutex(tree) }

    /// The tree; others wait while it is read.
    func get(_ read: () throws -> CommittedTree) throws -> CommittedTree {
        try tree.withLock { tree in
            if let tree { return tree }
            let whole = try read()
            tree = whole
            return whole
        }
    }
}
