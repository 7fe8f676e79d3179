import AuditTrail
import BakeModel

/// Where images were that have a package, in the versions that are asked for.
public struct PackageSearch: Sendable {
    /// A generation with the packages that were asked for, and where it was.
    public struct Hit: Sendable {
        /// Which generation.
        public let generation: GenerationID
        /// What it has: `openssl 3.0.14-1~deb12u2 (amd64)`.
        public let packages: [InstalledPackageList.Item]
        /// Where it was promoted; empty where it never was.
        public let spans: [AuditSpan]
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
    /// - Returns: the hits in the order of the generations' names.
    public func hits() throws -> [Hit] {
        var hits: [Hit] = []
        for list in try store.audit.packageLists() {
            let bytes = try store.blobs.read(list, limit: Self.limit)
            let found = (InstalledPackageList(bytes)?.items ?? []).filter {
                $0.name == question.name && question.takes($0.version)
            }
            guard !found.isEmpty else { continue }
            hits += try store.audit.generations(having: list).map {
                Hit(generation: $0, packages: found, spans: try store.audit.spans(of: $0))
            }
        }
        return hits.sorted { $0.generation < $1.generation }
    }
}
