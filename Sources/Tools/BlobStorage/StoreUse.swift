import BakeModel
import Glibc
import LinuxSystem

/// That this process uses a store: what is collected meanwhile is not deleted before it ends.
///
/// Time is cut into epochs, numbered from 1, each a lock file in `trash/` that every process of the epoch shares. What a
/// collection takes out of the store in an epoch lies in a directory of its number, where whoever misses it finds it,
/// until no process of that epoch or an earlier one lives. Kernel locks die with their process.
final class StoreUse: Sendable {
    private let lock: FileLock
    /// The epoch in which the process began.
    let epoch: Int

    private init(lock: FileLock, epoch: Int) {
        self.lock = lock
        self.epoch = epoch
    }

    /// Enters the present epoch.
    static func enter(_ trash: Trash) throws -> StoreUse {
        while true {
            let epoch = try trash.epochs().max() ?? 1
            let lock = try FileLock.shared(trash.lockFile(of: epoch))
            // A collection may have begun a new epoch in between.
            if try trash.epochs().max() == epoch { return StoreUse(lock: lock, epoch: epoch) }
        }
    }
}
