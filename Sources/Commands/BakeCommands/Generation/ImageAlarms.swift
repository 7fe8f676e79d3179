import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What must not go unseen of an image, wherever it stands: that it was rejected, failed a later test, or came somewhere past
/// gates.
struct ImageAlarms {
    private let generation: GenerationID?
    private let rejection: (reason: String, entry: Int64)?
    private let failures: [FailedTest]
    private let glass: [BrokenGlass]

    init(of found: ResolvedReference, in store: BakeStore) throws {
        generation = found.generation?.id
        rejection = try store.promotion.rejection(of: found.image)
        failures = try store.failedTests(of: found.image)
        glass = try store.promotion.openGlass().filter { $0.move.image == found.image }
    }

    /// A line each.
    var lines: [String] {
        let rejected = rejection.map { "  REJECTED  \($0.reason)  entry \($0.entry)" }
        return [rejected].compactMap(\.self) + failures.map(line) + glass.map(Self.line)
    }

    /// Members of a document: none where all is well.
    var members: [String: JSON] {
        var members: [String: JSON] = [:]
        members["rejected"] = rejection.map { ["reason": .string($0.reason), "entry": .number($0.entry)] }
        if !failures.isEmpty { members["failed-tests"] = .array(failures.map(\.json)) }
        if !glass.isEmpty { members["broken-glass"] = .array(glass.map(Self.json)) }
        return members
    }

    private func line(_ failure: FailedTest) -> String {
        let way = generation.map { ":  bake test \($0) \(failure.test.name)\(failure.options)" } ?? ""
        return "  TEST FAILED  \(failure.text)\(way)"
    }

    private static func line(_ glass: BrokenGlass) -> String {
        "  GLASS BROKEN  \(glass.move.slot)  by \(glass.actor.text): \(glass.move.brokenGlass ?? "")"
            + "  entry \(glass.entry), open:  \(glass.command)"
    }

    private static func json(_ glass: BrokenGlass) -> JSON {
        [
            "slot": .string(glass.move.slot.description), "generation": .string(glass.move.to.description),
            "reason": .string(glass.move.brokenGlass ?? ""), "entry": .number(glass.entry),
        ]
    }
}
