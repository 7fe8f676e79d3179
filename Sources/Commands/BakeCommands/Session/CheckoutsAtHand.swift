import BakeModel
import BakePipeline
import SourceCheckout
import Synchronization

/// The commits of generations that are to be had without network. Each repository is opened once: a promotion asks for the
/// same few commits again and again.
final class CheckoutsAtHand: Sendable {
    private let session: CommandSession
    private let store: BakeStore
    private let known = Mutex(Known())

    private struct Known {
        var repositories: [RepositoryIdentity: Checkout] = [:]
        var absent: Set<GenerationID> = []
    }

    init(session: CommandSession, store: BakeStore) {
        self.session = session
        self.store = store
    }

    /// The commit of a generation; nil where no repository at hand has it.
    func find(_ record: GenerationRecord) -> Checkout? {
        known.withLock { known in
            if known.absent.contains(record.id) { return nil }
            let repository = RepositoryIdentity(record.source)
            if let found = known.repositories[repository].flatMap({ try? $0.sibling(record.commit.id) }) {
                return found
            }
            guard let found = session.checkoutAtHand(of: record, store) else {
                known.absent.insert(record.id)
                return nil
            }
            known.repositories[repository] = found
            return found
        }
    }

    /// Ends what reads the repositories: nothing is to wait for hours beside whoever waits.
    func close() { known.withLock { $0 = Known() } }
}
