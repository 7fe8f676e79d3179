import LinuxSystem

/// Where threads that each look after one image tell how it went, and wait for each other.
final class BootBoard: Sendable {
    private let results = Monitor<[String: Bool]>([:])
    private let names: [String]

    init(_ names: [String]) { self.names = names }

    /// Tells whether everything that is asked of an image is as expected; the first word counts.
    func settle(_ name: String, holds: Bool) {
        results.withLock { results in
            if results[name] == nil { results[name] = holds }
        }
    }

    /// Waits until all of these are settled, or one of them does not hold.
    /// - Returns: the first that does not hold; nil where all do.
    func firstFailure(of names: [String]) -> String? {
        let failed = { @Sendable (results: [String: Bool]) in names.first { results[$0] == false } }
        return results.wait(until: { results in
            failed(results) != nil || names.allSatisfy { results[$0] == true }
        }) { failed($0) }
    }

    /// Waits until every image is settled.
    func awaitAll() {
        results.wait(until: { [names] in $0.count == names.count }) { _ in }
    }
}
