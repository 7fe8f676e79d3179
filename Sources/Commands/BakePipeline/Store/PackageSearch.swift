import AuditTrail
import BakeModel

/// Where and when slots had a package, in the versions that are asked for.
public struct PackageSearch: Sendable {
    /// A time during which a slot had the same packages of those that were asked for.
    public struct Hit: Sendable {
        /// What it had: `openssl 3.0.14-1~deb12u2 (amd64)`.
        public let packages: [InstalledPackageList.Item]
        /// Where and when, and with which generations.
        public let span: PackageSpan
    }

    /// What was found.
    public struct Result: Sendable {
        /// By slot, each the oldest first.
        public let hits: [Hit]
        /// How many generations have such packages.
        public let generations: Int64
        /// How many of them were never promoted.
        public let unpromoted: Int64
    }

    private let store: BakeStore
    private let question: PackageQuestion
    private static let limit = 64 << 20

    /// Prepares a search.
    public init(store: BakeStore, question: PackageQuestion) {
        self.store = store
        self.question = question
    }

    /// Looks into each list of packages once, however many generations have it.
    public func result() throws -> Result {
        var hits: [Hit] = []
        var (generations, promoted): (Int64, Int64) = (0, 0)
        for use in try store.audit.packageLists() {
            let bytes = try store.blobs.read(use.list, limit: Self.limit)
            let found = (InstalledPackageList(bytes)?.items ?? []).filter {
                $0.name == question.name && question.takes($0.version)
            }
            guard !found.isEmpty else { continue }
            generations += use.generations
            promoted += use.promoted
            hits += try store.audit.packageSpans(of: use.list).map { Hit(packages: found, span: $0) }
        }
        return Result(hits: Self.joined(hits), generations: generations, unpromoted: generations - promoted)
    }

    /// Other packages may change while these stay.
    private static func joined(_ hits: [Hit]) -> [Hit] {
        let bySlot = Dictionary(grouping: hits) { $0.span.slot }
        return bySlot.keys.sorted { $0.description < $1.description }.flatMap { slot in
            (bySlot[slot] ?? []).sorted { $0.span.entry < $1.span.entry }.reduce(into: [Hit]()) { joined, hit in
                if let last = joined.last, last.packages == hit.packages, let span = last.span.joined(with: hit.span) {
                    joined[joined.count - 1] = Hit(packages: last.packages, span: span)
                } else {
                    joined.append(hit)
                }
            }
        }
    }
}
