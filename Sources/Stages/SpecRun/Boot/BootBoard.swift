import Foundation

/// Where threads that each look after one image tell how it went, and wait for each other.
final class BootBoard: @unchecked Sendable {
    // NSCondition guards `results`.
    private let condition = NSCondition()
    private var results: [String: Bool] = [:]
    private let names: [String]

    init(_ names: [String]) { self.names = names }

    /// Tells whether everything that is asked of an image is as expected; the first word counts.
    func settle(_ name: String, holds: Bool) {
        condition.lock()
        if results[name] == nil { results[name] = holds }
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until all of these are settled, or one of them does not hold.
    /// - Returns: the first that does not hold; nil where all do.
    func firstFailure(of names: [String]) -> String? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let failed = names.first(where: { results[$0] == false }) { return failed }
            if names.allSatisfy({ results[$0] == true }) { return nil }
            condition.wait()
        }
    }

    /// Waits until every image is settled.
    func awaitAll() {
        condition.lock()
        defer { condition.unlock() }
        while results.count < names.count { condition.wait() }
    }
}
